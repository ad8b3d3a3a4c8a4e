package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.List;

/** Computes as Python does: a quotient is a floating number, a remainder has the sign of the divisor. */
final class Arithmetic {
    private final Machine machine;

    Arithmetic(Machine machine) {
        this.machine = machine;
    }

    Object apply(String operator, Object left, Object right) {
        refuseUndefined(left);
        if (operator.equals("%") && left instanceof String format) {
            return PercentFormat.format(machine, format, right);
        }
        refuseUndefined(right);
        if (operator.equals("*") && (repeats(left, right) || repeats(right, left))) {
            return repeats(left, right) ? repeat(left, right) : repeat(right, left);
        }
        if (operator.equals("+") && left instanceof String one && right instanceof String other) {
            machine.budget().make((long) one.length() + other.length());
            return one + other;
        }
        if (operator.equals("+") && left instanceof List<?> one && right instanceof List<?> other) {
            return joined(one, other);
        }
        if (!Values.isNumber(left) || !Values.isNumber(right)) {
            throw JinjaException.of(
                    "'" + operator + "' does not go with " + Values.kind(left) + " and " + Values.kind(right));
        }
        Number one = Values.number(left);
        Number other = Values.number(right);
        try {
            return one instanceof Long && other instanceof Long
                    ? whole(operator, one.longValue(), other.longValue())
                    : floating(operator, one.doubleValue(), other.doubleValue());
        } catch (ArithmeticException e) {
            throw JinjaException.of("'" + operator + "': " + reason(e));
        }
    }

    private static String reason(ArithmeticException e) {
        return String.valueOf(e.getMessage()).contains("overflow") ? "the result is too large" : "division by zero";
    }

    private static void refuseUndefined(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
    }

    private static boolean repeats(Object what, Object times) {
        return (what instanceof String || (what instanceof List && !(what instanceof Range)))
                && (times instanceof Long || times instanceof Boolean);
    }

    private Object repeat(Object what, Object times) {
        long many = Math.max(0, Values.number(times).longValue());
        long size = what instanceof String text ? text.length() : ((List<?>) what).size();
        long all = size == 0 ? 0 : many > Long.MAX_VALUE / size ? -1 : many * size;
        if (what instanceof String) {
            machine.budget().make(all);
        } else {
            machine.budget().items(all);
        }
        if (what instanceof String text) {
            return size == 0 ? "" : text.repeat((int) many);
        }
        List<Object> items = new ArrayList<>();
        for (long i = 0; i < many && size > 0; i++) {
            items.addAll((List<?>) what);
        }
        return what instanceof Tuple ? new Tuple(items) : items;
    }

    private Object joined(List<?> one, List<?> other) {
        if ((one instanceof Tuple) != (other instanceof Tuple)) {
            throw JinjaException.of("'+' does not go with " + Values.kind(one) + " and " + Values.kind(other));
        }
        machine.budget().items((long) one.size() + other.size());
        List<Object> items = new ArrayList<>(one);
        items.addAll(other);
        return one instanceof Tuple ? new Tuple(items) : items;
    }

    private static Object whole(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> right == -1 ? (Object) Math.negateExact(left) : (Object) Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            case "**" -> right < 0 ? (Object) inverse(left, right) : (Object) power(left, right);
            default -> quotient((double) left, (double) right);
        };
    }

    private static Object floating(String operator, double left, double right) {
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "//" -> Math.floor(quotient(left, right));
            case "%" -> remainder(left, right);
            case "**" -> Math.pow(left, right);
            default -> quotient(left, right);
        };
    }

    private static double quotient(double left, double right) {
        if (right == 0) {
            throw new ArithmeticException("/ by zero");
        }
        return left / right;
    }

    private static double remainder(double left, double right) {
        if (right == 0) {
            throw new ArithmeticException("/ by zero");
        }
        double rest = left % right;
        return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
    }

    private static double inverse(long left, long right) {
        if (left == 0) {
            throw new ArithmeticException("/ by zero");
        }
        return Math.pow((double) left, (double) right);
    }

    private static long power(long base, long exponent) {
        if (base == 0 || base == 1 || exponent == 0) {
            return exponent == 0 ? 1 : base;
        }
        if (base == -1) {
            return exponent % 2 == 0 ? 1 : -1;
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }
}
