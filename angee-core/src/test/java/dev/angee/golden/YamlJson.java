package dev.angee.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * YAML as the JSON that an editor validates: the core schema of YAML 1.2, in which {@code yes}, {@code off} and
 * {@code 1_000} are text. A number is one only if it is written as JSON would write it, with at most 15 digits: the core
 * schema also takes {@code 0x10}, {@code 1.0}, {@code 1e3} and {@code +5} for numbers and {@code True} for a boolean,
 * which the reader refuses where it wants an integer or a flag, and no JSON schema can see how a number was written. So an
 * editor lets those pass, and the reader has the last word.
 */
final class YamlJson {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?");
    private static final int MOST_DIGITS = 15;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private YamlJson() {}

    static JsonNode of(Node node) {
        if (node instanceof MappingNode mapping) {
            return map(mapping);
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = JSON.arrayNode();
            sequence.getValue().forEach(item -> array.add(of(item)));
            return array;
        }
        ScalarNode scalar = (ScalarNode) node;
        String text = scalar.getValue();
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return JSON.textNode(text);
        }
        if (NULLS.contains(text)) {
            return JSON.nullNode();
        }
        if (text.equals("true") || text.equals("false")) {
            return JSON.booleanNode(text.equals("true"));
        }
        boolean number = NUMBER.matcher(text).matches()
                && !text.equals("-0")
                && text.chars().filter(Character::isDigit).count() <= MOST_DIGITS;
        return number ? DecimalNode.valueOf(new BigDecimal(text)) : JSON.textNode(text);
    }

    /** Of a key that stands there twice the first counts, and of merged maps what the map itself says. */
    private static JsonNode map(MappingNode mapping) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && !isMerge(key) && !object.has(key.getValue())) {
                object.set(key.getValue(), of(tuple.getValueNode()));
            }
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && isMerge(key)) {
                Node merged = tuple.getValueNode();
                List<Node> maps = merged instanceof SequenceNode list ? list.getValue() : List.of(merged);
                for (Node each : maps) {
                    if (each instanceof MappingNode) {
                        of(each).properties().forEach(entry -> object.putIfAbsent(entry.getKey(), entry.getValue()));
                    }
                }
            }
        }
        return object;
    }

    private static boolean isMerge(ScalarNode key) {
        return key.getValue().equals("<<") && key.getScalarStyle() == ScalarStyle.PLAIN;
    }
}
