package dev.angee.internal;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that somebody else may have put there: a pipe would block for ever, and a device never ends. */
public final class PlainFile {
    private PlainFile() {}

    /**
     * The bytes of a file that is no link; no more than the limit is ever held.
     *
     * @throws AngeeException {@code INVALID} if it is no plain file, or holds more bytes than the limit
     * @throws NoSuchFileException if there is no such file
     */
    public static byte[] read(Path file, int limit) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new AngeeException(ErrorCode.INVALID, file + " is not a plain file; put one in its place");
        }
        try (InputStream input = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = Files.size(file) > limit ? new byte[0] : input.readNBytes(limit + 1);
            if (bytes.length > limit || Files.size(file) > limit) {
                throw new AngeeException(ErrorCode.INVALID, file + " is larger than " + limit / 1024 + " KiB");
            }
            return bytes;
        }
    }
}
