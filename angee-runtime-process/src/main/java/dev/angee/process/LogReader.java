package dev.angee.process;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads a log file that grows, piece by piece. The file is open only while it is read, and may vanish.
 * Not thread-safe.
 */
final class LogReader {
    private final Path file;
    private final LineAssembler assembler = new LineAssembler();
    private long position;

    LogReader(Path file, long position) {
        this.file = file;
        this.position = position;
    }

    /** How far the file reaches now. */
    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Reads some more, a few KiB at the most, and hands out the lines that are complete.
     *
     * @param end where to stop
     * @return whether there was anything to read
     */
    boolean read(long end, Consumer<String> lines) {
        int read = readSome(end);
        if (read > 0) {
            position += read;
            assembler.take(lines);
        }
        return read > 0;
    }

    /** Hands out a last line without a line break. */
    void finish(Consumer<String> lines) {
        assembler.finish(lines);
    }

    /** Not by a channel: an interrupt closes those. */
    private int readSome(long end) {
        ByteBuffer room = assembler.room();
        int wanted = (int) Math.min(room.remaining(), Math.max(0, end - position));
        if (wanted == 0) {
            return 0;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < position) {
                position = 0; // somebody has emptied it
            }
            in.seek(position);
            byte[] bytes = new byte[wanted];
            int read = Math.max(0, in.read(bytes));
            room.put(bytes, 0, read);
            return read;
        } catch (FileNotFoundException e) {
            return 0;
        } catch (IOException e) {
            throw LogTail.unreadable(file, e);
        }
    }
}
