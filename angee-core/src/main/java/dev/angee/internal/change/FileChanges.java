package dev.angee.internal.change;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Changes of many files below one folder that are made together or not at all, also if the process dies over them.
 *
 * <p>The folder may be written to by others, also by such as mean harm: nothing is followed out of it. Safe for use by many
 * threads; what is done to one subject is done by one at a time, which the caller sees to with a lock of its own.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class FileChanges {
    /** The most bytes of a file that is looked into or written. */
    public static final int LARGEST = 64 * 1024 * 1024;

    private final Path top;
    private final Path journals;

    /**
     * The files below a folder.
     *
     * @param top the folder; has to be there when something is asked of it, and its own place is trusted
     * @param journals where is written down what is under way; made when needed, and nobody else may write there. Best on
     *     the file store of the top
     */
    public FileChanges(Path top, Path journals) {
        this.top = top;
        this.journals = journals;
    }

    public Fingerprint look(String path) {
        throw new UnsupportedOperationException(top + path);
    }

    public byte[] read(String path, int limit) {
        throw new UnsupportedOperationException(path + limit);
    }

    public List<String> files(String folder) {
        throw new UnsupportedOperationException(folder);
    }

    public List<String> apply(String subject, List<FileChange> changes) {
        return apply(subject, changes, Set.of());
    }

    public List<String> apply(String subject, List<FileChange> changes, Set<String> staying) {
        throw new UnsupportedOperationException(subject + changes + staying + journals);
    }

    public Optional<ChangeRecovery> recover(String subject) {
        throw new UnsupportedOperationException(subject);
    }

    public List<String> unfinished() {
        throw new UnsupportedOperationException();
    }
}
