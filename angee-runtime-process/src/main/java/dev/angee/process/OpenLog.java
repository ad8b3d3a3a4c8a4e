package dev.angee.process;

import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log that is open for reading, with what {@link LogBound} has made of it: its oldest part may be a hole, or may have
 * been moved into a file beside it.
 *
 * <p>Addresses are offsets in the log; what was moved aside comes before it and has negative ones, the last byte -1.
 *
 * <p>A hole begins where the file begins and reads as NUL bytes. The file system does not tell a JVM where it ends, so a
 * file whose first block is NUL is taken to have one, up to a block that is not. A program that begins its output with
 * {@value #BLOCK} NUL bytes loses those, and nothing else.
 *
 * <p>Files are not read by a channel: an interrupt closes those. Not thread-safe.
 */
final class OpenLog implements Closeable {
    /** What holes are made of. */
    static final int BLOCK = 4096;

    private static final String BEFORE = ".before";
    private static final int FARTHEST_BREAK = 1024 * 1024;
    private static final int STEP = 32 * 1024;

    private final RandomAccessFile log;
    private final @Nullable RandomAccessFile before;
    private final long generation;
    private final long aside;

    private OpenLog(RandomAccessFile log, @Nullable RandomAccessFile before, long generation) throws IOException {
        this.log = log;
        this.before = before;
        this.generation = generation;
        this.aside = before == null ? 0 : before.length();
    }

    /** The file for what was moved aside of a log. */
    static Path before(Path log) {
        return log.resolveSibling(log.getFileName() + BEFORE);
    }

    /** Where the hole of a log ends that may be moved aside in part; 0 if it has none. */
    static long hole(Path log) throws IOException {
        Optional<OpenLog> opened = open(log);
        if (opened.isEmpty()) {
            return 0;
        }
        try (OpenLog open = opened.get()) {
            return holeEnd(open.log);
        }
    }

    /** Opens a log; nothing if there is none. */
    static Optional<OpenLog> open(Path file) throws IOException {
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
            File beside = before(file).toFile();
            long modified = beside.lastModified();
            boolean holed = modified != 0 && holeEnd(log) > 0; // then it is older than the hole
            return Optional.of(
                    modified == 0 || holed
                            ? new OpenLog(log, null, 0)
                            : new OpenLog(log, new RandomAccessFile(beside, "r"), modified));
        } catch (FileNotFoundException e) {
            return Optional.of(new OpenLog(log, null, 0)); // deleted meanwhile
        } catch (IOException e) {
            log.close();
            throw e;
        }
    }

    /** Changes whenever something was moved aside; 0 as long as nothing is. */
    long generation() {
        return generation;
    }

    /** How many bytes were moved aside, holes included: by so much their addresses have become smaller. */
    long aside() {
        return aside;
    }

    /** The address after the last byte. */
    long end() throws IOException {
        return log.length();
    }

    /** The address of the first byte that is there. */
    long begin() throws IOException {
        return before == null ? holeEnd(log) : holeEnd(before) - aside;
    }

    /** The address where the first line begins whose beginning is there; the first byte's if no line break is near it. */
    long firstLine() throws IOException {
        long begin = begin();
        if (begin + aside == 0) {
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
        RandomAccessFile in = address < 0 && before != null ? before : log;
        int length = address < 0 ? (int) Math.min(wanted, -address) : wanted;
        in.seek(Math.max(0, address < 0 ? aside + address : address));
        return Math.max(0, in.read(into, 0, length));
    }

    /** Whether what was at that address is gone. */
    boolean isGone(long address) throws IOException {
        return address < (address < 0 ? begin() : holeEnd(log));
    }

    private static long holeEnd(RandomAccessFile in) throws IOException {
        long full = in.length() / BLOCK;
        if (full == 0 || !isEmpty(in, 0)) {
            return 0;
        }
        long empty = 0;
        while (full - empty > 1) {
            long middle = (empty + full) >>> 1;
            if (isEmpty(in, middle)) {
                empty = middle;
            } else {
                full = middle;
            }
        }
        return full * BLOCK;
    }

    private static boolean isEmpty(RandomAccessFile in, long block) throws IOException {
        byte[] bytes = new byte[BLOCK];
        in.seek(block * BLOCK);
        int read = in.read(bytes);
        for (int i = 0; i < read; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return read == BLOCK;
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
