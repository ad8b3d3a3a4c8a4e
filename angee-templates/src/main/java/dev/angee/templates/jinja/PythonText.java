package dev.angee.templates.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Values as Python prints them: {@code str()} and {@code repr()}. */
final class PythonText {
    private static final int SCIENTIFIC_FROM = 16;
    private static final int SCIENTIFIC_TO = -5;
    private static final int MOST_DIGITS = 17;

    private final Budget budget;

    PythonText(Budget budget) {
        this.budget = budget;
    }

    /** As it is printed. */
    String str(Object value) {
        if (value instanceof String text) {
            return text;
        }
        Draft out = new Draft(budget);
        append(out, value);
        return out.toString();
    }

    /** As it is printed inside of others: a text in quotes. */
    String repr(Object value) {
        Draft out = new Draft(budget);
        append(out, value);
        return out.toString();
    }

    private void append(Draft out, Object value) {
        budget.step();
        if (value instanceof String text) {
            quote(out, text);
        } else if (value instanceof Boolean flag) {
            out.append(flag ? "True" : "False");
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value instanceof Undefined undefined) {
            undefined.use();
        } else if (value instanceof Range) {
            out.append(String.valueOf(value));
        } else if (value instanceof List<?> list) {
            sequence(out, list);
        } else if (value instanceof Map<?, ?> map) {
            mapping(out, map);
        } else if (value instanceof Long || value == None.NONE) {
            out.append(String.valueOf(value));
        } else {
            throw JinjaException.of("a " + Values.kind(value) + " cannot be printed");
        }
    }

    private void sequence(Draft out, List<?> list) {
        boolean tuple = list instanceof Tuple || list instanceof GroupTuple;
        budget.deeper();
        out.append(tuple ? '(' : '[');
        for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
            appendInside(out, each.next());
            if (each.hasNext()) {
                out.append(", ");
            }
        }
        out.append(tuple && list.size() == 1 ? "," : "").append(tuple ? ')' : ']');
        budget.shallower();
    }

    private void mapping(Draft out, Map<?, ?> map) {
        budget.deeper();
        out.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> each = map.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<?, ?> entry = each.next();
            appendInside(out, entry.getKey());
            out.append(": ");
            appendInside(out, entry.getValue());
            if (each.hasNext()) {
                out.append(", ");
            }
        }
        out.append('}');
        budget.shallower();
    }

    private void appendInside(Draft out, Object value) {
        if (value instanceof Undefined) {
            out.append("Undefined");
            return;
        }
        append(out, value);
    }

    private static void quote(Draft out, String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else if (c < 0x100) {
                        out.append(String.format("\\x%02x", c));
                    } else {
                        out.append(c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c));
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean isPrintable(int c) {
        if (c == ' ') {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    /** A floating number in as few digits as tell it from all others. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(value);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= MOST_DIGITS; digits++) {
            shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shortest.doubleValue() == value) {
                break;
            }
        }
        return written(shortest.stripTrailingZeros());
    }

    private static String written(BigDecimal value) {
        int exponent = value.precision() - value.scale() - 1;
        if (exponent > SCIENTIFIC_TO && exponent < SCIENTIFIC_FROM) {
            String plain = value.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = value.unscaledValue().abs().toString();
        String sign = value.signum() < 0 ? "-" : "";
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
