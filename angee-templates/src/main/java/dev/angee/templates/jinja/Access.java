package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Members and items of values. What is not there is undefined. */
final class Access {
    private final Machine machine;
    private final TextMethods textMethods;
    private final CollectionMethods collectionMethods;

    Access(Machine machine) {
        this.machine = machine;
        this.textMethods = new TextMethods(machine);
        this.collectionMethods = new CollectionMethods(machine);
    }

    /** {@code of.name}: a method before an entry of a mapping. */
    Object attribute(Object of, String name) {
        return member(of, name).or(() -> entry(of, name)).orElseGet(() -> missing(of, name));
    }

    /** {@code of[key]}: an entry of a mapping before a method. */
    Object item(Object of, Object key) {
        if (of instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (key instanceof Long index && (of instanceof List || of instanceof String)) {
            return at(of, index);
        }
        Optional<Object> found = entry(of, key);
        if (found.isEmpty() && key instanceof String name) {
            found = member(of, name);
        }
        return found.orElseGet(() -> missing(of, key));
    }

    private Object missing(Object of, Object key) {
        String written = key instanceof String name ? "'" + name + "'" : String.valueOf(key);
        return machine.undefined("'" + Values.kind(of) + "' has no member " + written);
    }

    private Object at(Object of, long index) {
        long size = Values.length(of);
        long wanted = index < 0 ? index + size : index;
        if (wanted < 0 || wanted >= size) {
            return missing(of, index);
        }
        if (of instanceof String text) {
            machine.budget().scan(text.length());
            int begin = text.offsetByCodePoints(0, (int) wanted);
            return text.substring(begin, text.offsetByCodePoints(begin, 1));
        }
        return ((List<?>) of).get((int) wanted);
    }

    private Optional<Object> entry(Object of, Object key) {
        if (key instanceof String text) {
            machine.budget().scan(text.length());
        }
        return of instanceof Map<?, ?> map && isKey(key) ? Optional.ofNullable(map.get(key(key))) : Optional.empty();
    }

    private Optional<Object> member(Object of, String name) {
        if (of instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (of instanceof Members members) {
            return members.member(name);
        }
        if (of instanceof String text) {
            machine.budget().scan(text.length()); // most methods look at all of it
            return textMethods.of(text, name).map(Object.class::cast);
        }
        return collectionMethods.of(of, name).map(Object.class::cast);
    }

    /** {@code of[begin:end:step]}, as in Python. */
    Object slice(Object of, Optional<Long> begin, Optional<Long> end, Optional<Long> by) {
        long step = by.orElse(1L);
        if (step == 0) {
            throw JinjaException.of("a slice needs a step that is not 0");
        }
        if (!(of instanceof String) && !(of instanceof List)) {
            throw of instanceof Undefined undefined
                    ? undefined.failure()
                    : JinjaException.of("a " + Values.kind(of) + " cannot be sliced");
        }
        List<Object> items = Values.items(of);
        machine.budget().steps(items.size() / 16);
        long size = items.size();
        long from = clamp(begin.orElse(step > 0 ? 0 : size), size, step);
        long to = end.isPresent() ? clamp(end.get(), size, step) : step > 0 ? size : -1;
        List<Object> taken = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            taken.add(items.get((int) i));
        }
        machine.budget().items(taken.size());
        if (of instanceof String) {
            StringBuilder text = new StringBuilder();
            taken.forEach(text::append);
            return text.toString();
        }
        return of instanceof Tuple ? new Tuple(taken) : taken;
    }

    private static long clamp(long index, long size, long step) {
        long lowest = step > 0 ? 0 : -1;
        long highest = step > 0 ? size : size - 1;
        long wanted = index < 0 ? index + size : index;
        return Math.max(lowest, Math.min(highest, wanted));
    }

    /** What a mapping may have as key: text, numbers, booleans, none, and tuples of those. */
    static Object key(Object value) {
        if (!isKey(value)) {
            throw JinjaException.of("a " + Values.kind(value) + " cannot be a key");
        }
        return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1L << 53
                ? (Object) number.longValue()
                : value;
    }

    private static boolean isKey(Object value) {
        return value instanceof Tuple several ? several.stream().allMatch(Access::isScalar) : isScalar(value);
    }

    private static boolean isScalar(Object value) {
        return value instanceof String || Values.isNumber(value) || value == None.NONE;
    }
}
