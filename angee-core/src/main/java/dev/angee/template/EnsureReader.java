package dev.angee.template;

import dev.angee.internal.yaml.CoreType;
import dev.angee.internal.yaml.MappingReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code ensure}: what is to be in a manifest, so by the rules that manifests are read by, and not by Copier's. */
final class EnsureReader {
    private EnsureReader() {}

    static Map<String, Object> read(MappingReader ensure) {
        Map<String, Object> required = new LinkedHashMap<>();
        for (String path : ensure.names()) {
            if (("." + path + ".").contains("..")) {
                ensure.keyProblem(path, "has an empty key; write keys joined by dots");
            } else if (ensure.value(path).isEmpty()) {
                ensure.problem(path, "says nothing to make sure of");
            } else {
                ensure.value(path).ifPresent(node -> required.put(path, value(node)));
            }
        }
        return required;
    }

    private static Object value(Node node) {
        if (node instanceof MappingNode mapping) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (NodeTuple entry : mapping.getValue()) {
                String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
                map.put(key, value(entry.getValueNode()));
            }
            return map;
        }
        if (node instanceof SequenceNode sequence) {
            List<Object> list = new ArrayList<>();
            sequence.getValue().forEach(item -> list.add(value(item)));
            return list;
        }
        ScalarNode scalar = (ScalarNode) node;
        String text = scalar.getValue();
        boolean word = scalar.getScalarStyle() == ScalarStyle.PLAIN && CoreType.of(text) == CoreType.WORD;
        return word ? word(text) : text;
    }

    private static Object word(String text) {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.valueOf(text);
        }
        if (text.matches("[-+]?[0-9]+")) {
            return new BigInteger(text);
        }
        return text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?") ? new BigDecimal(text) : text;
    }
}
