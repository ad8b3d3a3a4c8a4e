package dev.angee.templates.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code "{} of {name}".format(…)}, with fields that are values, and not parts of values. */
final class TextFormat {
    private static final Pattern FIELD = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)(?::([^{}]*))?\\}|[{}]");
    private static final Pattern SPECIFICATION = Pattern.compile("([<>^]?)(0?)(\\d{0,6})(?:\\.(\\d{1,6}))?([sdf]?)");

    private final Machine machine;

    TextFormat(Machine machine) {
        this.machine = machine;
    }

    String format(String text, Arguments arguments) {
        Draft out = new Draft(machine.budget());
        Matcher matcher = FIELD.matcher(text);
        int from = 0;
        int next = 0;
        while (matcher.find()) {
            out.append(text, from, matcher.start());
            from = matcher.end();
            String field = matcher.group();
            if (field.equals("{{") || field.equals("}}")) {
                out.append(field.charAt(0));
            } else if (matcher.group(1) == null) {
                throw JinjaException.of("format(): a field is '{}', '{0}' or '{name}'; write '{{' for a brace");
            } else {
                String name = matcher.group(1);
                Object value = name.isEmpty() ? arguments.need(next++, "a value") : named(arguments, name);
                out.append(formatted(value, matcher.group(2)));
            }
        }
        return out.append(text, from, text.length()).toString();
    }

    private static Object named(Arguments arguments, String name) {
        return name.matches("\\d{1,4}")
                ? arguments.need(Integer.parseInt(name), name)
                : arguments.need(Integer.MAX_VALUE, name);
    }

    private String formatted(Object value, @org.jspecify.annotations.Nullable String written) {
        if (written == null || written.isEmpty()) {
            return machine.text().str(value);
        }
        Matcher specification = SPECIFICATION.matcher(written);
        if (!specification.matches()) {
            throw JinjaException.of("format(): the specification '" + written + "' is not supported");
        }
        String kind = specification.group(5);
        String precision = specification.group(4);
        boolean number = Values.isNumber(value);
        if (number && precision != null && kind.isEmpty()) {
            throw JinjaException.of("format(): write the kind of number, as in '." + precision + "f'");
        }
        String conversion = kind.isEmpty() ? "s" : kind;
        String text = PercentFormat.format(
                machine, "%" + (precision == null ? "" : "." + precision) + conversion, Tuple.of(value));
        int width = specification.group(3).isEmpty() ? 0 : Integer.parseInt(specification.group(3));
        machine.budget().make(width);
        return aligned(text, specification, width, number);
    }

    private static String aligned(String text, Matcher specification, int width, boolean number) {
        int missing = Math.max(0, width - (int) Values.length(text));
        String align = specification.group(1).isEmpty() ? number ? ">" : "<" : specification.group(1);
        if (!specification.group(2).isEmpty() && number) {
            int sign = text.startsWith("-") ? 1 : 0;
            return text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
        }
        int before = switch (align) {
            case "<" -> 0;
            case "^" -> missing / 2;
            default -> missing;
        };
        return " ".repeat(before) + text + " ".repeat(missing - before);
    }
}
