package dev.angee.manifest;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.internal.yaml.NewValue;
import dev.angee.internal.yaml.YamlDocument;
import dev.angee.internal.yaml.YamlEdit;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Edits single entries of a manifest's text. Every byte outside the entry stays as it is: comments, order, quotes, line
 * breaks. An entry is named by its keys, for example {@code List.of("services", "web", "env", "A")}; lists are not
 * entered.
 *
 * <p>To an entry belong its key and value, what stands behind them in their last line, and the comments directly above its
 * key that are indented like the key; not a block of comments that begins the file. In a map in braces only key, value and
 * one comma belong to it. An entry that an anchor, an alias or a merge key shares with another place is refused, for
 * changing it would change the other place too.
 *
 * <pre>{@code
 * ManifestEditor.edit(root.resolve("angee.yaml"), editor -> editor.put(List.of("services", "web", "image"), "busybox:1.37"));
 * }</pre>
 *
 * <p>Not thread-safe; but any number of editors, in any number of JVMs, may have the same file open.
 */
public final class ManifestEditor {
    private static final int CONTEXT = 160;
    private static final int MOST_TRIES = 20;

    private final EditOptions options;
    private final @Nullable ManifestFile file;
    private byte[] saved;
    private YamlSource source;
    private SaveOutcome outcome = SaveOutcome.UNCHANGED;

    private ManifestEditor(@Nullable ManifestFile file, byte[] saved, YamlSource source, EditOptions options) {
        this.file = file;
        this.saved = saved;
        this.source = source;
        this.options = options;
    }

    /**
     * Edits a text in memory.
     *
     * @param fileName what to call it in problems
     * @param text one YAML document that is a map
     * @throws InvalidDocumentException if it is not
     */
    public static ManifestEditor of(String fileName, String text) {
        return of(fileName, text, EditOptions.defaults());
    }

    /**
     * Edits a text in memory.
     *
     * @param fileName what to call it in problems
     * @param text one YAML document that is a map
     * @param options the limits it keeps
     * @throws InvalidDocumentException if it does not, or is no such document
     */
    public static ManifestEditor of(String fileName, String text, EditOptions options) {
        return new ManifestEditor(null, new byte[0], YamlSource.parse(fileName, text, options.limits()), options);
    }

    /**
     * Opens a file with the default options.
     *
     * @param file the manifest
     * @throws NotFoundException if there is none
     * @throws InvalidDocumentException if it is not one YAML document that is a map
     */
    public static ManifestEditor open(Path file) {
        return open(file, EditOptions.defaults());
    }

    /**
     * Opens a file, and remembers what it holds. Takes no lock: {@link #save} finds out whether somebody else was faster.
     *
     * @param file the manifest; a symbolic link is followed now, and its target is what will be replaced
     * @param options how to read and to save it
     * @throws NotFoundException if there is none
     * @throws InvalidDocumentException if it is not one YAML document that is a map
     */
    public static ManifestEditor open(Path file, EditOptions options) {
        ManifestFile manifest = ManifestFile.of(file);
        byte[] bytes = manifest.bytes(options.limits());
        YamlSource source = YamlSource.parse(manifest.name(), manifest.text(bytes), options.limits());
        return new ManifestEditor(manifest, bytes, source, options);
    }

    /** {@link #edit(Path, EditOptions, Consumer)} with the default options. */
    public static SaveOutcome edit(Path file, Consumer<ManifestEditor> change) {
        return edit(file, EditOptions.defaults(), change);
    }

    /**
     * Opens, changes and saves a file with its lock held, so that no other editor comes between. If somebody who knows no
     * lock does, the change is made again on what the file holds then.
     *
     * @param file the manifest
     * @param options how to read and to save it
     * @param change what to do; may be called more than once, and must not open the same file itself
     * @throws ConflictException if the lock is not free in time, or the file keeps changing
     * @throws InvalidDocumentException if the result is refused by the check; nothing was written
     */
    public static SaveOutcome edit(Path file, EditOptions options, Consumer<ManifestEditor> change) {
        for (int tries = 1; ; tries++) {
            ManifestFile manifest = ManifestFile.of(file);
            try (ManifestFile.Held held = manifest.lock("edit " + manifest.name(), options.patience())) {
                ManifestEditor editor = open(file, options);
                Optional<ConflictException> raced = editor.file().equals(manifest)
                        ? editor.changeLocked(held, change)
                        : Optional.of(manifest.relinked()); // the locks are those of the old target
                if (raced.isEmpty()) {
                    return editor.outcome;
                }
                if (tries == MOST_TRIES) {
                    throw raced.get();
                }
            }
        }
    }

    /**
     * Does something with a file's lock held, so that no editor comes between: for whoever replaces it together with other files.
     *
     * @param file the manifest
     * @param options how long to wait
     * @param work what to do; must not edit the same file with an editor
     * @return what it returns
     * @throws NotFoundException if there is no such file
     * @throws ConflictException if the lock is not free in time
     */
    public static <T> T whileLocked(Path file, EditOptions options, Supplier<T> work) {
        ManifestFile manifest = ManifestFile.of(file);
        try (ManifestFile.Held held = manifest.lock("change " + manifest.name(), options.patience())) {
            held.check();
            return work.get();
        }
    }

