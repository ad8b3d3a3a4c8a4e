package dev.angee.templates.jinja;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Which values are equal, and which comes first. */
final class Order {
    private final Budget budget;

    Order(Budget budget) {
        this.budget = budget;
    }

    boolean equal(Object left, Object right) {
        budget.step();
        if (left instanceof Undefined || right instanceof Undefined) {
            Object one = usable(left);
            Object other = usable(right);
            return one instanceof Undefined && other instanceof Undefined;
        }
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return !isNan(left) && !isNan(right) && compareNumbers(left, right) == 0;
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            return (left instanceof Tuple) == (right instanceof Tuple) && equalItems(one, other);
        }
        if (left instanceof Map<?, ?> one && right instanceof Map<?, ?> other) {
            return equalEntries(one, other);
        }
        if (left instanceof String text) {
            budget.scan(text.length());
            return text.equals(right);
        }
        return left == right;
    }

    private static Object usable(Object value) {
        if (value instanceof Undefined undefined) {
            undefined.use();
        }
        return value;
    }

    private boolean equalItems(List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        budget.deeper();
        boolean equal = true;
        for (int i = 0; i < one.size() && equal; i++) {
            equal = equal(one.get(i), other.get(i));
        }
        budget.shallower();
        return equal;
    }

    private boolean equalEntries(Map<?, ?> one, Map<?, ?> other) {
        if (!one.keySet().equals(other.keySet())) {
            return false;
        }
        budget.deeper();
        boolean equal = true;
        for (Map.Entry<?, ?> entry : one.entrySet()) {
            Object second = other.get(entry.getKey());
            equal = equal && second != null && equal(entry.getValue(), second);
        }
        budget.shallower();
        return equal;
    }

    /** Less than zero, zero or more, as one comes before, with or after the other. */
    int compare(Object left, Object right) {
        budget.step();
        if (left instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return compareNumbers(left, right);
        }
        if (left instanceof String one && right instanceof String other) {
            budget.scan(Math.min(one.length(), other.length()));
            return compareText(one, other);
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            return compareItems(one, other);
        }
        throw JinjaException.of("cannot compare " + Values.kind(left) + " with " + Values.kind(right));
    }

    private int compareItems(List<?> one, List<?> other) {
        budget.deeper();
        int result = 0;
        for (int i = 0; i < Math.min(one.size(), other.size()) && result == 0; i++) {
            if (!equal(one.get(i), other.get(i))) {
                result = compare(one.get(i), other.get(i));
            }
        }
        budget.shallower();
        return result != 0 ? result : Integer.compare(one.size(), other.size());
    }

    private static int compareNumbers(Object left, Object right) {
        Number one = Values.number(left);
        Number other = Values.number(right);
        if (one instanceof Long && other instanceof Long) {
            return Long.compare(one.longValue(), other.longValue());
        }
        if (isNan(left) || isNan(right)) {
            return Boolean.compare(isNan(left), isNan(right)); // so that there is an order to sort by
        }
        double first = one.doubleValue();
        double second = other.doubleValue();
        if (Double.isInfinite(first)
                || Double.isInfinite(second)
                || (one instanceof Double && other instanceof Double)) {
            return first < second ? -1 : first == second ? 0 : 1;
        }
        return exact(one).compareTo(exact(other));
    }

    private static BigDecimal exact(Number number) {
        return number instanceof Long whole ? BigDecimal.valueOf(whole) : new BigDecimal(number.doubleValue());
    }

    private static boolean isNan(Object value) {
        return value instanceof Double number && Double.isNaN(number);
    }

    /** By characters, not by halves of them. */
    private static int compareText(String one, String other) {
        int most = Math.min(one.length(), other.length());
        for (int i = 0; i < most; i++) {
            char first = one.charAt(i);
            char second = other.charAt(i);
            if (first != second) {
                boolean wide = Character.isSurrogate(first) != Character.isSurrogate(second);
                return wide ? Character.isSurrogate(first) ? 1 : -1 : Character.compare(first, second);
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    boolean contains(Object whole, Object part) {
        if (whole instanceof String text) {
            if (!(part instanceof String wanted)) {
                throw JinjaException.of("only a string is in a string, not " + Values.kind(part));
            }
            budget.search(text.length(), wanted.length());
            return text.contains(wanted);
        }
        if (whole instanceof Map<?, ?> map) {
            return map.containsKey(Access.key(part));
        }
        for (Object item : Values.items(whole)) {
            if (equal(item, part)) {
                return true;
            }
        }
        return false;
    }
}
