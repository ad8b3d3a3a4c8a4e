package dev.angee.internal.yaml;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Changes one entry of a text. A change is made in the text, then read back: it stands only if the entry is now what it
 * should be, and every other is what it was. A layout that the editing does not understand is therefore refused, never
 * broken.
 *
 * @param splice the change
 * @param source the text with it
 */
public record YamlEdit(Splice splice, YamlSource source) {
    /** Gives an entry a value; makes the maps around it that are missing. */
    public static YamlEdit put(YamlSource source, List<String> path, NewValue value, YamlLimits limits) {
        Predicate<YamlSource> done = after -> at(after.root(), path)
                .filter(node -> YamlValue.of(node).equals(value.value()))
                .isPresent();
        return Stream.of(value, NewValue.of(value.value()))
                .map(form -> tried(source, new EntryPut(source, path, form).splice(), path, done, limits))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> notUnderstood(source, path));
    }

    /** Takes an entry away. */
    public static YamlEdit remove(YamlSource source, List<String> path, YamlLimits limits) {
        Splice splice = new EntryRemoval(source, path).splice();
        return tried(source, splice, path, after -> at(after.root(), path).isEmpty(), limits)
                .orElseThrow(() -> notUnderstood(source, path));
    }

    /** Makes a known change of one entry, if it is one. */
    public static Optional<YamlEdit> apply(YamlSource source, Splice splice, List<String> path, YamlLimits limits) {
        return tried(source, splice, path, after -> true, limits);
    }

    /** What is written at a path. */
    public static Optional<YamlNode> at(YamlNode.Fields root, List<String> path) {
        Optional<YamlNode> at = Optional.of(root);
        for (String key : path) {
            at = at.map(node -> node instanceof YamlNode.Alias alias ? alias.target() : node)
                    .filter(YamlNode.Fields.class::isInstance)
                    .flatMap(
                            node -> ((YamlNode.Fields) node).named(key).stream().findFirst())
                    .map(YamlNode.Field::value);
        }
        return at;
    }

    private static Optional<YamlEdit> tried(
            YamlSource source, Splice splice, List<String> path, Predicate<YamlSource> done, YamlLimits limits) {
        try {
            YamlSource after = YamlSource.parse(source.file(), splice.applyTo(source.text()), limits);
            return done.test(after) && sameElsewhere(source.root(), after.root(), path)
                    ? Optional.of(new YamlEdit(splice, after))
                    : Optional.empty();
        } catch (InvalidDocumentException e) {
            if (splice.applyTo(source.text()).length() > limits.length()) {
                throw e;
            }
            return Optional.empty(); // the change does not fit the layout; the caller says so
        }
    }

    private static AngeeException notUnderstood(YamlSource source, List<String> path) {
        return new AngeeException(
                ErrorCode.UNSUPPORTED,
                source.file() + ": entry '" + String.join(".", path)
                        + "' cannot be changed without changing others in this layout; edit the file by hand");
    }

    /** Whether two maps differ at a path at most. */
    private static boolean sameElsewhere(YamlNode.Fields before, YamlNode.Fields after, List<String> path) {
        String key = path.get(0);
        if (!before.head().anchor().equals(after.head().anchor())
                || !sameFields(others(before, key), others(after, key))) {
            return false;
        }
        List<String> rest = path.subList(1, path.size());
        return rest.isEmpty() || sameBelow(value(before, key), value(after, key), rest);
    }

    private static boolean sameBelow(Optional<YamlNode> before, Optional<YamlNode> after, List<String> rest) {
        boolean had = before.filter(YamlNode.Fields.class::isInstance).isPresent();
        boolean has = after.filter(YamlNode.Fields.class::isInstance).isPresent();
        if (had && has) {
            return sameElsewhere((YamlNode.Fields) before.get(), (YamlNode.Fields) after.get(), rest);
        }
        if (had || has) {
            YamlNode.Fields only = (YamlNode.Fields) (had ? before : after).get();
            boolean otherIsNothing =
                    (had ? after : before).map(YamlNode::isNull).orElse(true);
            return otherIsNothing
                    && others(only, rest.get(0)).isEmpty()
                    && (rest.size() == 1
                            || sameBelow(
                                    had ? value(only, rest.get(0)) : Optional.empty(),
                                    had ? Optional.empty() : value(only, rest.get(0)),
                                    rest.subList(1, rest.size())));
        }
        return same(before, after);
    }

    private static boolean same(Optional<YamlNode> before, Optional<YamlNode> after) {
        return before.isPresent() == after.isPresent() && (before.isEmpty() || same(before.get(), after.get()));
    }

    private static List<YamlNode.Field> others(YamlNode.Fields map, String key) {
        return map.fields().stream().filter(field -> !field.isNamed(key)).toList();
    }

    private static Optional<YamlNode> value(YamlNode.Fields map, String key) {
        return map.named(key).stream().findFirst().map(YamlNode.Field::value);
    }

    private static boolean sameFields(List<YamlNode.Field> before, List<YamlNode.Field> after) {
        if (before.size() != after.size()) {
            return false;
        }
        Iterator<YamlNode.Field> other = after.iterator();
        return before.stream().allMatch(field -> {
            YamlNode.Field match = other.next();
            return same(field.key(), match.key()) && same(field.value(), match.value());
        });
    }

    /** Whether two nodes are written alike, but for where. */
    private static boolean same(YamlNode before, YamlNode after) {
        if (!before.head().anchor().equals(after.head().anchor())
                || !before.head().tag().equals(after.head().tag())) {
            return false;
        }
        if (before instanceof YamlNode.Scalar a && after instanceof YamlNode.Scalar b) {
            return a.text().equals(b.text()) && a.style() == b.style();
        }
        if (before instanceof YamlNode.Alias a && after instanceof YamlNode.Alias b) {
            return a.name().equals(b.name());
        }
        if (before instanceof YamlNode.Items a && after instanceof YamlNode.Items b) {
            Iterator<YamlNode> other = b.items().iterator();
            return a.items().size() == b.items().size()
                    && a.items().stream().allMatch(item -> same(item, other.next()));
        }
        return before instanceof YamlNode.Fields a
                && after instanceof YamlNode.Fields b
                && sameFields(a.fields(), b.fields());
    }
}
