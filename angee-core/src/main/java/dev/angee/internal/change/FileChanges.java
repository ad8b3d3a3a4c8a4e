package dev.angee.internal.change;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Changes of many files below one folder that are made together or not at all, also if the process dies over them.
 *
 * <p>The folder may be written to by others, also by such as mean harm: nothing is followed out of it. What remains is this.
 * Java cannot move a file to a name on condition that nothing has it, or that a certain file has it: a file that somebody puts
 * there between the last look and the move, a moment later, is replaced. And a pipe that takes a file's place between the look at it and its
 * opening is waited for.
 *
 * <p>Whoever looks at a file that is replaced, or put back, finds the one or the other, and never nothing. That takes a hard
 * link; where there can be none (the file belongs to somebody else, the file store has none, the journals are on another one)
 * nothing is there for a moment. Changes of several files are seen one after the other.
 *
 * <p>Safe for use by many threads; what is done to one subject is done by one at a time, which the caller sees to with a lock
 * of its own.
 */
public final class FileChanges {
    /** The most bytes of a file that is looked into or written. */
    public static final int LARGEST = 64 * 1024 * 1024;

    private final Path top;
    private final Path journals;
    private final Supplier<String> ids;
    private final Step step;
    private final SecondNames names;

    /**
     * The files below a folder.
     *
     * @param top the folder; has to be there when something is asked of it, and its own place is trusted
     * @param journals where is written down what is under way; made when needed, and nobody else may write there. Best on
     *     the file store of the top
     */
    public FileChanges(Path top, Path journals) {
        this(top, journals, () -> UUID.randomUUID().toString().replace("-", ""), label -> {});
    }

    FileChanges(Path top, Path journals, Supplier<String> ids, Step step) {
        this(top, journals, ids, step, HeldFolder::link);
    }

    FileChanges(Path top, Path journals, Supplier<String> ids, Step step, SecondNames names) {
        this.top = top;
        this.journals = journals;
        this.ids = ids;
        this.step = step;
        this.names = names;
    }

    /** Work in the folders. */
    private interface Work<T> {
        T in(HeldFolders folders) throws IOException;
    }

    /**
     * What stands at a path; never follows a link, and never waits for a pipe that stands there.
     *
     * @param path below the top, with forward slashes
     */
    public Fingerprint look(String path) {
        FileChange.requirePath(path);
        return holding("look at '" + path + "'", folders -> look(folders, path));
    }

    private static Fingerprint look(HeldFolders folders, String path) throws IOException {
        try {
            Optional<HeldFolder> folder = folders.find(HeldFolders.above(path));
            return folder.isEmpty() ? Fingerprint.absent() : FileLook.at(folder.get(), HeldFolders.name(path));
        } catch (HeldFolders.BlockedException e) {
            return Fingerprint.blocked(e.path());
        }
    }

    /**
     * The bytes of a plain file.
     *
     * @param limit the most that is read
     * @throws AngeeException {@code NOT_FOUND} if nothing is there, {@code CONFLICT} if it is no plain file, or changes all
     *     the time, {@code INVALID} if it is larger than the limit
     */
    public byte[] read(String path, int limit) {
        FileChange.requirePath(path);
        return holding("read '" + path + "'", folders -> read(folders, path, limit));
    }

    private static byte[] read(HeldFolders folders, String path, int limit) throws IOException {
        for (int attempt = 0; attempt < FileLook.ATTEMPTS; attempt++) {
            Optional<HeldFolder> folder = folders.find(HeldFolders.above(path));
            Optional<PosixFileAttributes> found =
                    folder.isEmpty() ? Optional.empty() : folder.get().look(HeldFolders.name(path));
            if (folder.isEmpty() || found.isEmpty()) {
                throw new AngeeException(ErrorCode.NOT_FOUND, "there is no file '" + path + "'");
            }
            if (!found.get().isRegularFile()) {
                throw new ConflictException("file", path, "is no plain file; put one in its place");
            }
            if (found.get().size() > limit) {
                throw new AngeeException(ErrorCode.INVALID, "'" + path + "' is larger than " + limit + " bytes");
            }
            Optional<byte[]> bytes = FileLook.bytes(folder.get(), HeldFolders.name(path), found.get());
            if (bytes.isPresent()) {
                return bytes.get();
            }
        }
        throw FileLook.restless(path);
    }

    /**
     * All below a folder that is no folder, as paths below the top, in their order; links are not followed. None if the
     * folder is not there.
     *
     * @param folder below the top; empty for the top itself
     * @throws AngeeException {@code CONFLICT} if it is no plain folder, {@code INVALID} if it is larger or deeper than any
     *     that can be looked through
     */
    public List<String> files(String folder) {
        if (!folder.isEmpty()) {
            FileChange.requirePath(folder);
        }
        return holding("look through '" + folder + "'", folders -> FileWalk.below(folders, folder));
    }

