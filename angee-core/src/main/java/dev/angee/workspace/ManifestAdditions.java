package dev.angee.workspace;

import dev.angee.manifest.EditOptions;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestEdit;
import dev.angee.manifest.ManifestEditor;
import dev.angee.manifest.ManifestEnsure;
import dev.angee.manifest.ManifestReader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a template wants to be in the manifest of the root: what is missing is set, what is equal is left, and what is different is
 * a conflict.
 */
final class ManifestAdditions {
    private final Path file;
    private final Map<String, Object> required;

    private ManifestAdditions(Path file, Map<String, Object> required) {
        this.file = file;
        this.required = Collections.unmodifiableMap(new TreeMap<>(required));
    }

    static ManifestAdditions of(Path file, Map<String, Object> required) {
        return new ManifestAdditions(file, required);
    }

    /** These, and a source that is not declared. */
    ManifestAdditions source(String name, Map<String, Object> declaration) {
        Map<String, Object> more = new TreeMap<>(required);
        more.putIfAbsent("sources." + ManifestEnsure.key(name), declaration);
        return new ManifestAdditions(file, more);
    }

    /** The manifest as it will be. Writes nothing. */
    Manifest preview() {
        ManifestReader reader = new ManifestReader();
        if (required.isEmpty()) {
            return reader.read(file);
        }
        String text = ManifestEditor.open(file).text();
        String name = file.toString();
        return reader.read(
                name,
                ManifestEnsure.apply(name, text, required, EditOptions.defaults())
                        .text());
    }

    /**
     * Writes them, with the manifest's lock held.
     *
     * @param remember is told how to take it back, before it is done
     */
    void write(Consumer<List<ManifestEdit>> remember) {
        if (required.isEmpty()) {
            return;
        }
        EditOptions options = EditOptions.defaults();
        var unused = ManifestEditor.edit(file, options, editor -> {
            List<ManifestEdit> edits = List.copyOf(ManifestEnsure.in(editor, file.toString(), required, options)
                    .values());
            if (!edits.isEmpty()) {
                remember.accept(edits);
            }
        });
    }

    /** Takes what was made of them back: what is gone is no error, and what has another value by now stays. */
    static void takeBack(Path file, Making making) {
        if (making.edits().isEmpty()) {
            return;
        }
        var unused = ManifestEditor.edit(
                file,
                editor -> making.editsBackwards().stream()
                        .filter(edit -> editor.has(edit.path()))
                        .forEach(editor::undo));
    }
}
