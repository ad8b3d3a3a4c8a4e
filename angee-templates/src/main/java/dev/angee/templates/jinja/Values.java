package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all values have in common; each is a String, Long, Double, Boolean, List, Map, or one of this package. */
final class Values {
    private Values() {}

    /** What a caller gave, as templates see it: copies, so that nothing of the caller's is changed. */
    static Object of(Object given) {
        if (given instanceof Optional<?> perhaps) {
            return perhaps.isPresent() ? of(perhaps.get()) : None.NONE;
        }
        if (given instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(of(key), of(value)));
            return copy;
        }
        if (given instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(of(item)));
            return copy;
        }
        if (given instanceof Integer || given instanceof Short || given instanceof Byte) {
            return ((Number) given).longValue();
        }
        if (given instanceof Float number) {
            return (double) number;
        }
        if (given instanceof String
                || given instanceof Boolean
                || given instanceof Long
                || given instanceof Double
                || given == None.NONE) {
            return given;
        }
        throw new IllegalArgumentException(
                "a template can be given text, numbers, booleans, lists and maps, not " + given.getClass());
    }

    /** What Python calls its type. */
    static String kind(Object value) {
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (value instanceof Tuple) {
            return "tuple";
        }
        if (value instanceof Range) {
            return "range";
        }
        if (value instanceof List) {
            return "list";
        }
        if (value instanceof Map) {
            return "dict";
        }
        if (value == None.NONE) {
            return "NoneType";
        }
        if (value instanceof Undefined) {
            return "Undefined";
        }
        return value instanceof Callable ? "function" : value instanceof Namespace ? "Namespace" : "object";
    }

    static boolean isTrue(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Long number) {
            return number != 0;
        }
        if (value instanceof Double number) {
            return number != 0;
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        if (value instanceof Undefined undefined) {
            undefined.use();
            return false;
        }
        return value != None.NONE;
    }

    /** The items of a value, in order: those of a list, the keys of a mapping, the characters of a text. */
    static List<Object> items(Object value) {
        if (value instanceof List<?> list) {
            return cast(list);
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            return Characters.of(text);
        }
        if (value instanceof Undefined undefined) {
            undefined.use();
            return List.of();
        }
        throw JinjaException.of("'" + kind(value) + "' has no items");
    }

    @SuppressWarnings("unchecked") // values are Objects
    static List<Object> cast(List<?> list) {
        return (List<Object>) list;
    }

    @SuppressWarnings("unchecked") // values are Objects
    static Map<Object, Object> cast(Map<?, ?> map) {
        return (Map<Object, Object>) map;
    }

    static long length(Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        return items(value).size();
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** A number; true is one and false none, as in Python. */
    static Number number(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        if (value instanceof Number number) {
            return number;
        }
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        throw JinjaException.of("expected a number, not " + kind(value));
    }
}
