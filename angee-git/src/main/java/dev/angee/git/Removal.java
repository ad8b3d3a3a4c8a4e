package dev.angee.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Remembers in a worktree's record that its removal was begun, so that one that failed half-way can be repeated: what is
 * gone by then, and what was there before, was accepted when it began. What came later was not.
 */
final class Removal {
    static final String MARK = "angee-removing";

    private Removal() {}

    /** Says that from now on files go. */
    static void begin(AdminFolder record) throws IOException {
        record.write(MARK, "removal was begun\n");
    }

    /** Of these paths of a worktree, those that nobody has accepted the loss of: all, if no removal was begun. */
    static List<String> unaccepted(AdminFolder record, Path worktree, List<String> changed) throws IOException {
        Optional<FileTime> begun = changeOf(record.folder().resolve(MARK));
        if (begun.isEmpty()) {
            return changed;
        }
        List<String> later = new ArrayList<>();
        for (String path : changed) {
            Optional<FileTime> time = changeOf(worktree.resolve(path));
            if (time.isPresent() && time.get().compareTo(begun.get()) >= 0) {
                later.add(path);
            }
        }
        return List.copyOf(later);
    }

    /** When a file was last changed, in itself or in its attributes: that cannot be set back as its other time can. */
    private static Optional<FileTime> changeOf(Path file) throws IOException {
        try {
            return Optional.of((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
