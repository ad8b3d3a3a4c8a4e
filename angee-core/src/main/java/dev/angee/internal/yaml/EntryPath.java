package dev.angee.internal.yaml;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Follows a path of keys into a document as far as it is written there, and refuses what other places share. */
final class EntryPath {
    private final YamlSource source;
    private final List<String> path;
    private final List<YamlNode.Fields> maps = new ArrayList<>();
    private final List<YamlNode.Field> found = new ArrayList<>();

    private EntryPath(YamlSource source, List<String> path) {
        this.source = source;
        this.path = path;
    }

    /** Follows the path; stops at the first key that is not written, or whose value is nothing. */
    static EntryPath follow(YamlSource source, List<String> path) {
        if (path.isEmpty() || path.contains("")) {
            throw new InvalidInputException("path", path + " names no entry; give one key or more, none of them empty");
        }
        EntryPath entry = new EntryPath(source, List.copyOf(path));
        entry.walk();
        return entry;
    }

    private void walk() {
        YamlNode at = source.root();
        for (int i = 0; i < path.size(); i++) {
            refuseShared(at);
            if (at.isNull()) {
                return;
            }
            if (!(at instanceof YamlNode.Fields map)) {
                throw conflict("'" + String.join(".", path.subList(0, i)) + "' is not a map");
            }
            maps.add(map);
            Optional<YamlNode.Field> field = named(map, path.get(i));
            if (field.isEmpty()) {
                return;
            }
            found.add(field.get());
            at = field.get().value();
        }
    }

    private Optional<YamlNode.Field> named(YamlNode.Fields map, String key) {
        List<YamlNode.Field> fields = map.named(key);
        if (fields.size() > 1) {
            throw conflict("'" + key + "' is written twice; the first stands in line "
                    + source.place(fields.get(0).key().start()).line());
        }
        return fields.stream().findFirst();
    }

    private void refuseShared(YamlNode node) {
        if (node instanceof YamlNode.Alias alias) {
            throw conflict("it stands in what '*" + alias.name() + "' takes from line "
                    + source.place(alias.target().start()).line() + "; change it there");
        }
        for (YamlNode.Alias alias : source.aliases()) {
            if (alias.target() == node) {
                throw conflict("it stands in '&" + alias.name() + "', which line "
                        + source.place(alias.start()).line() + " uses too");
            }
        }
    }

    /** Refuses to change what is named here and used elsewhere. */
    void refuseLooseEnds(YamlNode.Field field) {
        int from = field.key().start();
        int to = Math.max(field.key().end(), field.value().end());
        for (YamlNode.Alias alias : source.aliases()) {
            boolean namedInside =
                    alias.target().start() >= from && alias.target().end() <= to;
            boolean usedInside = alias.start() >= from && alias.end() <= to;
            if (namedInside && !usedInside) {
                throw conflict("it names '&" + alias.name() + "', which line "
                        + source.place(alias.start()).line() + " uses");
            }
        }
    }

    /** Refuses to write beside what a merge key brings in: it would hide it, and not only change one entry of it. */
    void refuseMerged(String key) {
        YamlNode.Fields map = maps.get(maps.size() - 1);
        boolean merged = map.fields().stream().anyMatch(YamlNode.Field::isMerge)
                && ((YamlValue.Fields) YamlValue.of(map)).fields().containsKey(key);
        if (merged) {
            throw conflict("'" + key + "' comes from a merge key ('<<'); change it where it is written");
        }
    }

    /** The field that the whole path leads to. */
    Optional<YamlNode.Field> target() {
        return found.size() == path.size() ? Optional.of(found.get(found.size() - 1)) : Optional.empty();
    }

    /** The last field on the path that is written. */
    Optional<YamlNode.Field> last() {
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
    }

    /** The maps that were walked through, the root first. */
    List<YamlNode.Fields> maps() {
        return maps;
    }

    /** The map that holds the last written field, or that the next key is missing from. */
    YamlNode.Fields parent() {
        return maps.get(maps.size() - 1);
    }

    /** The map that holds a field found on the path. */
    YamlNode.Fields parentOf(YamlNode.Field field) {
        return maps.get(found.indexOf(field));
    }

    /** Whether the walk ended in a field without a value, which may become a map. */
    boolean endsInNothing() {
        return found.size() == maps.size() && found.size() < path.size();
    }

    /** The keys that are not written. */
    List<String> missing() {
        return path.subList(found.size(), path.size());
    }

    /** The offset before which nothing belongs to the field: the end of the one before it, or of the map's own key. */
    int floor(YamlNode.Field field) {
        int index = parent().fields().indexOf(field);
        if (index > 0) {
            YamlNode.Field before = parent().fields().get(index - 1);
            return Math.max(before.key().end(), before.value().end());
        }
        return found.size() < 2 ? 0 : found.get(found.size() - 2).key().end();
    }

    ConflictException conflict(String reason) {
        return new ConflictException("entry", String.join(".", path), "in " + source.file() + ": " + reason);
    }

    AngeeException unsupported(String layout) {
        return new AngeeException(
                ErrorCode.UNSUPPORTED,
                source.file() + ": entry '" + String.join(".", path) + "' cannot be changed: " + layout
                        + "; edit the file by hand");
    }
}
