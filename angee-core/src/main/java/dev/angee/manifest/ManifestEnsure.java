package dev.angee.manifest;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.internal.yaml.CoreType;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes sure that a manifest holds values that a template needs: sets what is missing, leaves what is equal, and never
 * replaces what is different. What counts is what is written: a setting that is absent is missing, whatever it defaults to.
 * Pure and thread-safe.
 *
 * <p>A path is keys joined by dots, {@code operator.port_pool.web}; a dot or a backslash inside a key is written with a
 * backslash before it, {@code services.a\.b.image}.
 */
public final class ManifestEnsure {
    private ManifestEnsure() {}

    /**
     * Makes sure of all values or of none, in the order of their paths.
     *
     * @param file what to call the manifest in problems
     * @param text the manifest
     * @param required the values by path: maps, lists, text, numbers and truth values
     * @param options what the result must pass
     * @throws ConflictException if a path has another value, naming path, existing and wanted; or leads through something
     *     that is no map, naming that
     * @throws InvalidInputException if a path or a key in it is empty, or a value cannot be written
     * @throws InvalidDocumentException if the check refuses the result, or the text is no YAML
     */
    public static EnsureResult apply(String file, String text, Map<String, ?> required, EditOptions options) {
        ManifestEditor editor = ManifestEditor.of(file, text, options);
        List<String> added = List.copyOf(in(editor, file, required, options).keySet());
        options.check().check(file, editor.text());
        return new EnsureResult(editor.text(), added);
    }

    /**
     * Makes sure of all values in what is being edited, in the order of their paths. Whoever saves it has it checked.
     *
     * @param editor what is being edited
     * @param file what to call the manifest in problems
     * @param required the values by path
     * @param options the limits it keeps
     * @return how to take back what was set, by path; undo the last first
     * @throws ConflictException as {@link #apply}; some values may be set by then
     * @throws InvalidInputException as {@link #apply}
     */
    public static SortedMap<String, ManifestEdit> in(
            ManifestEditor editor, String file, Map<String, ?> required, EditOptions options) {
        SortedMap<String, ManifestEdit> added = new TreeMap<>();
        new TreeMap<>(required).forEach((path, wanted) -> {
            if (isMissing(file, editor.text(), path, YamlValue.of(wanted), options)) {
                added.put(path, editor.put(keys(path), wanted));
            }
        });
        return added;
    }

    /** One key as a part of a path. */
    public static String key(String key) {
        return key.replace("\\", "\\\\").replace(".", "\\.");
    }

    private static boolean isMissing(String file, String text, String path, YamlValue wanted, EditOptions options) {
        YamlValue root =
                YamlValue.of(YamlSource.parse(file, text, options.limits()).root());
        List<String> keys = keys(path);
        for (int i = 1; i < keys.size(); i++) {
            Optional<YamlValue> middle = existing(root, keys.subList(0, i));
            if (middle.filter(value -> !value.isNull() && !(value instanceof YamlValue.Fields))
                    .isPresent()) {
                throw new ConflictException(
                        "ensure", path, "'" + String.join(".", keys.subList(0, i)) + "' in " + file + " is not a map");
            }
        }
        Optional<YamlValue> existing = existing(root, keys);
        if (existing.map(YamlValue::isNull).orElse(true)) {
            return true;
        }
        if (!same(existing.get(), wanted)) {
            throw new ConflictException(
                    "ensure",
                    path,
                    "is " + Masking.inline(keys, existing.get()) + " in " + file + " and must be "
                            + Masking.inline(keys, wanted) + "; change it there, or in the template");
        }
        return false;
    }

    private static Optional<YamlValue> existing(YamlValue root, List<String> keys) {
        Optional<YamlValue> at = Optional.of(root);
        for (String key : keys) {
            at = at.filter(YamlValue.Fields.class::isInstance)
                    .map(map -> ((YamlValue.Fields) map).fields().get(key));
        }
        return at;
    }

    /** Equal as the manifest's reader sees it: it takes {@code 12} for the text {@code "12"}, and order of keys is nothing. */
    private static boolean same(YamlValue existing, YamlValue wanted) {
        if (existing instanceof YamlValue.Text a && wanted instanceof YamlValue.Text b) {
            return a.text().equals(b.text()) && (a.type() == CoreType.NULL) == (b.type() == CoreType.NULL);
        }
        if (existing instanceof YamlValue.Items a && wanted instanceof YamlValue.Items b) {
            Iterator<YamlValue> other = b.items().iterator();
            return a.items().size() == b.items().size()
                    && a.items().stream().allMatch(item -> same(item, other.next()));
        }
        return existing instanceof YamlValue.Fields a
                && wanted instanceof YamlValue.Fields b
                && a.fields().keySet().equals(b.fields().keySet())
                && a.fields().entrySet().stream()
                        .allMatch(field -> Optional.ofNullable(b.fields().get(field.getKey()))
                                .filter(other -> same(field.getValue(), other))
                                .isPresent());
    }

    private static List<String> keys(String path) {
        List<String> keys = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' && i + 1 < path.length() && ".\\".indexOf(path.charAt(i + 1)) >= 0) {
                key.append(path.charAt(++i));
            } else if (c == '.') {
                keys.add(key.toString());
                key.setLength(0);
            } else {
                key.append(c);
            }
        }
        keys.add(key.toString());
        if (keys.contains("")) {
            throw new InvalidInputException("ensure", "'" + path + "' has an empty key; write keys joined by dots");
        }
        return keys;
    }
}
