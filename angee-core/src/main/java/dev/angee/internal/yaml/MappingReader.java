package dev.angee.internal.yaml;

import dev.angee.document.Problem.Kind;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.internal.Suggestion;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads one YAML map field by field. Every wrong value becomes a problem and reads as absent, so that one pass finds
 * everything; {@link #finish} reports the keys nobody asked for.
 */
public final class MappingReader {
    private static final String INTEGER = "-?(0|[1-9][0-9]{0,9})";

    private final Problems problems;
    private final String path;
    private final Node node;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final Map<String, String> unbuilt = new TreeMap<>();
    private final Map<String, String> refused = new TreeMap<>();

    public MappingReader(Node node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        if (node instanceof MappingNode mapping) {
            collect(mapping);
        } else if (!Scalars.isNull(node)) {
            problems.at(node, path, "expected a map, not " + YamlDocument.describe(node));
        }
    }

    private void collect(MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.at(tuple.getKeyNode(), path, "a key must be plain text", Kind.MEANING);
            } else if (key.getValue().equals("<<") && key.getScalarStyle() == ScalarStyle.PLAIN) {
                merge(tuple.getValueNode());
            } else if (keys.containsKey(key.getValue())) {
                problems.at(
                        key,
                        at(key.getValue()),
                        "is written twice; the first stands in line "
                                + YamlDocument.place(keys.get(key.getValue())).line(),
                        Kind.MEANING);
            } else {
                keys.put(key.getValue(), key);
                values.put(key.getValue(), tuple.getValueNode());
                problems.remember(at(key.getValue()), tuple.getValueNode());
            }
        }
    }

    /** YAML's merge key: what the map itself says wins. */
    private void merge(Node merged) {
        List<Node> maps = merged instanceof SequenceNode sequence ? sequence.getValue() : List.of(merged);
        for (Node each : maps) {
            if (!(each instanceof MappingNode)) {
                problems.at(each, path, "'<<' takes a map or a list of maps", Kind.MEANING);
                continue;
            }
            MappingReader other = new MappingReader(each, path, problems);
            other.values.forEach((key, value) -> {
                values.putIfAbsent(key, value);
                problems.remember(at(key), values.getOrDefault(key, value)); // the other map has noted its own place
            });
        }
    }

    public String path() {
        return path;
    }

    public Node node() {
        return node;
    }

    /** The keys of a map whose keys are names that the user chose, in natural order. */
    public Set<String> names() {
        asked.addAll(values.keySet());
        return new TreeSet<>(values.keySet());
    }

    /** The same keys, in the order in which they are written. */
    public List<String> writtenNames() {
        asked.addAll(values.keySet());
        return List.copyOf(values.keySet());
    }

    /** The node of a field; absent if the field is, or is null. */
    public Optional<Node> value(String key) {
        asked.add(key);
        return Optional.ofNullable(values.get(key)).filter(value -> !Scalars.isNull(value));
    }

    /** A reader for a map inside this one that no key of its own leads to, such as an item of a list. */
    public MappingReader nested(Node item, String itemPath) {
        return new MappingReader(item, itemPath, problems);
    }

    /** Whether something is said there, without asking for it: a key that nothing else asks for stays unknown. */
    public boolean mentions(String key) {
        Node value = values.get(key);
        return value != null && !Scalars.isNull(value) && !Scalars.isEmpty(value);
    }

    /** Whether something is said there; nothing and the empty text are not something. */
    public boolean has(String key) {
        asked.add(key);
        return mentions(key);
    }

    public MappingReader map(String key) {
        Node value = value(key).orElseGet(() -> new ScalarNode(Tag.NULL, "", ScalarStyle.PLAIN));
        return new MappingReader(value, at(key), problems);
    }

    /** Reads a map with keys of its own, if it is there. */
    public <T> Optional<T> map(String key, Function<MappingReader, Optional<T>> reader) {
        if (value(key).isEmpty()) {
            return Optional.empty();
        }
        MappingReader map = map(key);
        Optional<T> read = reader.apply(map);
        map.finish();
        return read;
    }

    /** Reads each entry of a map of named things; an entry that reads as empty is left out. */
    public <T> Map<String, T> entries(String key, BiFunction<String, MappingReader, Optional<T>> reader) {
        MappingReader map = map(key);
        Map<String, T> result = new LinkedHashMap<>();
        map.names();
        new TreeMap<>(map.values).forEach((name, value) -> {
            MappingReader entry = new MappingReader(value, map.at(name), problems);
            reader.apply(name, entry).ifPresent(read -> result.put(name, read));
            entry.finish();
        });
        return result;
    }

    /** The items of a list, each with its path; a lone value is a list of itself where that is allowed. */
    public void items(String key, ListForm form, BiConsumer<String, Node> reader) {
        Node value = value(key).orElse(null);
        if (value instanceof SequenceNode sequence) {
            int index = 0;
            for (Node item : sequence.getValue()) {
                String itemPath = at(key) + "[" + index++ + "]";
                problems.remember(itemPath, item);
                reader.accept(itemPath, item);
            }
        } else if (value instanceof ScalarNode && form == ListForm.OR_SCALAR) {
            if (Scalars.isEmpty(value)) {
                return;
            }
            problems.remember(at(key) + "[0]", value);
            reader.accept(at(key) + "[0]", value);
        } else if (value != null) {
            problem(key, "expected a list, not " + YamlDocument.describe(value));
        }
    }

    /** What may stand for a list. */
    public enum ListForm {
        /** A list. */
        LIST,
        /** A list, or one value in place of a list of one; the empty text in place of an empty list. */
        OR_SCALAR
    }

    /** The text of a field. The empty text says nothing and reads as absent: templates that have nothing to say write it. */
    public Optional<String> text(String key) {
        return value(key).flatMap(value -> scalar(value, at(key))).filter(text -> !text.isEmpty());
    }

    public Optional<String> required(String key) {
        Optional<String> text = text(key).filter(value -> !value.isBlank());
        if (text.isEmpty() && value(key).filter(v -> !(v instanceof ScalarNode)).isEmpty()) {
            missing("'" + key + "' is missing");
        }
        return text;
    }

    /** Something that a map must say; what is no map has been reported as just that. */
    public void missing(String message) {
        if (node instanceof MappingNode || Scalars.isNull(node)) {
            problems.at(node, path, message);
        }
    }

    /** One of some words; anything else is a problem. */
    public Optional<String> word(String key, List<String> words) {
        Optional<String> text = text(key);
        if (text.isPresent() && !words.contains(text.get())) {
            problem(key, "'" + text.get() + "' is not one of " + String.join(", ", words));
            return Optional.empty();
        }
        return text;
    }

    /** Text of some form; a parser says what it means. */
    public <T> Optional<T> form(String key, Function<String, Optional<T>> parser, String expected) {
        Optional<String> text = text(key);
        Optional<T> parsed = text.flatMap(parser);
        if (text.isPresent() && parsed.isEmpty()) {
            problem(key, "'" + YamlDocument.shorten(text.get()) + "' is not " + expected);
        }
        return parsed;
    }

    /** {@code true} or {@code false}, written plainly; no other word of YAML's past. */
    public boolean flag(String key) {
        Node value = value(key).orElse(null);
        if (value == null || Scalars.plain(value).equals("false")) {
            return false;
        }
        if (!Scalars.plain(value).equals("true")) {
            boolean quoted =
                    value instanceof ScalarNode scalar && scalar.getValue().matches("true|false");
            problem(
                    key,
                    "expected true or false, not " + YamlDocument.describe(value)
                            + (quoted ? "; write it without quotes" : ""));
        }
        return true;
    }

    public Optional<Expression> expression(String key) {
        return value(key).flatMap(value -> expression(value, at(key)));
    }

    public List<Expression> expressions(String key) {
        List<Expression> result = new ArrayList<>();
        items(key, ListForm.LIST, (itemPath, item) -> expression(item, itemPath).ifPresent(result::add));
        return result;
    }

    public List<String> texts(String key, ListForm form) {
        List<String> result = new ArrayList<>();
        items(key, form, (itemPath, item) -> text(item, itemPath).ifPresent(result::add));
        return result;
    }

    public Map<String, Expression> expressionMap(String key) {
        MappingReader map = map(key);
        Map<String, Expression> result = new LinkedHashMap<>();
        map.names();
        map.values.forEach((name, value) -> {
            Optional<Expression> read =
                    Scalars.isNull(value) ? Optional.of(Expression.literal("")) : expression(value, map.at(name));
            read.ifPresent(expression -> result.put(name, expression));
        });
        return result;
    }

    public Map<String, String> textMap(String key) {
        MappingReader map = map(key);
        Map<String, String> result = new LinkedHashMap<>();
        for (String name : map.names()) {
            Optional<String> text = map.has(name) ? map.text(name) : Optional.of("");
            text.ifPresent(value -> result.put(name, value));
        }
        return result;
    }

    public OptionalInt integer(String key, int lowest, int highest) {
        return value(key).map(value -> integer(value, at(key), lowest, highest)).orElse(OptionalInt.empty());
    }

    public OptionalInt integer(Node value, String itemPath, int lowest, int highest) {
        String text = Scalars.plain(value);
        if (!text.matches(INTEGER)) {
            String hint = text.matches("0[0-9]+")
                    ? "; write it without the leading zero"
                    : value instanceof ScalarNode scalar && scalar.getValue().matches(INTEGER)
                            ? "; write it without quotes"
                            : "";
            problems.at(value, itemPath, "expected a whole number, not " + YamlDocument.describe(value) + hint);
            return OptionalInt.empty();
        }
        long number = Long.parseLong(text);
        if (number < lowest || number > highest) {
            problems.at(value, itemPath, number + " is not between " + lowest + " and " + highest);
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) number);
    }

    public Optional<Duration> duration(String key) {
        Optional<String> text =
                form(key, t -> Optional.of(t).filter(Scalars::isDuration), "a duration such as 500ms, 30s or 1h30m");
        Optional<Duration> duration = text.flatMap(Scalars::duration);
        if (text.isPresent() && duration.isEmpty()) {
            contradiction(key, "'" + YamlDocument.shorten(text.get()) + "' is longer than 292 years");
        }
        return duration;
    }

    public OptionalLong size(String key) {
        return form(key, text -> boxed(Scalars.size(text)), "a size such as 512m, 4g or 65536")
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    public OptionalInt milliCpus(String key) {
        return form(key, text -> boxed(Scalars.milliCpus(text)), "a number of CPUs such as 2 or 0.5")
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    public Optional<Instant> time(String key) {
        Optional<String> text = form(
                key,
                t -> Optional.of(t).filter(each -> Scalars.TIME.matcher(each).matches()),
                "a time such as 2026-01-31T12:00:00Z");
        try {
            return text.map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
        } catch (DateTimeParseException e) {
            contradiction(key, "there is no such time; the calendar has no day like this, or the day no hour");
            return Optional.empty();
        }
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }

    private static Optional<Integer> boxed(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    /** A key of the format that this version cannot honour: said plainly, never ignored. */
    public void unbuilt(String key, String instead) {
        unbuilt.put(key, instead);
    }

    /** A key that other formats know and this one will not have. */
    public void refused(String key, String why) {
        refused.put(key, why);
    }

    public void problem(String key, String message) {
        problems.at(values.getOrDefault(key, node), at(key), message);
    }

    /** A problem with a key itself. */
    public void keyProblem(String key, String message) {
        problems.at(keys.getOrDefault(key, node), at(key), message);
    }

    /** Notes that what stands at a place is known by another path too, unless something else is already. */
    public void remember(String otherPath, Node value) {
        problems.places().putIfAbsent(otherPath, YamlDocument.place(value));
    }

    /** Values that are right each by itself but not together. */
    public void contradiction(String key, String message) {
        problems.at(values.getOrDefault(key, node), at(key), message, Kind.MEANING);
    }

    /** Reports every key that no field was read from. */
    public void finish() {
        for (String key : values.keySet()) {
            Node place = keys.getOrDefault(key, node);
            if (unbuilt.containsKey(key)) {
                problems.at(place, at(key), "is not supported yet; " + unbuilt.get(key), Kind.UNSUPPORTED);
            } else if (refused.containsKey(key)) {
                problems.at(place, at(key), refused.get(key));
            } else if (!asked.contains(key)) {
                problems.at(place, at(key), "is not a known key" + Suggestion.among(asked, "known", key));
            }
        }
    }

    public Optional<Expression> expression(Node value, String itemPath) {
        Optional<String> text = scalar(value, itemPath);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Expression.parse(text.get()));
        } catch (ExpressionException e) {
            problems.within(value, e.offset(), itemPath, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The text of an item, which may be empty; an item that says nothing is the empty text. */
    public Optional<String> text(Node item, String itemPath) {
        return scalar(item, itemPath);
    }

    private Optional<String> scalar(Node value, String itemPath) {
        if (!(value instanceof ScalarNode scalar)) {
            problems.at(value, itemPath, "expected text, not " + YamlDocument.describe(value));
            return Optional.empty();
        }
        if (scalar.getValue().indexOf('\0') >= 0) {
            problems.at(value, itemPath, "cannot hold a NUL character");
            return Optional.empty();
        }
        if (Scalars.isNull(value)) {
            return Optional.of("");
        }
        return Optional.of(scalar.getValue());
    }

    private String at(String key) {
        return path.isEmpty() ? key : key.isEmpty() ? path : path + "." + key;
    }
}
