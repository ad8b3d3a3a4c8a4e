package dev.angee.templates.jinja;

import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateText;
import dev.angee.templates.jinja.Node.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs templates: one rendering of one text, with all that it includes. */
final class Rendering {
    private final Machine machine;
    private final Evaluator evaluator;
    private final Scope globals;
    private final Scope inputs;
    private final Library library;

    Rendering(Machine machine, Map<String, Object> inputs, TemplateIncludes texts) {
        this.machine = machine;
        this.evaluator = new Evaluator(machine);
        this.globals = Scope.outermost(Globals.all(machine));
        this.inputs = globals.inner();
        inputs.forEach(this.inputs::set);
        this.library = new Library(machine, texts);
    }

    String render(TemplateText text) {
        Draft out = new Draft(machine.budget());
        template(Template.of(text), inputs.inner(), out, Map.of());
        return out.toString();
    }

    /**
     * Renders a whole text; one that extends another runs for its names and blocks, and then the other is rendered.
     *
     * @param heirs blocks of those that extend this one
     */
    private void template(Template template, Scope scope, Draft out, Map<String, List<Frame.Heir>> heirs) {
        Map<String, List<Frame.Heir>> blocks = new HashMap<>();
        heirs.forEach((name, list) -> blocks.put(name, new ArrayList<>(list)));
        template.blocks()
                .forEach((name, block) ->
                        blocks.computeIfAbsent(name, n -> new ArrayList<>()).add(new Frame.Heir(template, block)));
        Frame frame = new Frame(template, scope, scope, out, blocks);
        scope.set("self", self(frame));
        Optional<Template> parent = Optional.empty();
        for (Node node : template.nodes()) {
            if (node instanceof Node.Extends extending) {
                if (parent.isPresent()) {
                    throw JinjaException.at(node.place(), "a template extends only one other")
                            .named(template.name());
                }
                parent = Optional.of(extended(extending, frame));
            } else {
                run(
                        node,
                        parent.isPresent() ? frame.printingTo(new Draft(machine.budget())) : frame,
                        parent.isPresent());
            }
        }
        parent.ifPresent(other -> {
            machine.budget().deeper();
            template(other, scope, out, blocks);
            machine.budget().shallower();
        });
    }

    private Template extended(Node.Extends extending, Frame frame) {
        try {
            return library.need(frame.template().name(), evaluator.evaluate(extending.what(), frame.scope()));
        } catch (JinjaException e) {
            throw e.placed(extending.place()).named(frame.template().name());
        }
    }

    private Members self(Frame frame) {
        return name -> Optional.ofNullable(frame.blocks().get(name)).map(heirs ->
                (Callable) arguments -> captured(frame, inner -> block(heirs, 0, inner)));
    }

    void run(List<Node> nodes, Frame frame) {
        for (Node node : nodes) {
            run(node, frame, false);
        }
    }

    /** Runs a node; a failure has the place of the innermost that fails. */
    private void run(Node node, Frame frame, boolean skipBlocks) {
        machine.budget().step();
        try {
            if (!(skipBlocks && node instanceof Node.Block)) {
                runPlaced(node, frame);
            }
        } catch (JinjaException e) {
            throw e.placed(node.place()).named(frame.template().name());
        }
    }

    private void runPlaced(Node node, Frame frame) {
        if (node instanceof Node.Text text) {
            frame.out().append(text.text());
        } else if (node instanceof Node.Print print) {
            frame.out().append(machine.text().str(evaluator.evaluate(print.value(), frame.scope())));
        } else if (node instanceof Node.If condition) {
            condition(condition, frame);
        } else if (node instanceof Node.For loop) {
            Loop.run(loop, frame, this, machine, evaluator);
        } else if (node instanceof Node.Assign assign) {
            assign(assign.target(), evaluator.evaluate(assign.value(), frame.scope()), frame.scope());
        } else if (node instanceof Node.Capture capture) {
            String text = captured(frame, inner -> run(capture.body(), inner));
            assign(capture.target(), filtered(capture.filters(), text, frame), frame.scope());
        } else if (node instanceof Node.FilterBlock filter) {
            String text = captured(frame, inner -> run(filter.body(), inner));
            frame.out().append(machine.text().str(filtered(filter.filters(), text, frame)));
        } else if (node instanceof Node.With with) {
            with(with, frame);
        } else {
            runLinked(node, frame);
        }
    }

    private void runLinked(Node node, Frame frame) {
        if (node instanceof Node.MacroOf macro) {
            frame.scope().set(macro.name(), new Macro(macro.name(), macro, frame, this, evaluator));
        } else if (node instanceof Node.CallBlock call) {
            callBlock(call, frame);
        } else if (node instanceof Node.Include include) {
            include(include, frame);
        } else if (node instanceof Node.Import imported) {
            frame.scope().set(imported.as(), new Imported(module(imported.what(), imported.withContext(), frame)));
        } else if (node instanceof Node.FromImport imported) {
            fromImport(imported, frame);
        } else if (node instanceof Node.Block block) {
            List<Frame.Heir> heirs = frame.blocks().getOrDefault(block.name(), List.of());
            block(heirs, 0, block.scoped() ? frame : frame.with(frame.top()));
        } else if (node instanceof Node.Extends) {
            throw JinjaException.of("'extends' stands at the top of a template, in no other tag");
        }
    }

