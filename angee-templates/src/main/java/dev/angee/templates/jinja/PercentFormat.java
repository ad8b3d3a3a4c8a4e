package dev.angee.templates.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code "%s of %d" % (a, b)}. */
final class PercentFormat {
    private static final Pattern FIELD =
            Pattern.compile("%(?:\\(([^)]*)\\))?([-+ 0]*)(\\d{0,6})(?:\\.(\\d{0,6}))?([a-zA-Z%])");

    private final Machine machine;
    private final Object values;
    private int position;

    private PercentFormat(Machine machine, Object values) {
        this.machine = machine;
        this.values = values;
    }

    /**
     * A text with its fields filled.
     *
     * @param values a tuple of them, a mapping for fields with names, or the only one
     */
    static String format(Machine machine, String text, Object values) {
        return new PercentFormat(machine, values).all(text);
    }

    private String all(String text) {
        Draft out = new Draft(machine.budget());
        Matcher matcher = FIELD.matcher(text);
        int from = 0;
        for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', from)) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                throw JinjaException.of("'%' begins no field; write '%%'");
            }
            out.append(text, from, at).append(field(matcher));
            from = matcher.end();
        }
        int fields = values instanceof Tuple tuple ? tuple.size() : takesNoField(values) ? 0 : 1;
        if (position < fields) {
            throw JinjaException.of("there are more values than fields to format");
        }
        return out.append(text, from, text.length()).toString();
    }

    /** Whether a value may be given to a text that has no field for it. */
    private static boolean takesNoField(Object value) {
        return value instanceof Map || value instanceof List || value instanceof Undefined;
    }

    private String field(Matcher field) {
        char kind = field.group(5).charAt(0);
        if (kind == '%') {
            return "%";
        }
        Object value = value(field.group(1));
        String flags = field.group(2);
        int width = field.group(3).isEmpty() ? 0 : Integer.parseInt(field.group(3));
        int precision = field.group(4) == null ? -1 : field.group(4).isEmpty() ? 0 : Integer.parseInt(field.group(4));
        machine.budget().make(width + (long) Math.max(0, precision));
        String text = switch (kind) {
            case 's' -> cut(machine.text().str(value), precision);
            case 'r' -> cut(machine.text().repr(value), precision);
            case 'c' ->
                value instanceof Long code
                        ? Character.toString(code.intValue())
                        : machine.text().str(value);
            default -> signed(number(kind, value, precision), flags);
        };
        return padded(text, width, flags, "src".indexOf(kind) < 0);
    }

    private Object value(@org.jspecify.annotations.Nullable String name) {
        if (name != null) {
            Object found = values instanceof Map<?, ?> map ? map.get(name) : null;
            if (found == null) {
                throw JinjaException.of("there is no value '" + name + "' to format");
            }
            return found;
        }
        List<Object> all = values instanceof Tuple tuple ? tuple : List.of(values);
        if (position >= all.size()) {
            throw JinjaException.of("there are more fields than values to format");
        }
        return all.get(position++);
    }

    private static String cut(String text, int precision) {
        return precision >= 0 && precision < text.length() ? text.substring(0, precision) : text;
    }

    private static String signed(String number, String flags) {
        if (number.startsWith("-")) {
            return number;
        }
        return flags.contains("+") ? "+" + number : flags.contains(" ") ? " " + number : number;
    }

    private static String padded(String text, int width, String flags, boolean number) {
        int missing = width - (int) Values.length(text);
        if (missing <= 0) {
            return text;
        }
        if (flags.contains("-")) {
            return text + " ".repeat(missing);
        }
        if (number && flags.contains("0")) {
            int sign = "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
            return text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
        }
        return " ".repeat(missing) + text;
    }

    private static String number(char kind, Object value, int precision) {
        Number number = Values.number(value);
        return switch (kind) {
            case 'd', 'i', 'u' -> whole(number);
            case 'x' -> Long.toString(number.longValue(), 16);
            case 'X' -> Long.toString(number.longValue(), 16).toUpperCase(java.util.Locale.ROOT);
            case 'o' -> Long.toString(number.longValue(), 8);
            case 'f', 'F' -> fixed(number.doubleValue(), precision < 0 ? 6 : precision);
            default -> throw JinjaException.of("the format '%" + kind + "' is not supported");
        };
    }

    private static String whole(Number number) {
        return number instanceof Long
                ? number.toString()
                : new BigDecimal(number.doubleValue())
                        .setScale(0, RoundingMode.DOWN)
                        .toPlainString();
    }

    /** With so many digits after the point. */
    static String fixed(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return PythonText.number(value);
        }
        String text =
                new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        return value < 0 && !text.startsWith("-") ? "-" + text : text;
    }
}