    /**
     * The same, with the locks of several files held.
     *
     * @param files the manifests, in an order that all have who lock more than one of them
     */
    public static <T> T whileAllLocked(List<Path> files, EditOptions options, Supplier<T> work) {
        return files.isEmpty()
                ? work.get()
                : whileLocked(
                        files.get(0), options, () -> whileAllLocked(files.subList(1, files.size()), options, work));
    }

    private Optional<ConflictException> changeLocked(ManifestFile.Held held, Consumer<ManifestEditor> change) {
        change.accept(this);
        return saveLocked(held);
    }

    /** The text as it is now. */
    public String text() {
        return source.text();
    }

    /** Whether an entry is written, be it here or where an alias leads. */
    public boolean has(List<String> path) {
        return YamlEdit.at(source.root(), path).isPresent();
    }

    /**
     * Gives an entry a value, and makes it and the maps around it if they are missing. What is new is appended to its map.
     *
     * @param path the keys that lead to it
     * @param value maps with text keys, lists, text, numbers, truth values; text is written in double quotes
     * @return how to take it back
     * @throws InvalidInputException if the value is of another kind
     * @throws ConflictException if the entry is shared with another place, or the path leads through something that is no map
     */
    public ManifestEdit put(List<String> path, Object value) {
        return put(path, NewValue.of(YamlValue.of(value)));
    }

    /**
     * Gives an entry a value that is written in YAML already. Its layout and comments are kept where it stands in a block;
     * anchors and tags are resolved, not kept.
     *
     * @param path the keys that lead to it
     * @param yaml one value, indented in any way
     * @return how to take it back
     * @throws InvalidDocumentException if that is not YAML
     * @throws ConflictException if the entry is shared with another place, or the path leads through something that is no map
     */
    public ManifestEdit putYaml(List<String> path, String yaml) {
        return put(path, NewValue.parse("value of " + String.join(".", path), yaml, options.limits()));
    }

    ManifestEdit put(List<String> path, NewValue value) {
        return made(path, YamlEdit.put(source, path, value, options.limits()));
    }

    /**
     * Takes an entry away. A map that becomes empty stays, as nothing or as {@code {}}.
     *
     * @param path the keys that lead to it
     * @return how to put it back
     * @throws NotFoundException if it is not written
     * @throws ConflictException if the entry is shared with another place
     */
    public ManifestEdit remove(List<String> path) {
        return made(path, YamlEdit.remove(source, path, options.limits()));
    }

    /**
     * Makes the whole text another one: that of a merge, which keeps what an editor keeps.
     *
     * @param text one YAML document that is a map
     * @throws InvalidDocumentException if it is not
     */
    public void replace(String text) {
        source = YamlSource.parse(source.file(), text, options.limits());
    }

    private ManifestEdit made(List<String> path, YamlEdit edit) {
        String before = source.text();
        int from = edit.splice().offset();
        int to = from + edit.splice().removed().length();
        source = edit.source();
        return new ManifestEdit(
                path,
                from,
                edit.splice().removed(),
                edit.splice().inserted(),
                before.substring(Math.max(0, from - CONTEXT), from),
                before.substring(to, Math.min(before.length(), to + CONTEXT)));
    }

    /**
     * Takes back a change that this or another editor made: the text that was there is there again, byte for byte. Other
     * entries may have changed since, as long as the place can still be told by what stood before or behind it.
     *
     * @param edit the change
     * @throws ConflictException if its place is not found, or looks different now
     */
    public void undo(ManifestEdit edit) {
        source = ManifestUndo.undo(source, edit, options.limits())
                .orElseThrow(() -> new ConflictException(
                        "entry",
                        String.join(".", edit.path()),
                        "cannot be put back as it was: what stood around it has changed; put its value instead"));
    }

    /**
     * Writes the text to the file it was read from: with the manifest's lock held, by one rename, with the file's mode.
     * Durable on return. Nothing is written if nothing changed. An editor that saved may go on.
     *
     * @throws ConflictException if the file was changed since it was read, or the lock is not free in time
     * @throws InvalidDocumentException if the check refuses the text
     * @throws AngeeException with {@link ErrorCode#UNSUPPORTED} if this editor has no file
     */
    public SaveOutcome save() {
        ManifestFile target = file();
        try (ManifestFile.Held held = target.lock("save " + target.name(), options.patience())) {
            Optional<ConflictException> raced = saveLocked(held);
            if (raced.isPresent()) {
                throw raced.get();
            }
            return outcome;
        }
    }

    private ManifestFile file() {
        if (file == null) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED, source.file() + " is edited in memory and cannot be saved; take its text()");
        }
        return file;
    }

    private Optional<ConflictException> saveLocked(ManifestFile.Held held) {
        ManifestFile target = file();
        byte[] bytes = source.text().getBytes(StandardCharsets.UTF_8);
        outcome = SaveOutcome.UNCHANGED;
        if (Arrays.equals(bytes, saved)) {
            return Optional.empty();
        }
        if (bytes.length > options.limits().length()) {
            throw YamlDocument.tooLarge(target.name(), options.limits());
        }
        options.check().check(target.name(), source.text());
        Optional<ConflictException> raced = target.changedSince(saved, options.limits());
        if (raced.isEmpty()) {
            held.check();
            target.replace(bytes);
            saved = bytes;
            outcome = SaveOutcome.WRITTEN;
        }
        return raced;
    }
}
