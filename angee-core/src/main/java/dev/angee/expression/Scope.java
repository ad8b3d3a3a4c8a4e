package dev.angee.expression;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an expression can name, and the values: {@code ports.web}, {@code inputs.base}, {@code name}… */
public final class Scope {
    private final NavigableMap<String, String> values;

    private Scope(NavigableMap<String, String> values) {
        this.values = values;
    }

    /** A scope with these values, by their full path. */
    public static Scope of(Map<String, String> values) {
        return new Scope(new TreeMap<>(values));
    }

    /** This scope and one more value; a value of the same path is replaced. */
    public Scope with(String path, String value) {
        NavigableMap<String, String> more = new TreeMap<>(values);
        more.put(path, value);
        return new Scope(more);
    }

    /** The value at a path. */
    public Optional<String> find(String path) {
        return Optional.ofNullable(values.get(path));
    }

    /** Every path that has a value. */
    public SortedSet<String> paths() {
        return new TreeSet<>(values.keySet());
    }
}