    private void condition(Node.If condition, Frame frame) {
        for (Node.Branch branch : condition.branches()) {
            boolean holds = branch.condition().isEmpty()
                    || Values.isTrue(evaluator.evaluate(branch.condition().get(), frame.scope()));
            if (holds) {
                run(branch.body(), frame);
                return;
            }
        }
    }

    private Object filtered(List<Node.FilterCall> filters, Object value, Frame frame) {
        Object result = value;
        for (Node.FilterCall filter : filters) {
            result = evaluator.filter(filter.name(), result, filter.arguments(), frame.scope());
        }
        return result;
    }

    private void with(Node.With with, Frame frame) {
        Frame inner = frame.inner();
        Map<Target, Object> values = new LinkedHashMap<>();
        with.values().forEach(each -> values.put(each.getKey(), evaluator.evaluate(each.getValue(), frame.scope())));
        values.forEach((target, value) -> assign(target, value, inner.scope()));
        run(with.body(), inner);
    }

    void assign(Target target, Object value, Scope scope) {
        if (target instanceof Target.Variable variable) {
            scope.set(variable.name(), value);
        } else if (target instanceof Target.Field field) {
            Object namespace = scope.find(field.namespace()).orElse(None.NONE);
            if (!(namespace instanceof Namespace fields)) {
                throw JinjaException.at(field.place(), "'" + field.namespace() + "' is no namespace()");
            }
            fields.set(field.name(), value);
        } else {
            List<Target> parts = ((Target.Several) target).parts();
            List<Object> values = Values.items(value);
            if (values.size() != parts.size()) {
                throw JinjaException.of(values.size() + " values for " + parts.size() + " names");
            }
            for (int i = 0; i < parts.size(); i++) {
                assign(parts.get(i), values.get(i), scope);
            }
        }
    }

    private void callBlock(Node.CallBlock block, Frame frame) {
        Node.MacroOf body =
                new Node.MacroOf(block.place(), "caller", block.parameters(), block.body(), java.util.Set.of());
        Expr.Call call = (Expr.Call) block.call();
        Object callee = evaluator.evaluate(call.of(), frame.scope());
        Arguments arguments = evaluator.arguments("the call", call.arguments(), frame.scope());
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        named.put("caller", new Macro("caller", body, frame, this, evaluator));
        Object result = evaluator.call(callee, new Arguments(arguments.function(), arguments.positional(), named));
        frame.out().append(machine.text().str(result));
    }

    private void include(Node.Include include, Frame frame) {
        Object what = evaluator.evaluate(include.what(), frame.scope());
        Optional<Template> template = library.find(frame.template().name(), what);
        if (template.isEmpty()) {
            if (include.ignoreMissing()) {
                return;
            }
            throw library.missing(what);
        }
        Scope scope = visible(include.withContext(), frame);
        machine.budget().deeper();
        template(template.get(), scope, frame.out(), Map.of());
        machine.budget().shallower();
    }

    /** What another text sees: all names, but for the loop it is included in. */
    private Scope visible(boolean context, Frame frame) {
        Scope scope = (context ? frame.scope() : globals).inner();
        scope.set("loop", machine.undefined("'loop' is undefined"));
        return scope;
    }

    /** What another text sets and defines. */
    private Scope module(Expr what, boolean withContext, Frame frame) {
        Template template = library.need(frame.template().name(), evaluator.evaluate(what, frame.scope()));
        Scope scope = visible(withContext, frame);
        machine.budget().deeper();
        template(template, scope, new Draft(machine.budget()), Map.of());
        machine.budget().shallower();
        return scope;
    }

    private void fromImport(Node.FromImport imported, Frame frame) {
        Scope module = module(imported.what(), imported.withContext(), frame);
        imported.names()
                .forEach((name, as) -> frame.scope()
                        .set(
                                as,
                                module.own(name)
                                        .orElseGet(() ->
                                                machine.undefined("the imported template has no '" + name + "'"))));
    }

    private void block(List<Frame.Heir> heirs, int index, Frame frame) {
        Frame.Heir heir = heirs.get(index);
        if (heir.block().required()) {
            throw JinjaException.of("the block '" + heir.block().name() + "' has to be given by what extends this");
        }
        Frame inner = new Frame(heir.template(), frame.scope().inner(), frame.top(), frame.out(), frame.blocks());
        Callable parent = arguments -> {
            if (index + 1 >= heirs.size()) {
                throw JinjaException.of(
                        "super(): there is no block '" + heir.block().name() + "' above");
            }
            return captured(inner, printed -> block(heirs, index + 1, printed));
        };
        inner.scope().set("super", parent);
        machine.budget().deeper();
        run(heir.block().body(), inner);
        machine.budget().shallower();
    }

    /** What is printed in an inner scope. */
    String captured(Frame frame, java.util.function.Consumer<Frame> printing) {
        Draft out = new Draft(machine.budget());
        printing.accept(frame.inner().printingTo(out));
        return out.toString();
    }

    Machine machine() {
        return machine;
    }
}
