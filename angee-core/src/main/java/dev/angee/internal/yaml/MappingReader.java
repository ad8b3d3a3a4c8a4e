package dev.angee.internal.yaml;

import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads one YAML map field by field. Every wrong value becomes a problem and reads as absent, so that one pass finds
 * everything; {@link #finish} reports the keys nobody asked for.
 */
public final class MappingReader {
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|ms|s|m|h)");
    private static final Map<String, Double> NANOS =
            Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

    private final Problems problems;
    private final String path;
    private final Node node;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final Map<String, String> unbuilt = new TreeMap<>();

    public MappingReader(Node node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        if (node instanceof MappingNode mapping) {
            collect(mapping);
        } else if (!isNull(node)) {
            problems.at(node, path, "expected a map, not " + YamlDocument.describe(node));
        }
    }

    private void collect(MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.at(tuple.getKeyNode(), path, "a key must be plain text");
            } else if (key.getValue().equals("<<") && key.getScalarStyle() == ScalarStyle.PLAIN) {
                merge(tuple.getValueNode());
            } else if (keys.containsKey(key.getValue())) {
                problems.at(
                        key,
                        at(key.getValue()),
                        "is written twice; the first stands in line "
                                + YamlDocument.place(keys.get(key.getValue())).line());
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
                problems.at(each, path, "'<<' takes a map or a list of maps");
                continue;
            }
            MappingReader other = new MappingReader(each, path, new Problems(""));
            other.values.forEach((key, value) -> {
                if (values.putIfAbsent(key, value) == null) {
                    problems.remember(at(key), value);
                }
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
        return new java.util.TreeSet<>(values.keySet());
    }

    /** The node of a field; absent if the field is, or is null. */
    public Optional<Node> value(String key) {
        asked.add(key);
        return Optional.ofNullable(values.get(key)).filter(value -> !isNull(value));
    }

    public MappingReader map(String key) {
        Node value = value(key).orElse(null);
        return value == null
                ? new MappingReader(
                        new ScalarNode(org.snakeyaml.engine.v2.nodes.Tag.NULL, "", ScalarStyle.PLAIN),
                        at(key),
                        problems)
                : new MappingReader(value, at(key), problems);
    }

    /** Reads each entry of a map of named things; an entry that reads as empty is left out. */
    public <T> Map<String, T> entries(String key, BiFunction<String, MappingReader, Optional<T>> reader) {
        MappingReader map = map(key);
        Map<String, T> result = new LinkedHashMap<>();
        map.names();
        new java.util.TreeMap<>(map.values).forEach((name, value) -> {
            MappingReader entry = new MappingReader(value, map.at(name), problems);
            reader.apply(name, entry).ifPresent(read -> result.put(name, read));
            entry.finish();
        });
        return result;
    }

    public Optional<String> text(String key) {
        return value(key).flatMap(value -> scalar(value, at(key)));
    }

    public Optional<String> required(String key) {
        Optional<String> text = text(key).filter(value -> !value.isBlank());
        if (text.isEmpty()
                && value(key).filter(value -> !(value instanceof ScalarNode)).isEmpty()) {
            problems.at(node, path, "'" + key + "' is missing");
        }
        return text;
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

    public Optional<Expression> expression(String key) {
        return value(key).flatMap(value -> expression(value, at(key)));
    }

    public List<Expression> expressions(String key) {
        List<Expression> result = new ArrayList<>();
        Node value = value(key).orElse(null);
        if (value instanceof SequenceNode sequence) {
            int index = 0;
            for (Node item : sequence.getValue()) {
                String itemPath = at(key) + "[" + index++ + "]";
                problems.remember(itemPath, item);
                expression(item, itemPath).ifPresent(result::add);
            }
        } else if (value != null) {
            problem(key, "expected a list, not " + YamlDocument.describe(value));
        }
        return result;
    }

    public Map<String, Expression> expressionMap(String key) {
        MappingReader map = map(key);
        Map<String, Expression> result = new LinkedHashMap<>();
        map.names();
        map.values.forEach((name, value) -> {
            String itemPath = map.at(name);
            Optional<Expression> read =
                    isNull(value) ? Optional.of(Expression.literal("")) : expression(value, itemPath);
            read.ifPresent(expression -> result.put(name, expression));
        });
        return result;
    }

    public Map<String, String> textMap(String key) {
        MappingReader map = map(key);
        Map<String, String> result = new LinkedHashMap<>();
        for (String name : map.names()) {
            map.text(name).ifPresent(text -> result.put(name, text));
        }
        return result;
    }

    public OptionalInt integer(String key, int lowest, int highest) {
        Node value = value(key).orElse(null);
        if (value == null) {
            return OptionalInt.empty();
        }
        String text = value instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN
                ? scalar.getValue()
                : "";
        if (!text.matches("-?(0|[1-9][0-9]{0,9})")) {
            problem(
                    key,
                    "expected a whole number, not " + YamlDocument.describe(value)
                            + (text.matches("0[0-9]+") ? "; write it without the leading zero" : ""));
            return OptionalInt.empty();
        }
        long number = Long.parseLong(text);
        if (number < lowest || number > highest) {
            problem(key, number + " is not between " + lowest + " and " + highest);
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) number);
    }

    public Duration duration(String key, Duration standard) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return standard;
        }
        Matcher part = DURATION.matcher(text.get());
        double nanos = 0;
        int at = 0;
        while (part.find() && part.start() == at) {
            nanos += Double.parseDouble(part.group(1)) * NANOS.getOrDefault(part.group(2), 0.0);
            at = part.end();
        }
        if (at == 0 || at != text.get().length()) {
            problem(key, "'" + text.get() + "' is not a duration such as 500ms, 30s or 1h30m");
            return standard;
        }
        return Duration.ofNanos((long) nanos);
    }

    /** A key of the format that this version cannot honour: said plainly, never ignored. */
    public void unbuilt(String key, String instead) {
        unbuilt.put(key, instead);
    }

    public void problem(String key, String message) {
        problems.at(values.getOrDefault(key, node), at(key), message);
    }

    /** Reports every key that no field was read from. */
    public void finish() {
        for (String key : values.keySet()) {
            Node place = keys.getOrDefault(key, node);
            if (unbuilt.containsKey(key)) {
                problems.at(place, at(key), "is not supported yet; " + unbuilt.get(key));
            } else if (!asked.contains(key)) {
                problems.at(place, at(key), "is not a known key" + Suggestion.among(asked, "known", key));
            }
        }
    }

    private Optional<Expression> expression(Node value, String itemPath) {
        Optional<String> text = scalar(value, itemPath);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Expression.parse(text.get()));
        } catch (ExpressionException e) {
            boolean quoted = value instanceof ScalarNode s && s.getScalarStyle() != ScalarStyle.PLAIN;
            problems.within(value, e.offset() + (quoted ? 1 : 0), itemPath, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<String> scalar(Node value, String itemPath) {
        if (value instanceof ScalarNode scalar) {
            if (scalar.getValue().indexOf('\0') < 0) {
                return Optional.of(scalar.getValue());
            }
            problems.at(value, itemPath, "cannot hold a NUL character");
            return Optional.empty();
        }
        problems.at(value, itemPath, "expected text, not " + YamlDocument.describe(value));
        return Optional.empty();
    }

    private String at(String key) {
        return path.isEmpty() ? key : key.isEmpty() ? path : path + "." + key;
    }

    private static boolean isNull(Node value) {
        return value instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && Set.of("", "~", "null", "Null", "NULL").contains(scalar.getValue());
    }
}