    /**
     * Makes all changes, or none. A write makes the folders it needs; a deletion that empties a folder removes it too. All
     * is durable on return.
     *
     * @param subject what the change is about: letters, digits, dots, dashes and underscores. Whoever calls holds its lock
     * @param changes at most one for each path; what does not change is only checked
     * @return sentences for somebody to read, about files that somebody else changed at the very moment; mostly none
     * @throws ConflictException naming the path, if something is not what it was to be before; or if something of this
     *     subject is unfinished
     * @throws AngeeException {@code UNAVAILABLE} if the files cannot be changed. Whatever is thrown, all is as before, or else
     *     the message says what is not; what could not be taken back is unfinished, see {@link #recover}.
     *     An error of the machine is thrown as it is, and whether all could be taken back, or tidied up, is told by
     *     {@link #unfinished} alone
     */
    public List<String> apply(String subject, List<FileChange> changes) {
        return apply(subject, changes, Set.of());
    }

    /**
     * The same.
     *
     * @param staying folders that are not removed when they are emptied
     */
    public List<String> apply(String subject, List<FileChange> changes, Set<String> staying) {
        ChangeJournal journal = new ChangeJournal(journals, subject);
        Map<String, FileContent> contents = contents(changes);
        if (journal.isThere()) {
            throw new ConflictException(
                    "change", subject, "was cut off when it was made the last time; it has to be recovered first");
        }
        return holding("change files", folders -> {
            ChangeRecord record = plan(folders, changes, staying);
            if (record.entries().isEmpty()) {
                return List.of();
            }
            return new ChangeRun(new ChangeSite(folders, record, step, names), journal).apply(contents);
        });
    }

    private static Map<String, FileContent> contents(List<FileChange> changes) {
        Map<String, FileContent> contents = new TreeMap<>();
        Set<String> paths = new HashSet<>();
        for (FileChange change : changes) {
            if (!paths.add(change.path())) {
                throw new IllegalArgumentException("two changes of '" + change.path() + "'");
            }
            change.after().ifPresent(content -> contents.put(change.path(), content));
        }
        return contents;
    }

    private ChangeRecord plan(HeldFolders folders, List<FileChange> changes, Set<String> staying) throws IOException {
        List<ChangeRecord.Entry> all =
                changes.stream().map(ChangeRecord.Entry::of).toList();
        Set<String> missing = new TreeSet<>();
        for (ChangeRecord.Entry entry : all) {
            Fingerprint found = look(folders, entry.path());
            if (!found.equals(entry.before()) || !found.canBeReplaced()) {
                throw ChangePlace.changed(entry, found);
            }
            for (String at = entry.folder();
                    !entry.deletes() && folders.find(at).isEmpty();
                    at = HeldFolders.above(at)) {
                missing.add(at);
            }
        }
        requireNoFolderIsWritten(all, missing);
        List<ChangeRecord.Entry> entries = all.stream()
                .filter(entry -> !entry.before().equals(entry.after()))
                .toList();
        return new ChangeRecord(
                ChangeRecord.VERSION, ids.get(), ChangeRecord.inOrder(entries), List.copyOf(missing), staying);
    }

    private static void requireNoFolderIsWritten(List<ChangeRecord.Entry> entries, Set<String> missing) {
        for (ChangeRecord.Entry entry : entries) {
            if (missing.contains(entry.path())) {
                throw new IllegalArgumentException("'" + entry.path() + "' cannot be a file and a folder");
            }
        }
    }

    /**
     * Makes or takes back, wholly, what a process has left of a change that died over it. Nothing that somebody has changed
     * since is lost. If it throws, it can be called again.
     *
     * @param subject whoever calls holds its lock
     * @return what has become of it; empty if there was nothing
     */
    public Optional<ChangeRecovery> recover(String subject) {
        ChangeJournal journal = new ChangeJournal(journals, subject);
        Optional<ChangeRecord> record = journal.read();
        return holding("recover files", folders -> {
            if (record.isEmpty()) {
                journal.sweep();
                return Optional.empty();
            }
            ChangeSite site = new ChangeSite(folders, record.get(), step, names);
            return Optional.of(new ChangeRun(site, journal).recover());
        });
    }

    /**
     * The subjects of which something is unfinished, in their order; also such as is being made at this moment.
     *
     * @throws ConflictException naming what stands in the place of a folder on the way there
     */
    public List<String> unfinished() {
        requireFolder(journals);
        try {
            return ChangeJournal.subjects(journals);
        } catch (IOException e) {
            throw failed("look into '" + journals + "'", e);
        }
    }

    private static void requireFolder(Path folder) {
        Path at = folder;
        while (at != null && !Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
            at = at.getParent();
        }
        if (at != null && !Files.isDirectory(at)) {
            throw new ConflictException(
                    "folder", at.toString(), "is no folder; move it away, or take another folder for what is made");
        }
    }

    private <T> T holding(String what, Work<T> work) {
        try (HeldFolders folders = new HeldFolders(top)) {
            return work.in(folders);
        } catch (HeldFolders.BlockedException e) {
            throw e.conflict();
        } catch (IOException e) {
            throw failed(what, e);
        }
    }

    private AngeeException failed(String what, IOException cause) {
        String why = cause instanceof ClosedByInterruptException ? "interrupted" : cause.toString();
        return new AngeeException(ErrorCode.UNAVAILABLE, "cannot " + what + " in '" + top + "': " + why, cause);
    }
}
