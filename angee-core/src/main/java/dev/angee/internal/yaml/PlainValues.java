package dev.angee.internal.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Nodes as plain values, with the words and whole numbers of YAML 1.1: {@code yes} is true and {@code 010} is eight. That is what
 * templates in Copier's format are written for; nothing else here reads them so. Merge keys, sexagesimal numbers and times stay text.
 */
public final class PlainValues {
    private static final Set<String> TRUE = Set.of("yes", "true", "on");
    private static final Set<String> FALSE = Set.of("no", "false", "off");
    private static final Pattern WORD = Pattern.compile("[a-z]+|[A-Z][a-z]*|[A-Z]+");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    private static final Pattern OCTAL = Pattern.compile("[-+]?0[0-7_]+");
    private static final Pattern HEX = Pattern.compile("[-+]?0x[0-9a-fA-F_]+");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?([0-9][0-9_]*\\.[0-9_]*([eE][-+][0-9]+)?|\\.[0-9][0-9_]*([eE][-+][0-9]+)?)");

    private PlainValues() {}

    /** The value of a node: a map, a list, text, a Boolean, a Long, a Double, or an empty Optional for nothing. */
    public static Object of(Node node) {
        if (node instanceof MappingNode mapping) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (NodeTuple entry : mapping.getValue()) {
                map.put(of(entry.getKeyNode()), of(entry.getValueNode()));
            }
            return map;
        }
        if (node instanceof SequenceNode sequence) {
            List<Object> list = new ArrayList<>();
            sequence.getValue().forEach(item -> list.add(of(item)));
            return list;
        }
        ScalarNode scalar = (ScalarNode) node;
        return scalar.getScalarStyle() == ScalarStyle.PLAIN ? ofPlain(scalar.getValue()) : scalar.getValue();
    }

    /** The value of a text that is written without quotes. */
    public static Object ofPlain(String text) {
        if (text.isEmpty() || text.equals("~") || isWord(text, Set.of("null"))) {
            return Optional.empty();
        }
        if (isWord(text, TRUE) || isWord(text, FALSE)) {
            return isWord(text, TRUE);
        }
        try {
            if (DECIMAL.matcher(text).matches()) {
                return Long.valueOf(digits(text));
            }
            if (OCTAL.matcher(text).matches()) {
                return Long.valueOf(digits(text), 8);
            }
            if (HEX.matcher(text).matches()) {
                return Long.valueOf(digits(text).replaceFirst("0x", ""), 16);
            }
        } catch (NumberFormatException e) {
            return text; // more digits than a number has here
        }
        return FLOAT.matcher(text).matches() ? (Object) Double.valueOf(digits(text)) : text;
    }

    private static String digits(String text) {
        return text.replace("_", "");
    }

    private static boolean isWord(String text, Set<String> words) {
        return WORD.matcher(text).matches() && words.contains(text.toLowerCase(java.util.Locale.ROOT));
    }
}
