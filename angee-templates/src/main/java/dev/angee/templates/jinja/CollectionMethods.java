package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The methods of lists and mappings that templates use. */
final class CollectionMethods {
    private final Machine machine;

    CollectionMethods(Machine machine) {
        this.machine = machine;
    }

    Optional<Callable> of(Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            return Optional.ofNullable(ofMapping(Values.cast(map), name));
        }
        if (value instanceof List<?> list) {
            boolean fixed = value instanceof Tuple || value instanceof Range;
            return Optional.ofNullable(asking(list, name))
                    .or(() -> fixed ? Optional.empty() : Optional.ofNullable(changing(Values.cast(list), name)));
        }
        return Optional.empty();
    }

    private @Nullable Callable ofMapping(Map<Object, Object> map, String name) {
        return switch (name) {
            case "items" -> a -> items(map);
            case "keys" -> a -> counted(new ArrayList<>(map.keySet()));
            case "values" -> a -> counted(new ArrayList<>(map.values()));
            case "get" ->
                a -> {
                    Object found = map.get(Access.key(a.need(0, "key")));
                    return found == null ? a.get(1, "default").orElse(None.NONE) : found;
                };
            case "copy" -> a -> copy(map);
            case "update" ->
                a -> {
                    update(map, a);
                    return None.NONE;
                };
            case "setdefault" ->
                a -> {
                    Object value = a.get(1, "default").orElse(None.NONE);
                    machine.budget().items(1);
                    Object before = map.putIfAbsent(Access.key(a.need(0, "key")), value);
                    return before == null ? value : before;
                };
            case "pop" ->
                a -> {
                    Object removed = map.remove(Access.key(a.need(0, "key")));
                    return removed == null ? a.need(1, "default") : removed;
                };
            default -> null;
        };
    }

    private List<Object> items(Map<Object, Object> map) {
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return counted(items);
    }

    private Object copy(Map<Object, Object> map) {
        machine.budget().items(map.size());
        return new LinkedHashMap<>(map);
    }

    private void update(Map<Object, Object> map, Arguments arguments) {
        Map<Object, Object> more = new LinkedHashMap<>(arguments.named());
        arguments.get(0, "other").ifPresent(other -> {
            if (!(other instanceof Map<?, ?> given)) {
                throw JinjaException.of("update() needs a mapping");
            }
            more.putAll(given);
        });
        machine.budget().items(more.size());
        map.putAll(more);
    }

    private List<Object> counted(List<Object> items) {
        machine.budget().items(items.size());
        return items;
    }

    private @Nullable Callable asking(List<?> list, String name) {
        return switch (name) {
            case "index" -> a -> index(list, a);
            case "count" ->
                a -> list.stream()
                        .filter(item -> machine.order().equal(item, a.need(0, "value")))
                        .count();
            default -> null;
        };
    }

    private void moving(List<Object> list) {
        machine.budget().steps(list.size() / 16);
    }

    private long index(List<?> list, Arguments arguments) {
        Object wanted = arguments.need(0, "value");
        for (int i = 0; i < list.size(); i++) {
            if (machine.order().equal(list.get(i), wanted)) {
                return i;
            }
        }
        throw JinjaException.of(arguments.function() + ": the value is not in the list");
    }

    private @Nullable Callable changing(List<Object> list, String name) {
        return switch (name) {
            case "append" ->
                a -> {
                    machine.budget().items(1);
                    list.add(a.need(0, "object"));
                    return None.NONE;
                };
            case "extend" ->
                a -> {
                    List<Object> more = List.copyOf(Values.items(a.need(0, "iterable")));
                    machine.budget().items(more.size());
                    list.addAll(more);
                    return None.NONE;
                };
            case "insert" ->
                a -> {
                    moving(list);
                    machine.budget().items(1);
                    long index = a.number(0, "index");
                    long wanted = index < 0 ? index + list.size() : index;
                    list.add((int) Math.max(0, Math.min(list.size(), wanted)), a.need(1, "object"));
                    return None.NONE;
                };
            case "pop" ->
                a -> {
                    moving(list);
                    long index = a.number(0, "index", -1);
                    long wanted = index < 0 ? index + list.size() : index;
                    if (wanted < 0 || wanted >= list.size()) {
                        throw JinjaException.of("pop(): there is no such item");
                    }
                    return list.remove((int) wanted);
                };
            case "remove" ->
                a -> {
                    moving(list);
                    list.remove((int) index(list, a));
                    return None.NONE;
                };
            case "reverse" ->
                a -> {
                    moving(list);
                    java.util.Collections.reverse(list);
                    return None.NONE;
                };
            case "sort" ->
                a -> {
                    moving(list);
                    list.sort(
                            a.flag(0, "reverse", false)
                                    ? (x, y) -> machine.order().compare(y, x)
                                    : machine.order()::compare);
                    return None.NONE;
                };
            case "copy" -> a -> counted(new ArrayList<>(list));
            default -> null;
        };
    }
}
