package dev.angee.templates.jinja;

import static dev.angee.templates.jinja.Filters.plain;

import dev.angee.templates.jinja.Filters.Filter;
import dev.angee.templates.jinja.Filters.Toolbox;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Filters of lists and mappings: their parts, their order, their sum. */
final class SequenceFilters {
    private SequenceFilters() {}

    static Map<String, Filter> all() {
        Map<String, Filter> all = new TreeMap<>();
        all.put("length", plain((t, v, a) -> Values.length(v)));
        all.put("count", all.get("length"));
        all.put("first", plain((t, v, a) -> end(t, v, true)));
        all.put("last", plain((t, v, a) -> end(t, v, false)));
        all.put("list", plain((t, v, a) -> copy(t, Values.items(v))));
        all.put("reverse", plain(SequenceFilters::reverse));
        all.put("join", SequenceFilters::join);
        all.put("sort", SequenceFilters::sort);
        all.put("unique", SequenceFilters::unique);
        all.put("min", (t, v, a) -> extreme(t, v, a, -1));
        all.put("max", (t, v, a) -> extreme(t, v, a, 1));
        all.put("sum", SequenceFilters::sum);
        all.put("batch", SequenceFilters::batch);
        all.put("slice", SequenceFilters::slice);
        all.put("items", plain((t, v, a) -> v instanceof Undefined ? new ArrayList<>() : pairs(t, v)));
        all.put("dictsort", SequenceFilters::sortedPairs);
        return all;
    }

    private static Object end(Toolbox toolbox, Object value, boolean first) {
        List<Object> items = Values.items(value);
        if (items.isEmpty()) {
            return toolbox.machine().undefined("there is no " + (first ? "first" : "last") + " item");
        }
        return items.get(first ? 0 : items.size() - 1);
    }

    private static List<Object> copy(Toolbox toolbox, List<Object> items) {
        toolbox.machine().budget().items(items.size());
        return new ArrayList<>(items);
    }

    private static Object reverse(Toolbox toolbox, Object value, Arguments arguments) {
        List<Object> items = copy(toolbox, Values.items(value));
        Collections.reverse(items);
        if (value instanceof String) {
            StringBuilder text = new StringBuilder();
            items.forEach(text::append);
            return text.toString();
        }
        return items;
    }

    private static Object join(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("d", "attribute");
        String separator = arguments.get(0, "d").map(toolbox::text).orElse("");
        List<String> parts = new ArrayList<>();
        long size = 0;
        for (Object item : Values.items(value)) {
            Object part = arguments
                    .unlessNone(1, "attribute")
                    .map(path -> toolbox.attribute(item, path))
                    .orElse(item);
            parts.add(toolbox.text(part));
            size += parts.get(parts.size() - 1).length() + separator.length();
        }
        toolbox.machine().budget().make(size);
        return String.join(separator, parts);
    }

    /** What items are compared by: a path of theirs, and without regard to capitals unless that is asked for. */
    static Function<Object, Object> key(Toolbox toolbox, Arguments arguments, int attribute, boolean caseSensitive) {
        return item -> {
            Object value = arguments
                    .unlessNone(attribute, "attribute")
                    .map(path -> toolbox.attribute(item, path))
                    .orElse(item);
            return folded(value, caseSensitive);
        };
    }

    static Object folded(Object value, boolean caseSensitive) {
        return !caseSensitive && value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
    }

    private static Object sort(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("reverse", "case_sensitive", "attribute");
        boolean caseSensitive = arguments.flag(1, "case_sensitive", false);
        List<Function<Object, Object>> keys = new ArrayList<>();
        Object paths = arguments.unlessNone(2, "attribute").orElse("");
        for (Object path : paths instanceof String text
                ? Splitting.split(toolbox.machine().budget(), text, java.util.Optional.of(","), -1)
                : List.of(paths)) {
            keys.add(item -> folded(path.equals("") ? item : toolbox.attribute(item, path), caseSensitive));
        }
        Comparator<Object> order = (one, other) -> {
            int result = 0;
            for (Function<Object, Object> key : keys) {
                result = result != 0 ? result : toolbox.machine().order().compare(key.apply(one), key.apply(other));
            }
            return result;
        };
        return sorted(toolbox, Values.items(value), order, arguments.flag(0, "reverse", false));
    }

