package dev.angee.git;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What git notes of a file beside its content, so as to tell from that alone whether it may have changed since.
 *
 * @param changed when it, or what is known of it, was last changed: nobody can set that back
 * @param modified when its content was last changed, as far as nobody has set that
 * @param device where it is
 * @param inode which one there
 * @param user whose it is
 * @param group and whose else
 * @param size how many bytes
 */
record FileStamp(Instant changed, Instant modified, int device, int inode, int user, int group, int size) {
    private static final String ASKED = "unix:dev,ino,uid,gid,size,ctime,lastModifiedTime";

    /** Of a file, or of a link itself; nothing if it is not there, or the platform does not tell. */
    static Optional<FileStamp> of(Path file) throws IOException {
        try {
            Map<String, Object> found = Files.readAttributes(file, ASKED, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new FileStamp(
                    time(found, "ctime"),
                    time(found, "lastModifiedTime"),
                    (int) number(found, "dev"),
                    (int) number(found, "ino"),
                    (int) number(found, "uid"),
                    (int) number(found, "gid"),
                    (int) number(found, "size")));
        } catch (FileSystemException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static long number(Map<String, Object> found, String name) {
        return ((Number) Objects.requireNonNull(found.get(name))).longValue();
    }

    static Instant time(Map<String, Object> found, String name) {
        return ((FileTime) Objects.requireNonNull(found.get(name))).toInstant();
    }
}
