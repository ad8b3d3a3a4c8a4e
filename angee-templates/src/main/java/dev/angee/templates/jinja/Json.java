package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes JSON as Python's {@code json.dumps} does: ASCII only, a space after commas and colons. */
final class Json {
    private final Machine machine;
    private final int indent;
    private final boolean sorted;

    /**
     * A writer.
     *
     * @param indent spaces of a level; all in one line if none
     * @param sorted whether keys are sorted
     */
    Json(Machine machine, int indent, boolean sorted) {
        this.machine = machine;
        this.indent = indent;
        this.sorted = sorted;
    }

    String of(Object value) {
        Draft out = new Draft(machine.budget());
        append(out, value, 0);
        return out.toString();
    }

    private void append(Draft out, Object value, int level) {
        machine.budget().step();
        if (value instanceof String text) {
            quote(out, text);
        } else if (value instanceof Boolean || value instanceof Long) {
            out.append(String.valueOf(value));
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value == None.NONE) {
            out.append("null");
        } else if (value instanceof List<?> list) {
            sequence(out, list, level);
        } else if (value instanceof Map<?, ?> map) {
            mapping(out, map, level);
        } else if (value instanceof Undefined undefined) {
            throw undefined.failure();
        } else {
            throw JinjaException.of("a " + Values.kind(value) + " cannot be written as JSON");
        }
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : PythonText.number(value);
    }

    private void sequence(Draft out, List<?> list, int level) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        machine.budget().deeper();
        out.append('[');
        for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
            newLine(out, level + 1);
            append(out, each.next(), level + 1);
            comma(out, each.hasNext());
        }
        newLine(out, level);
        out.append(']');
        machine.budget().shallower();
    }

    private void mapping(Draft out, Map<?, ?> map, int level) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        machine.budget().deeper();
        out.append('{');
        for (Iterator<Object> keys = keys(map).iterator(); keys.hasNext(); ) {
            Object key = keys.next();
            newLine(out, level + 1);
            quote(out, key(key));
            out.append(": ");
            append(out, java.util.Objects.requireNonNull(map.get(key)), level + 1);
            comma(out, keys.hasNext());
        }
        newLine(out, level);
        out.append('}');
        machine.budget().shallower();
    }

    private List<Object> keys(Map<?, ?> map) {
        List<Object> keys = new ArrayList<>(map.keySet());
        if (sorted) {
            keys.sort(machine.order()::compare);
        }
        return keys;
    }

    private static String key(Object key) {
        if (key instanceof String text) {
            return text;
        }
        if (key == None.NONE) {
            return "null";
        }
        if (key instanceof Double number) {
            return number(number);
        }
        if (key instanceof Tuple) {
            throw JinjaException.of("a tuple cannot be a key in JSON");
        }
        return key.toString();
    }

    private void comma(Draft out, boolean more) {
        if (more) {
            out.append(indent == 0 ? ", " : ",");
        }
    }

    private void newLine(Draft out, int level) {
        if (indent > 0) {
            out.append('\n').append(" ".repeat(level * indent));
        }
    }

    private static void quote(Draft out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> out.append(c < 0x20 || c > 0x7e ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }
}
