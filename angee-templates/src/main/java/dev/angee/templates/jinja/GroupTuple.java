package dev.angee.templates.jinja;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A key and the items that have it: two items, which also have names. */
final class GroupTuple extends AbstractList<Object> implements Members {
    private final Object key;
    private final List<Object> items;

    GroupTuple(Object key, List<Object> items) {
        this.key = key;
        this.items = items;
    }

    @Override
    public Object get(int index) {
        return Objects.checkIndex(index, 2) == 0 ? key : items;
    }

    @Override
    public int size() {
        return 2;
    }

    @Override
    public Optional<Object> member(String name) {
        return switch (name) {
            case "grouper" -> Optional.of(key);
            case "list" -> Optional.of(items);
            default -> Optional.empty();
        };
    }
}
