package dev.angee.templates.jinja;

import static dev.angee.templates.jinja.Filters.plain;

import dev.angee.templates.jinja.Filters.Filter;
import dev.angee.templates.jinja.Filters.Toolbox;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Filters that make numbers, and texts of numbers. */
final class NumberFilters {
    private static final List<String> DECIMAL = List.of("kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB");
    private static final List<String> BINARY = List.of("KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB");
    private static final int DIGITS = 300; // more than a floating number has

    private NumberFilters() {}

    static Map<String, Filter> all() {
        Map<String, Filter> all = new TreeMap<>();
        all.put("int", NumberFilters::whole);
        all.put("float", NumberFilters::floating);
        all.put("abs", plain((t, v, a) -> {
            Number number = Values.number(v);
            return number instanceof Long whole ? (Object) absolute(whole) : Math.abs(number.doubleValue());
        }));
        all.put("round", NumberFilters::round);
        all.put("filesizeformat", NumberFilters::fileSize);
        all.put("add", NumberFilters::add);
        return all;
    }

    private static Object whole(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("default", "base");
        Object standard = arguments.get(0, "default").orElse(0L);
        if (value instanceof String text) {
            String digits = withoutUnderscores(text);
            long base = arguments.number(1, "base", 10);
            if (base != 0 && (base < 2 || base > 36)) {
                return standard;
            }
            try {
                return Long.parseLong(withoutPrefix(digits, base), (int) (base == 0 ? 10 : base));
            } catch (NumberFormatException e) {
                return truncated(text, standard); // a whole number may be written as a floating one
            }
        }
        if (!Values.isNumber(value)) {
            return standard;
        }
        Number number = Values.number(value);
        return number instanceof Long ? number : truncated(number.doubleValue(), standard);
    }

    private static long absolute(long number) {
        if (number == Long.MIN_VALUE) {
            throw JinjaException.of("abs: the result is too large");
        }
        return Math.abs(number);
    }

    /** The digits of a text in which single underscores stand between them; nothing, if others do. */
    private static String withoutUnderscores(String text) {
        String stripped = text.strip();
        boolean misplaced = stripped.startsWith("_") || stripped.endsWith("_") || stripped.contains("__");
        return misplaced ? "" : stripped.replace("_", "");
    }

    private static String withoutPrefix(String digits, long base) {
        String lower = digits.toLowerCase(java.util.Locale.ROOT);
        boolean prefixed = (base == 16 && lower.startsWith("0x"))
                || (base == 8 && lower.startsWith("0o"))
                || (base == 2 && lower.startsWith("0b"));
        return prefixed ? digits.substring(2) : digits;
    }

    private static Object truncated(String text, Object standard) {
        return parsed(text) instanceof Double number ? truncated(number, standard) : standard;
    }

    private static Object truncated(double number, Object standard) {
        boolean representable = Math.abs(number) < 0x1p63;
        return representable ? (Object) (long) number : standard;
    }

    /** A floating number, or none. */
    private static Object parsed(String text) {
        String stripped = withoutUnderscores(text);
        if (!stripped.matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?")) {
            return switch (stripped.toLowerCase(java.util.Locale.ROOT)) {
                case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                case "nan" -> Double.NaN;
                default -> None.NONE;
            };
        }
        return Double.valueOf(stripped);
    }

    private static Object floating(Toolbox toolbox, Object value, Arguments arguments) {
        Object standard = arguments.only("default").get(0, "default").orElse(0.0);
        if (value instanceof String text) {
            return parsed(text) instanceof Double number ? number : standard;
        }
        return Values.isNumber(value) ? (Object) Values.number(value).doubleValue() : standard;
    }

    private static Object round(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("precision", "method");
        long precision = Math.max(-DIGITS, Math.min(DIGITS, arguments.number(0, "precision", 0)));
        String method = arguments.text(1, "method", "common");
        Number number = Values.number(value);
        if (method.equals("common")) {
            if (number instanceof Long whole) {
                BigDecimal rounded =
                        new BigDecimal(whole).setScale((int) Math.min(0, precision), RoundingMode.HALF_EVEN);
                if (rounded.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
                    throw JinjaException.of("round: the result is too large");
                }
                return rounded.longValueExact();
            }
            double exact = number.doubleValue();
            return Double.isNaN(exact) || Double.isInfinite(exact)
                    ? exact
                    : new BigDecimal(exact)
                            .setScale((int) precision, RoundingMode.HALF_EVEN)
                            .doubleValue();
        }
        double factor = Math.pow(10, (double) precision);
        double scaled = number.doubleValue() * factor;
        return switch (method) {
            case "ceil" -> Math.ceil(scaled) / factor;
            case "floor" -> Math.floor(scaled) / factor;
            default ->
                throw JinjaException.of("round: the method is 'common', 'ceil' or 'floor', not '" + method + "'");
        };
    }

    private static Object fileSize(Toolbox toolbox, Object value, Arguments arguments) {
        if (value instanceof String text && parsed(text) == None.NONE) {
            throw JinjaException.of("filesizeformat needs a number, not '" + text + "'");
        }
        double bytes =
                floating(toolbox, value, new Arguments("filesizeformat", List.of(), Map.of())) instanceof Double number
                        ? number
                        : 0;
        boolean binary = arguments.only("binary").flag(0, "binary", false);
        int base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return "1 Byte";
        }
        if (bytes < base) {
            return (long) bytes + " Bytes";
        }
        double unit = base;
        for (String prefix : binary ? BINARY : DECIMAL) {
            unit *= base;
            if (bytes < unit) {
                return PercentFormat.fixed(base * bytes / unit, 1) + " " + prefix;
            }
        }
        return PercentFormat.fixed(base * bytes / unit, 1) + (binary ? " YiB" : " YB");
    }

    /** Django's: a sum of whole numbers, where both are; otherwise the one behind the other. */
    private static Object add(Toolbox toolbox, Object value, Arguments arguments) {
        Object other = arguments.need(0, "value");
        if ((value instanceof List<?> && other instanceof List<?>)
                || (Values.isNumber(value) && Values.isNumber(other))) {
            return new Arithmetic(toolbox.machine()).apply("+", value, other);
        }
        String one = toolbox.text(value);
        String two = toolbox.text(other);
        if (isWhole(one) && isWhole(two)) {
            return new Arithmetic(toolbox.machine()).apply("+", Long.valueOf(one), Long.valueOf(two));
        }
        return toolbox.made(one + two);
    }

    private static boolean isWhole(String text) {
        return text.matches("[+-]?\\d{1,18}");
    }
}
