package dev.angee.templates.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jinja's tests, {@code x is defined}, and comparisons, which are tests, too. */
final class Checks {
    private static final Map<String, String> COMPARISONS = Map.ofEntries(
            Map.entry("eq", "=="),
            Map.entry("equalto", "=="),
            Map.entry("==", "=="),
            Map.entry("ne", "!="),
            Map.entry("!=", "!="),
            Map.entry("lt", "<"),
            Map.entry("lessthan", "<"),
            Map.entry("<", "<"),
            Map.entry("le", "<="),
            Map.entry("<=", "<="),
            Map.entry("gt", ">"),
            Map.entry("greaterthan", ">"),
            Map.entry(">", ">"),
            Map.entry("ge", ">="),
            Map.entry(">=", ">="),
            Map.entry("in", "in"));
    private static final Set<String> NAMES = Set.of(
            "boolean",
            "callable",
            "defined",
            "divisibleby",
            "even",
            "false",
            "filter",
            "float",
            "integer",
            "iterable",
            "lower",
            "mapping",
            "none",
            "number",
            "odd",
            "sameas",
            "sequence",
            "string",
            "test",
            "true",
            "undefined",
            "upper");

    private final Machine machine;

    Checks(Machine machine) {
        this.machine = machine;
    }

    boolean exists(String name) {
        return NAMES.contains(name) || COMPARISONS.containsKey(name);
    }

    boolean holds(String name, Object value, Arguments arguments) {
        String comparison = COMPARISONS.get(name);
        if (comparison != null) {
            return compare(comparison, value, arguments.need(0, "other"));
        }
        return ofKind(name, value)
                .or(() -> ofNumber(name, value, arguments))
                .orElseGet(() -> other(name, value, arguments));
    }

    private static Optional<Boolean> ofKind(String name, Object value) {
        return switch (name) {
            case "defined" -> Optional.of(!(value instanceof Undefined));
            case "undefined" -> Optional.of(value instanceof Undefined);
            case "none" -> Optional.of(value == None.NONE);
            case "true" -> Optional.of(value.equals(true));
            case "false" -> Optional.of(value.equals(false));
            case "boolean" -> Optional.of(value instanceof Boolean);
            case "integer" -> Optional.of(value instanceof Long);
            case "float" -> Optional.of(value instanceof Double);
            case "number" -> Optional.of(Values.isNumber(value));
            case "string" -> Optional.of(value instanceof String);
            case "mapping" -> Optional.of(value instanceof Map);
            case "callable" -> Optional.of(value instanceof Callable);
            case "iterable", "sequence" ->
                Optional.of(value instanceof String
                        || value instanceof List
                        || value instanceof Map
                        || value instanceof Undefined);
            default -> Optional.empty();
        };
    }

    private static Optional<Boolean> ofNumber(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "even" -> Optional.of(remainder(value, 2) == 0);
            case "odd" -> Optional.of(remainder(value, 2) == 1);
            case "divisibleby" -> Optional.of(remainder(value, arguments.number(0, "num")) == 0);
            default -> Optional.empty();
        };
    }

    private static double remainder(Object value, long by) {
        if (by == 0) {
            throw JinjaException.of("division by zero");
        }
        Number number = Values.number(value);
        return number instanceof Long whole ? Math.floorMod(whole, by) : number.doubleValue() % by;
    }

    private boolean other(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "lower" -> cased(value, machine.text().str(value).toLowerCase(Locale.ROOT));
            case "upper" -> cased(value, machine.text().str(value).toUpperCase(Locale.ROOT));
            case "sameas" -> same(value, arguments.need(0, "other"));
            case "filter" -> value instanceof String filter && Filters.exists(filter);
            case "test" -> value instanceof String test && exists(test);
            default -> throw JinjaException.of("there is no test '" + name + "'");
        };
    }

    private boolean cased(Object value, String converted) {
        String text = machine.text().str(value);
        boolean letters = text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
        return letters && text.equals(converted);
    }

    private static boolean same(Object value, Object other) {
        boolean scalar = value instanceof Boolean || value instanceof Long || value instanceof String;
        return scalar ? value.equals(other) : value == other;
    }

    /** How two values stand to each other, by an operator of an expression. */
    boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> machine.order().equal(left, right);
            case "!=" -> !machine.order().equal(left, right);
            case "in" -> machine.order().contains(right, left);
            case "not in" -> !machine.order().contains(right, left);
            case "<" -> machine.order().compare(left, right) < 0;
            case "<=" -> machine.order().compare(left, right) <= 0;
            case ">" -> machine.order().compare(left, right) > 0;
            default -> machine.order().compare(left, right) >= 0;
        };
    }
}
