package dev.angee.process;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log that is open for reading, with what {@link LogBound} has made of it: its oldest part may be a hole, or may have
 * been moved into a file beside it. Which, is in its {@link LogNote}, and so are addresses explained.
 *
 * <p>It may be shortened at any moment. So what was read counts only if {@link #isCurrent} afterwards.
 *
 * <p>Files are not read by a channel: an interrupt closes those. Not thread-safe.
 */
final class OpenLog implements Closeable {
    /** What holes are made of. */
    static final int BLOCK = 4096;

    private static final String BEFORE = ".before";
    private static final int FARTHEST_BREAK = 1024 * 1024;
    private static final int STEP = 32 * 1024;

    private final Path file;
    private final RandomAccessFile log;
    private final @Nullable RandomAccessFile before;
    private final LogNote written;
    private final LogNote note;
    private final long aside;

    private OpenLog(Path file, RandomAccessFile log, LogNote written, LogNote note, @Nullable RandomAccessFile before)
            throws IOException {
        this.file = file;
        this.log = log;
        this.written = written;
        this.note = note;
        this.before = before;
        this.aside = before == null ? 0 : before.length();
    }

    /** The file for what was moved aside of a log. */
    static Path before(Path log) {
        return log.resolveSibling(log.getFileName() + BEFORE);
    }

    /** Opens a log; nothing if there is none. */
    static Optional<OpenLog> open(Path file) throws IOException {
        while (true) { // each further time somebody has shortened the log meanwhile, which takes a MiB of output
            Optional<OpenLog> opened = attempt(file);
            if (opened.isEmpty() || opened.get().isCurrent()) {
                return opened;
            }
            opened.get().close();
        }
    }

    private static Optional<OpenLog> attempt(Path file) throws IOException {
        LogNote written = LogNote.read(file);
        RandomAccessFile log;
        try {
            log = new RandomAccessFile(file.toFile(), "r");
        } catch (FileNotFoundException e) {
            if (file.toFile().exists()) {
                throw e; // it may not be read
            }
            return Optional.empty();
        }
        try {
            LogNote note = written.of(log.length());
            return Optional.of(new OpenLog(file, log, written, note, note.begin() < note.base() ? aside(file) : null));
        } catch (IOException e) {
            log.close();
            throw e;
        }
    }

    private static @Nullable RandomAccessFile aside(Path file) throws IOException {
        try {
            return new RandomAccessFile(before(file).toFile(), "r");
        } catch (FileNotFoundException e) {
            if (before(file).toFile().exists()) {
                throw e; // it may not be read
            }
            return null; // it is deleted
        }
    }

    /** Whether nobody has taken anything from the log since it was opened. */
    boolean isCurrent() throws IOException {
        return written.of(log.length()).equals(note) && LogNote.read(file).equals(written);
    }

    /** The address of the first byte of the file; changes whenever the file was emptied, by whomever. */
    long base() {
        return note.base();
    }

    /** The address after the last byte. */
    long end() throws IOException {
        return note.base() + log.length();
    }

    /** The address of the first byte that is there. */
    long begin() {
        return Math.max(note.begin(), note.base() - aside);
    }

    /** The address where the first line begins whose beginning is there; the first byte's if no line break is near it. */
    long firstLine() throws IOException {
        long begin = begin();
        if (begin == 0) {
            return begin;
        }
        byte[] bytes = new byte[STEP];
        long at = begin;
        while (at < begin + FARTHEST_BREAK) {
            int read = read(at, bytes, bytes.length);
            if (read == 0) {
                break;
            }
            for (int i = 0; i < read; i++) {
                if (bytes[i] == '\n') {
                    return at + i + 1;
                }
            }
            at += read;
        }
        return begin;
    }

    /** Reads what is at an address, perhaps less than wanted; nothing at the end. */
    int read(long address, byte[] into, int wanted) throws IOException {
        long offset = address - note.base();
        RandomAccessFile in = offset < 0 && before != null ? before : log;
        int length = offset < 0 ? (int) Math.min(wanted, -offset) : wanted;
        in.seek(Math.max(0, offset < 0 ? aside + offset : offset));
        return Math.max(0, in.read(into, 0, length));
    }

    @Override
    public void close() throws IOException {
        try (log) {
            if (before != null) {
                before.close();
            }
        }
    }
}
