package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Writes YAML as Python's library does: keys sorted, and a text in quotes where YAML 1.1 would take it for something else. */
final class Yaml {
    private static final Pattern BOOL =
            Pattern.compile("yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF");
    private static final Pattern INT = Pattern.compile("[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)"
            + "|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:[0-9][0-9_]*)\\.[0-9_]*(?:[eE][-+][0-9]+)?"
            + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
            + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d|\\d{4}-\\d\\d?-\\d\\d?"
            + "(?:[Tt]|[ \\t]+)\\d\\d?:\\d\\d:\\d\\d(?:\\.\\d*)?(?:[ \\t]*(?:Z|[-+]\\d\\d?(?::\\d\\d)?))?");

    private final Machine machine;
    private final FlowStyle style;
    private final int indent;

    /**
     * A writer.
     *
     * @param nice whether everything has a line of its own, indented by four
     */
    Yaml(Machine machine, boolean nice) {
        this.machine = machine;
        this.style = nice ? FlowStyle.BLOCK : FlowStyle.AUTO;
        this.indent = nice ? 4 : 2;
    }

    String of(Object value) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(style)
                .setIndent(indent)
                .setWidth(80)
                .setSchema(new Python())
                .build();
        Written text = new Written();
        new Dump(settings).dumpNode(node(value), text);
        String written = text.toString();
        boolean plainScalar =
                !(value instanceof Map) && !(value instanceof List) && "'\"".indexOf(written.charAt(0)) < 0;
        return machine.budget().made(plainScalar ? written + "...\n" : written);
    }

    private Node node(Object value) {
        machine.budget().step();
        if (value instanceof Map<?, ?> map) {
            machine.budget().deeper();
            List<NodeTuple> entries = new ArrayList<>();
            List<Object> keys = new ArrayList<>(map.keySet());
            keys.sort(machine.order()::compare);
            for (Object key : keys) {
                entries.add(new NodeTuple(node(key), node(java.util.Objects.requireNonNull(map.get(key)))));
            }
            machine.budget().shallower();
            return new MappingNode(
                    Tag.MAP,
                    entries,
                    flow(entries.stream().allMatch(entry -> entry.getValueNode() instanceof ScalarNode)));
        }
        if (value instanceof List<?> list) {
            machine.budget().deeper();
            List<Node> items = new ArrayList<>();
            list.forEach(item -> items.add(node(item)));
            machine.budget().shallower();
            return new SequenceNode(Tag.SEQ, items, flow(items.stream().allMatch(ScalarNode.class::isInstance)));
        }
        return scalar(value);
    }

    private FlowStyle flow(boolean leaf) {
        return style == FlowStyle.BLOCK || !leaf ? FlowStyle.BLOCK : FlowStyle.FLOW;
    }

    private Node scalar(Object value) {
        if (value instanceof String text) {
            machine.budget().make(2L * text.length());
            boolean lines = text.indexOf('\n') >= 0;
            return new ScalarNode(Tag.STR, text, lines ? ScalarStyle.SINGLE_QUOTED : ScalarStyle.PLAIN);
        }
        if (value instanceof Boolean flag) {
            return new ScalarNode(Tag.BOOL, flag ? "true" : "false", ScalarStyle.PLAIN);
        }
        if (value instanceof Long number) {
            return new ScalarNode(Tag.INT, number.toString(), ScalarStyle.PLAIN);
        }
        if (value instanceof Double number) {
            return new ScalarNode(Tag.FLOAT, floating(number), ScalarStyle.PLAIN);
        }
        if (value == None.NONE) {
            return new ScalarNode(Tag.NULL, "null", ScalarStyle.PLAIN);
        }
        throw JinjaException.of("a " + Values.kind(value) + " cannot be written as YAML");
    }

    private static String floating(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.isNaN(number) ? ".nan" : number > 0 ? ".inf" : "-.inf";
        }
        String text = PythonText.number(number);
        return text.contains("e") && !text.contains(".") ? text.replace("e", ".0e") : text;
    }

    private static final class Written implements StreamDataWriter {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void write(String more) {
            text.append(more);
        }

        @Override
        public void write(String more, int offset, int length) {
            text.append(more, offset, offset + length);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    /** Which texts are no texts, in YAML 1.1. */
    private static final class Python extends CoreSchema {
        @Override
        public org.snakeyaml.engine.v2.resolver.ScalarResolver getScalarResolver() {
            return (value, implicit) -> implicit ? tag(value) : Tag.STR;
        }

        private static Tag tag(String text) {
            if (text.isEmpty() || text.equals("~") || text.matches("null|Null|NULL")) {
                return Tag.NULL;
            }
            if (BOOL.matcher(text).matches()) {
                return Tag.BOOL;
            }
            if (INT.matcher(text).matches()) {
                return Tag.INT;
            }
            if (FLOAT.matcher(text).matches()) {
                return Tag.FLOAT;
            }
            boolean special =
                    text.equals("<<") || text.equals("=") || TIME.matcher(text).matches();
            return special ? Tag.COMMENT : Tag.STR;
        }
    }
}
