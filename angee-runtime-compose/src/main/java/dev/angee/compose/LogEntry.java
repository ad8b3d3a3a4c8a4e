package dev.angee.compose;

import java.time.Instant;

/**
 * What the engine keeps of a log: a line, or 16 KiB of it. All pieces of a line have the same time (seen with 20.10).
 * Never changes, so any number of readers may share it.
 */
final class LogEntry {
    static final int STDERR = 2;

    private final int stream;
    private final Instant time;
    private final int ordinal;
    private final byte[] frame;
    private final int offset;

    /**
     * @param stream 1 for standard output, 2 for standard error
     * @param time when it was written
     * @param ordinal its number among the entries of this stream and time in the same answer, from 1
     * @param frame what the engine sent; not copied
     * @param offset where the text begins in it
     */
    LogEntry(int stream, Instant time, int ordinal, byte[] frame, int offset) {
        this.stream = stream;
        this.time = time;
        this.ordinal = ordinal;
        this.frame = frame;
        this.offset = offset;
    }

    int stream() {
        return stream;
    }

    Instant time() {
        return time;
    }

    int ordinal() {
        return ordinal;
    }

    /** How many bytes it takes. */
    int size() {
        return frame.length;
    }

    /** Gives the text away. */
    void feed(LineSplitter stdout, LineSplitter stderr) throws InterruptedException {
        (stream == STDERR ? stderr : stdout).feed(frame, offset);
    }
}
