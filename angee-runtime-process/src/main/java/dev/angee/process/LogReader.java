package dev.angee.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a log that grows, piece by piece. The file is open only while it is read, and may vanish. A reader that is so slow
 * that what it has not read is dropped goes on with the first line that is there, and hands out one line that says so.
 * Not thread-safe.
 */
final class LogReader {
    private static final int CHUNK = 32 * 1024;
    private static final int TRIES = 10;
    private static final long UNKNOWN = -1;

    private final Path file;
    private final LineAssembler assembler = new LineAssembler();
    private long position;

    /** Where the file began when its position was last known to be right. */
    private long base;

    /**
     * A reader that begins somewhere.
     *
     * @param position an address, as {@link #size} gives it
     */
    LogReader(Path file, long position) {
        this(file, position, UNKNOWN);
    }

    private LogReader(Path file, long position, long base) {
        this.file = file;
        this.position = position;
        this.base = base;
    }

    /**
     * A reader that begins with the last lines.
     *
     * @param lines how many; negative means all
     * @param end the address where the log is taken to end; whoever writes it may be faster than we look
     */
    static LogReader ofLast(Path file, int lines, FileLogStream.Mode mode, long end) {
        return ofLast(file, lines, mode, 0, end);
    }

    /** The same, beginning no further back than at an address. */
    static LogReader ofLast(Path file, int lines, FileLogStream.Mode mode, long farthest, long end) {
        try {
            for (int attempt = 1; ; attempt++) {
                try (Closing opened = new Closing(OpenLog.open(file))) {
                    if (opened.log().isEmpty()) {
                        return new LogReader(file, 0);
                    }
                    OpenLog log = opened.log().get();
                    LogReader found = new LogReader(file, LogTail.start(log, lines, mode, farthest, end), log.base());
                    if (attempt == TRIES || log.isCurrent()) {
                        return found; // after so many, what was dropped since is told as to any slow reader
                    }
                }
            }
        } catch (IOException e) {
            throw LogTail.unreadable(file, e);
        }
    }

    /** The address up to which a log reaches now: how many bytes it has ever had. */
    static long size(Path file) {
        try (Closing opened = new Closing(OpenLog.open(file))) {
            return opened.log().isPresent() ? opened.log().get().end() : 0;
        } catch (IOException e) {
            throw LogTail.unreadable(file, e);
        }
    }

    /**
     * Reads some more, {@value #CHUNK} bytes at the most, and hands out the lines that are complete.
     *
     * @param end the address where to stop
     * @return whether there was anything to read
     */
    boolean read(long end, Consumer<String> lines) {
        try (Closing opened = new Closing(OpenLog.open(file))) {
            return opened.log().isPresent() && read(opened.log().get(), end, lines);
        } catch (IOException e) {
            throw LogTail.unreadable(file, e);
        }
    }

    /** Hands out a last line without a line break. */
    void finish(Consumer<String> lines) {
        assembler.finish(lines);
    }

    private boolean read(OpenLog log, long end, Consumer<String> lines) throws IOException {
        long from = place(log);
        long first = from < log.begin() ? log.firstLine() : from;
        long until = Math.min(end, log.end());
        byte[] bytes = new byte[(int) Math.max(0, Math.min(CHUNK, until - first))];
        int read = bytes.length == 0 ? 0 : log.read(first, bytes, bytes.length);
        if (!log.isCurrent()) {
            return true; // it may be a hole that was read: once more
        }
        base = log.base();
        position = first + read;
        if (first > from) {
            assembler.forget();
            lines.accept("[" + (first - from) + " bytes of this log were dropped before they were read]");
        }
        assembler.take(bytes, read, lines);
        return read > 0 || first > from;
    }

    /** Where to go on: when the file was emptied, what had not been copied before is gone, and so are its addresses. */
    private long place(OpenLog log) throws IOException {
        long known = base == UNKNOWN || base == log.base() ? position : Math.min(position, log.base());
        return known > log.end() ? log.base() : known;
    }

    /** Closes a log that may not be there. */
    private record Closing(Optional<OpenLog> log) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (log.isPresent()) {
                log.get().close();
            }
        }
    }
}
