package dev.angee.expression;

import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an expression can name, and the values: {@code ports.web}, {@code inputs.base}, {@code name}… Immutable; a scope
 * that adds to another shares it.
 */
public final class Scope {
    private static final String SECRET = "secret.";

    private final NavigableMap<String, Text> values;
    private final @Nullable Scope outer;

    private Scope(NavigableMap<String, Text> values, @Nullable Scope outer) {
        this.values = values;
        this.outer = outer;
    }

    /** A scope with these values, by their full path. */
    public static Scope of(Map<String, String> values) {
        return new Scope(texts(values), null);
    }

    /** This scope and one more value; a value of the same path is replaced. */
    public Scope with(String path, String value) {
        return with(Map.of(path, value));
    }

    /** This scope and more values; values of the same paths are replaced. */
    public Scope with(Map<String, String> more) {
        return new Scope(texts(more), this);
    }

    /** This scope and secrets, each as {@code secret.<name>}. */
    public Scope withSecrets(Set<SecretName> names) {
        NavigableMap<String, Text> more = new TreeMap<>();
        names.forEach(name -> more.put(SECRET + name, Text.secret(name)));
        return new Scope(more, this);
    }

    /** The value at a path. */
    public Optional<Text> find(String path) {
        Text value = values.get(path);
        return value != null || outer == null ? Optional.ofNullable(value) : outer.find(path);
    }

    /** Every path that has a value and begins like this; every path if none does. */
    SortedSet<String> paths(String prefix) {
        SortedSet<String> all = new TreeSet<>();
        for (Scope each = this; each != null; each = each.outer) {
            all.addAll(each.values.keySet());
        }
        SortedSet<String> like = new TreeSet<>(all);
        like.removeIf(path -> !path.startsWith(prefix));
        return prefix.isEmpty() || like.isEmpty() ? all : like;
    }

    private static NavigableMap<String, Text> texts(Map<String, String> values) {
        NavigableMap<String, Text> texts = new TreeMap<>();
        values.forEach((path, value) -> texts.put(path, Text.of(value)));
        return texts;
    }
}
