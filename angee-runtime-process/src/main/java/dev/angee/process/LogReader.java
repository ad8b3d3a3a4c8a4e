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

    private final Path file;
    private final LineAssembler assembler = new LineAssembler();
    private long position;
    private long generation;

    /** By how much addresses have become smaller since this reader began. */
    private long shift;

    LogReader(Path file, long position) {
        this(file, position, OpenLog.before(file).toFile().lastModified());
    }

    private LogReader(Path file, long position, long generation) {
        this.file = file;
        this.position = position;
        this.generation = generation;
    }

    /**
     * A reader that begins with the last lines.
     *
     * @param lines how many; negative means all
     * @param end where the log is taken to end; whoever writes it may be faster than we look
     */
    static LogReader ofLast(Path file, int lines, FileLogStream.Mode mode, long end) {
        try (Closing opened = new Closing(OpenLog.open(file))) {
            if (opened.log().isEmpty()) {
                return new LogReader(file, 0);
            }
            OpenLog log = opened.log().get();
            return new LogReader(file, LogTail.start(log, lines, mode, end), log.generation());
        } catch (IOException e) {
            throw LogTail.unreadable(file, e);
        }
    }

    /** How far the file reaches now. */
    static long size(Path file) {
        return file.toFile().length();
    }

    /**
     * Reads some more, {@value #CHUNK} bytes at the most, and hands out the lines that are complete.
     *
     * @param end where to stop
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
        findPlace(log);
        if (position < 0 && log.isGone(position)) {
            skip(log, lines);
            return true;
        }
        long until = Math.min(end == Long.MAX_VALUE ? end : end - shift, log.end());
        if (position >= until) {
            return false;
        }
        byte[] bytes = new byte[(int) Math.min(CHUNK, until - position)];
        int read = log.read(position, bytes, bytes.length);
        if (mayBeHoled(bytes, read) && log.isGone(position)) {
            skip(log, lines);
            return true;
        }
        position += read;
        assembler.take(bytes, read, lines);
        return read > 0;
    }

    /** What this reader knows as the log may have been moved aside, or somebody has emptied it. */
    private void findPlace(OpenLog log) throws IOException {
        boolean moved = log.generation() != 0 && log.generation() != generation;
        if (moved && log.end() < log.aside()) { // otherwise it is copied, but not emptied yet
            generation = log.generation();
            shift += log.aside();
            position = Math.min(0, position - log.aside());
        } else if (position > log.end()) {
            position = 0;
        }
    }

    /** A hole may grow even while we read; whole blocks of it are NUL. */
    private boolean mayBeHoled(byte[] bytes, int read) {
        int i = 0;
        while (i < read) {
            if (bytes[i] == 0) {
                return true;
            }
            i += OpenLog.BLOCK - (int) Math.floorMod(position + i, (long) OpenLog.BLOCK);
        }
        return false;
    }

    private void skip(OpenLog log, Consumer<String> lines) throws IOException {
        long next = log.firstLine();
        if (next <= position) {
            return; // a hole has grown past what was moved aside since the log was opened
        }
        assembler.forget();
        lines.accept("[" + (next - position) + " bytes of this log were dropped before they were read]");
        position = next;
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
