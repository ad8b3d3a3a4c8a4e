package dev.angee.templates.jinja;

import dev.angee.templates.jinja.Node.FilterCall;
import dev.angee.templates.jinja.Node.Parameter;
import dev.angee.templates.jinja.Node.Target;
import dev.angee.templates.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads a whole template. */
final class TemplateParser {
    private static final Set<String> REFUSED =
            Set.of("autoescape", "break", "continue", "debug", "do", "language", "pluralize", "trans", "yield");

    private static final Set<String> EXTRAS = Set.of("varargs", "kwargs", "caller");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private final Targets targets;
    private final Set<String> blocks = new TreeSet<>();

    private TemplateParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
        this.targets = new Targets(tokens);
    }

    /**
     * Reads a template.
     *
     * @throws JinjaException with its place, if the text is no template
     */
    static List<Node> parse(String text) {
        TemplateParser parser = new TemplateParser(new TokenStream(Lexer.tokens(text)));
        List<Node> nodes = parser.body(Set.of());
        if (!parser.tokens.peek().is(Kind.END)) {
            throw parser.tokens.unexpected("expected text or a tag");
        }
        return nodes;
    }

    /** Everything up to a tag with one of these names, of which the name is next. */
    private List<Node> body(Set<String> ends) {
        tokens.deeper();
        List<Node> nodes = new ArrayList<>();
        while (!tokens.peek().is(Kind.END)) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> nodes.add(new Node.Text(token.place(), token.text()));
                case PRINT_BEGIN -> {
                    nodes.add(new Node.Print(token.place(), expressions.tuple()));
                    tokens.expect(Kind.PRINT_END, "the end of the expression, '}}'");
                }
                default -> {
                    if (ends.contains(tokens.peek().text())) {
                        tokens.shallower();
                        return nodes;
                    }
                    nodes.add(tag(token.place(), ends));
                }
            }
        }
        tokens.shallower();
        return nodes;
    }

    private List<Node> bodyUntil(Place begin, String tag) {
        endTag();
        List<Node> body = body(Set.of(tag));
        close(begin, tag);
        return body;
    }

    private void close(Place begin, String tag) {
        if (!tokens.skipName(tag)) {
            throw JinjaException.at(begin, "the tag is not closed; add '{% " + tag + " %}'");
        }
    }

    private void endTag() {
        tokens.expect(Kind.TAG_END, "the end of the tag, '%}'");
    }

    private Node tag(Place place, Set<String> ends) {
        Token name = tokens.expect(Kind.NAME, "the name of a tag");
        Node node = switch (name.text()) {
            case "if" -> condition(place);
            case "for" -> loop(place);
            case "set" -> assignment(place);
            case "filter" -> filterBlock(place);
            case "with" -> with(place);
            case "macro" -> macro(place);
            case "call" -> callBlock(place);
            case "include" -> include(place);
            case "import" -> importAs(place);
            case "from" -> fromImport(place);
            case "block" -> block(place);
            case "extends" -> new Node.Extends(place, expressions.expression());
            default -> throw unknown(name, ends);
        };
        endTag();
        return node;
    }

    private static JinjaException unknown(Token name, Set<String> ends) {
        if (REFUSED.contains(name.text())) {
            return JinjaException.at(name.place(), "the tag '" + name.text() + "' is not supported");
        }
        String hint = ends.isEmpty() ? "" : "; expected one of: " + String.join(", ", new TreeSet<>(ends));
        return JinjaException.at(name.place(), "there is no tag '" + name.text() + "'" + hint);
    }

    private Node condition(Place place) {
        List<Node.Branch> branches = new ArrayList<>();
        Expr condition = expressions.unconditional();
        while (true) {
            endTag();
            branches.add(new Node.Branch(Optional.of(condition), body(Set.of("elif", "else", "endif"))));
            if (tokens.skipName("elif")) {
                condition = expressions.unconditional();
                continue;
            }
            if (tokens.skipName("else")) {
                branches.add(new Node.Branch(Optional.empty(), bodyUntil(place, "endif")));
            } else {
                close(place, "endif");
            }
            return new Node.If(place, branches);
        }
    }

    private Node loop(Place place) {
        Target target = targets.several();
        tokens.expectName("in");
        Expr items = expressions.unconditional();
        Optional<Expr> condition = tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        boolean recursive = tokens.skipName("recursive");
        endTag();
        List<Node> body = body(Set.of("else", "endfor"));
        List<Node> otherwise = List.of();
        if (tokens.skipName("else")) {
            otherwise = bodyUntil(place, "endfor");
        } else {
            close(place, "endfor");
        }
        return new Node.For(place, target, items, condition, recursive, body, otherwise);
    }

    private Node assignment(Place place) {
        Target target = targets.several();
        if (tokens.skipOperator("=")) {
            return new Node.Assign(place, target, expressions.tuple());
        }
        List<FilterCall> filters = new ArrayList<>();
        while (tokens.skipOperator("|")) {
            filters.add(filterCall());
        }
        return new Node.Capture(place, target, filters, bodyUntil(place, "endset"));
    }

    private FilterCall filterCall() {
        Token name = tokens.expect(Kind.NAME, "the name of a filter");
        return new FilterCall(name.place(), name.text(), expressions.filterArguments());
    }

    private Node filterBlock(Place place) {
        List<FilterCall> filters = new ArrayList<>(List.of(filterCall()));
        while (tokens.skipOperator("|")) {
            filters.add(filterCall());
        }
        return new Node.FilterBlock(place, filters, bodyUntil(place, "endfilter"));
    }

    private Node with(Place place) {
        List<Map.Entry<Target, Expr>> values = new ArrayList<>();
        while (!tokens.peek().is(Kind.TAG_END)) {
            Target target = targets.one();
            tokens.expectOperator("=");
            values.add(Map.entry(target, expressions.expression()));
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        return new Node.With(place, values, bodyUntil(place, "endwith"));
    }

    private Node macro(Place place) {
        String name = tokens.expect(Kind.NAME, "the name of the macro").text();
        int begin = tokens.position();
        List<Parameter> parameters = parameters();
        List<Node> body = bodyUntil(place, "endmacro");
        return new Node.MacroOf(place, name, parameters, body, tokens.namesSince(begin, EXTRAS));
    }

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.peek().isOperator(")")) {
            Token name = tokens.expect(Kind.NAME, "the name of a parameter");
            Optional<Expr> standard =
                    tokens.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
            if (standard.isEmpty()
                    && !parameters.isEmpty()
                    && parameters.get(parameters.size() - 1).standard().isPresent()) {
                throw JinjaException.at(name.place(), "a parameter without a default follows one with a default");
            }
            parameters.add(new Parameter(name.text(), standard));
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator(")");
        return parameters;
    }

    private Node callBlock(Place place) {
        List<Parameter> parameters = tokens.peek().isOperator("(") ? parameters() : List.of();
        Expr call = expressions.expression();
        if (!(call instanceof Expr.Call)) {
            throw JinjaException.at(call.place(), "expected a call");
        }
        return new Node.CallBlock(place, call, parameters, bodyUntil(place, "endcall"));
    }

    private Node include(Place place) {
        Expr what = expressions.expression();
        boolean ignoreMissing = false;
        if (tokens.peek().isName("ignore") && tokens.after().isName("missing")) {
            tokens.next();
            tokens.next();
            ignoreMissing = true;
        }
        return new Node.Include(place, what, ignoreMissing, context(true));
    }

    private boolean context(boolean standard) {
        Token token = tokens.peek();
        if ((token.isName("with") || token.isName("without")) && tokens.after().isName("context")) {
            tokens.next();
            tokens.next();
            return token.isName("with");
        }
        return standard;
    }

    private Node importAs(Place place) {
        Expr what = expressions.expression();
        tokens.expectName("as");
        String as = tokens.expect(Kind.NAME, "a name").text();
        return new Node.Import(place, what, as, context(false));
    }

    private Node fromImport(Place place) {
        Expr what = expressions.expression();
        tokens.expectName("import");
        Map<String, String> names = new LinkedHashMap<>();
        boolean withContext = false;
        while (!tokens.peek().is(Kind.TAG_END)) {
            withContext = context(false);
            if (withContext || tokens.peek().is(Kind.TAG_END)) {
                break;
            }
            Token name = tokens.expect(Kind.NAME, "a name");
            if (name.text().startsWith("_")) {
                throw JinjaException.at(name.place(), "names that begin with an underscore cannot be imported");
            }
            String as =
                    tokens.skipName("as") ? tokens.expect(Kind.NAME, "a name").text() : name.text();
            names.put(name.text(), as);
            withContext = context(false);
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        return new Node.FromImport(place, what, names, withContext);
    }

    private Node block(Place place) {
        String name = tokens.expect(Kind.NAME, "the name of the block").text();
        boolean scoped = tokens.skipName("scoped");
        boolean required = tokens.skipName("required");
        if (!blocks.add(name)) {
            throw JinjaException.at(place, "there are two blocks '" + name + "'");
        }
        List<Node> body = bodyUntil(place, "endblock");
        tokens.skipName(name);
        return new Node.Block(place, name, scoped, required, body);
    }
}
