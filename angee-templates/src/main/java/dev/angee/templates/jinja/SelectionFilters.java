package dev.angee.templates.jinja;

import dev.angee.templates.jinja.Filters.Filter;
import dev.angee.templates.jinja.Filters.Toolbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** Filters that choose items or make others of them, and what stands in for a missing value. */
final class SelectionFilters {
    private SelectionFilters() {}

    static Map<String, Filter> all() {
        Map<String, Filter> all = new TreeMap<>();
        all.put("default", SelectionFilters::standard);
        all.put("d", SelectionFilters::standard);
        all.put("map", SelectionFilters::map);
        all.put("select", (t, v, a) -> chosen(t, v, test(t, a, Function.identity())));
        all.put(
                "reject",
                (t, v, a) -> chosen(t, v, test(t, a, Function.identity()).negate()));
        all.put("selectattr", (t, v, a) -> chosen(t, v, attributeTest(t, a)));
        all.put("rejectattr", (t, v, a) -> chosen(t, v, attributeTest(t, a).negate()));
        all.put("groupby", SelectionFilters::groups);
        all.put(
                "attr",
                (t, v, a) ->
                        t.machine().undefined("values have no attributes but items; write x." + a.need(0, "name")));
        all.put("ternary", SelectionFilters::ternary);
        all.put("mandatory", SelectionFilters::mandatory);
        return all;
    }

    private static Object standard(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("default_value", "boolean");
        boolean missing = value instanceof Undefined || (arguments.flag(1, "boolean", false) && !Values.isTrue(value));
        return missing ? arguments.get(0, "default_value").orElse("") : value;
    }

    private static Object map(Toolbox toolbox, Object value, Arguments arguments) {
        Function<Object, Object> each;
        if (arguments.positional().isEmpty()) {
            arguments.only("attribute", "default");
            Object path = arguments.need(0, "attribute");
            each = item -> {
                Object found = toolbox.attribute(item, path);
                return found instanceof Undefined ? arguments.get(1, "default").orElse(found) : found;
            };
        } else {
            String name = arguments.text(0, "name");
            Arguments rest = arguments.rest();
            each = item -> toolbox.filters().apply(name, item, rest);
        }
        List<Object> mapped = new ArrayList<>();
        for (Object item : itemsIfAny(value)) {
            mapped.add(each.apply(item));
        }
        toolbox.machine().budget().items(mapped.size());
        return mapped;
    }

    /** These filters take anything that is false, also what has no items, for an empty list. */
    private static List<Object> itemsIfAny(Object value) {
        return Values.isTrue(value) ? Values.items(value) : List.of();
    }

    private static Object chosen(Toolbox toolbox, Object value, Predicate<Object> test) {
        List<Object> chosen = new ArrayList<>();
        for (Object item : itemsIfAny(value)) {
            toolbox.machine().budget().step();
            if (test.test(item)) {
                chosen.add(item);
            }
        }
        toolbox.machine().budget().items(chosen.size());
        return chosen;
    }

    private static Predicate<Object> attributeTest(Toolbox toolbox, Arguments arguments) {
        Object path = arguments.need(0, "attribute");
        return test(toolbox, arguments.rest(), item -> toolbox.attribute(item, path));
    }

    /** The test that the arguments name, or whether a value is true. */
    private static Predicate<Object> test(Toolbox toolbox, Arguments arguments, Function<Object, Object> of) {
        Optional<Object> name = arguments.get(0, "name");
        if (name.isEmpty()) {
            return item -> Values.isTrue(of.apply(item));
        }
        Arguments rest = arguments.rest();
        String test = arguments.text(0, "name");
        return item -> toolbox.checks().holds(test, of.apply(item), rest);
    }

    /** Items with the same key together, in the order of the keys. */
    private static Object groups(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("attribute", "default", "case_sensitive");
        boolean caseSensitive = arguments.flag(2, "case_sensitive", false);
        Object path = arguments.need(0, "attribute");
        Function<Object, Object> key = item -> {
            Object found = toolbox.attribute(item, path);
            return found instanceof Undefined ? arguments.get(1, "default").orElse(found) : found;
        };
        List<Object> items = new ArrayList<>(Values.items(value));
        Order order = toolbox.machine().order();
        items.sort((one, other) -> order.compare(
                SequenceFilters.folded(key.apply(one), caseSensitive),
                SequenceFilters.folded(key.apply(other), caseSensitive)));
        List<Group> groups = new ArrayList<>();
        for (Object item : items) {
            Object folded = SequenceFilters.folded(key.apply(item), caseSensitive);
            if (groups.isEmpty() || !order.equal(groups.get(groups.size() - 1).folded(), folded)) {
                groups.add(new Group(key.apply(item), folded, new ArrayList<>()));
            }
            groups.get(groups.size() - 1).items().add(item);
        }
        toolbox.machine().budget().items(2L * items.size());
        return new ArrayList<Object>(groups.stream().map(Group::value).toList());
    }

    private record Group(Object key, Object folded, List<Object> items) {
        Object value() {
            return new GroupTuple(key, items);
        }
    }

    private static Object ternary(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("true_val", "false_val", "none_val");
        if (value == None.NONE && arguments.get(2, "none_val").isPresent()) {
            return arguments.need(2, "none_val");
        }
        return Values.isTrue(value) ? arguments.need(0, "true_val") : arguments.need(1, "false_val");
    }

    private static Object mandatory(Toolbox toolbox, Object value, Arguments arguments) {
        if (value instanceof Undefined undefined) {
            throw JinjaException.of(
                    arguments.unlessNone(0, "msg").map(toolbox::text).orElse(undefined.what()));
        }
        return value;
    }
}