    private static List<Object> sorted(Toolbox toolbox, List<Object> items, Comparator<Object> order, boolean reverse) {
        List<Object> sorted = copy(toolbox, items);
        sorted.sort(reverse ? order.reversed() : order);
        return sorted;
    }

    private static Object unique(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("case_sensitive", "attribute");
        Function<Object, Object> key = key(toolbox, arguments, 1, arguments.flag(0, "case_sensitive", false));
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : Values.items(value)) {
            Object wanted = key.apply(item);
            if (seen.stream().noneMatch(each -> toolbox.machine().order().equal(each, wanted))) {
                seen.add(wanted);
                unique.add(item);
            }
        }
        toolbox.machine().budget().items(unique.size());
        return unique;
    }

    private static Object extreme(Toolbox toolbox, Object value, Arguments arguments, int sign) {
        arguments.only("case_sensitive", "attribute");
        Function<Object, Object> key = key(toolbox, arguments, 1, arguments.flag(0, "case_sensitive", false));
        List<Object> items = Values.items(value);
        if (items.isEmpty()) {
            return toolbox.machine().undefined("there is no item to choose from");
        }
        Object best = items.get(0);
        for (Object item : items) {
            if (toolbox.machine().order().compare(key.apply(item), key.apply(best)) * sign > 0) {
                best = item;
            }
        }
        return best;
    }

    private static Object sum(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("attribute", "start");
        Arithmetic arithmetic = new Arithmetic(toolbox.machine());
        Object sum = arguments.get(1, "start").orElse(0L);
        for (Object item : Values.items(value)) {
            Object part = arguments
                    .unlessNone(0, "attribute")
                    .map(path -> toolbox.attribute(item, path))
                    .orElse(item);
            sum = arithmetic.apply("+", sum, part);
        }
        return sum;
    }

    private static Object batch(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("linecount", "fill_with");
        long size = arguments.number(0, "linecount");
        List<Object> items = Values.items(value);
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object item : items) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        if (!batch.isEmpty()) {
            if (arguments.unlessNone(1, "fill_with").isPresent()) {
                toolbox.machine().budget().items(Math.max(0, size));
                while (batch.size() < size) {
                    batch.add(arguments.need(1, "fill_with"));
                }
            }
            batches.add(batch);
        }
        toolbox.machine().budget().items((long) items.size() + batches.size());
        return batches;
    }

    private static Object slice(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("slices", "fill_with");
        long slices = arguments.number(0, "slices");
        if (slices < 1) {
            throw JinjaException.of("slice: the number of slices is less than 1");
        }
        List<Object> items = Values.items(value);
        toolbox.machine().budget().items(slices);
        toolbox.machine().budget().items(items.size());
        long each = items.size() / slices;
        long longer = items.size() % slices;
        List<Object> parts = new ArrayList<>();
        int position = 0;
        for (long i = 0; i < slices; i++) {
            int end = (int) (position + each + (i < longer ? 1 : 0));
            List<Object> part = new ArrayList<>(items.subList(position, end));
            if (i >= longer) {
                arguments.unlessNone(1, "fill_with").ifPresent(part::add);
            }
            parts.add(part);
            position = end;
        }
        return parts;
    }

    private static List<Object> pairs(Toolbox toolbox, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw JinjaException.of("expected a mapping, not " + Values.kind(value));
        }
        toolbox.machine().budget().items(map.size());
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, each) -> pairs.add(Tuple.of(key, each)));
        return pairs;
    }

    private static Object sortedPairs(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("case_sensitive", "by", "reverse");
        boolean caseSensitive = arguments.flag(0, "case_sensitive", false);
        String by = arguments.text(1, "by", "key");
        if (!by.equals("key") && !by.equals("value")) {
            throw JinjaException.of("dictsort: sorts by 'key' or 'value', not by '" + by + "'");
        }
        int part = by.equals("key") ? 0 : 1;
        Comparator<Object> order = (one, other) -> toolbox.machine()
                .order()
                .compare(
                        folded(((Tuple) one).get(part), caseSensitive),
                        folded(((Tuple) other).get(part), caseSensitive));
        return sorted(toolbox, pairs(toolbox, value), order, arguments.flag(2, "reverse", false));
    }
}
