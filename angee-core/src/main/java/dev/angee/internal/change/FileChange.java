package dev.angee.internal.change;

import java.util.Arrays;
import java.util.Optional;

/**
 * One path that is to change.
 *
 * @param path below the top, with forward slashes; its names are neither empty nor {@code .} or {@code ..}
 * @param before what stands there now; if something else does, no change is made
 * @param after what is to stand there; empty to delete it
 */
public record FileChange(String path, Fingerprint before, Optional<FileContent> after) {
    /** Checks the path. */
    public FileChange {
        requirePath(path);
    }

    /** Puts something there. */
    public static FileChange write(String path, Fingerprint before, FileContent after) {
        return new FileChange(path, before, Optional.of(after));
    }

    /** Deletes what is there. */
    public static FileChange delete(String path, Fingerprint before) {
        return new FileChange(path, before, Optional.empty());
    }

    static String requirePath(String path) {
        boolean odd = Arrays.stream(path.split("/", -1))
                .anyMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
        if (odd || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a path below a folder: '" + path + "'");
        }
        return path;
    }
}
