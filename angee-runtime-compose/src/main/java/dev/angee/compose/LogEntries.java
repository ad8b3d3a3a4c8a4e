package dev.angee.compose;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The entries of one container's log, one after another as the engine sends them: each in a frame that begins with the
 * entry's time. Holds one of them. For one thread.
 */
final class LogEntries implements Closeable {
    /** The engine itself cuts an entry at 16 KiB. */
    private static final int LARGEST_FRAME = 1 << 20;

    private final String label;
    private final DataInputStream in;
    private final Closeable source;
    private byte[] entry = new byte[0];
    private Instant time = Instant.MIN;

    /**
     * Before the first entry.
     *
     * @param label whose log it is
     * @param source what is to be closed in the end
     */
    LogEntries(String label, InputStream in, Closeable source) {
        this.label = label;
        this.in = new DataInputStream(in);
        this.source = source;
    }

    /** Goes on to the next one; false if there is none. */
    boolean advance() throws IOException {
        if (in.read() < 0) {
            return false;
        }
        in.skipNBytes(3);
        int size = in.readInt();
        if (size < 0 || size > LARGEST_FRAME) {
            throw new IOException("not a log: a frame of " + size + " bytes");
        }
        entry = new byte[size];
        in.readFully(entry);
        int end = timeEnd();
        try {
            time = Instant.parse(new String(entry, 0, end, StandardCharsets.US_ASCII));
        } catch (DateTimeException e) {
            throw new IOException("not a log: an entry without its time", e);
        }
        return true;
    }

    /** Whose log it is. */
    String label() {
        return label;
    }

    /** When the entry was written. */
    Instant time() {
        return time;
    }

    /** Puts the entry into a sink, as one line: its time, whose it is, and its text. */
    void writeTo(NewestBytes sink) throws IOException {
        int end = timeEnd();
        int text = Math.min(end + 1, entry.length);
        int last = entry.length;
        while (last > text && (entry[last - 1] == '\n' || entry[last - 1] == '\r')) {
            last--;
        }
        sink.write(entry, 0, end);
        byte[] middle = (" " + label + " | ").getBytes(StandardCharsets.UTF_8);
        sink.write(middle, 0, middle.length);
        sink.write(entry, text, last - text);
        sink.write(new byte[] {'\n'}, 0, 1);
    }

    private int timeEnd() {
        int end = 0;
        while (end < entry.length && entry[end] != ' ') {
            end++;
        }
        return end;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
