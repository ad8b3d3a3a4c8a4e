package dev.angee.compose;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several logs as one, in the order of time; holds one entry of each. A log that fails ends there, and that is noted. */
final class MergedLog implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(MergedLog.class);

    private final List<LogEntries> all = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Adds a log that has not been read yet. */
    void add(LogEntries log) {
        all.add(log);
    }

    /** Says something at the end. */
    void note(String sentence) {
        notes.add(sentence);
    }

    void writeTo(NewestBytes sink) throws IOException {
        PriorityQueue<LogEntries> next = new PriorityQueue<>(Comparator.comparing(LogEntries::time));
        for (LogEntries each : all) {
            advance(each, next);
        }
        while (!next.isEmpty()) {
            LogEntries first = next.remove();
            first.writeTo(sink);
            advance(first, next);
        }
        for (String note : notes) {
            byte[] line = ("# " + note.replaceAll("\\s+", " ") + "\n").getBytes(StandardCharsets.UTF_8);
            sink.write(line, 0, line.length);
        }
    }

    private void advance(LogEntries log, PriorityQueue<LogEntries> next) throws IOException {
        try {
            if (log.advance()) {
                next.add(log);
            }
        } catch (ClosedChannelException e) {
            throw e; // interrupted
        } catch (IOException e) {
            note(log.label() + ": the rest of its log could not be read: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        for (LogEntries each : all) {
            try {
                each.close();
            } catch (IOException e) {
                LOG.debug("a log did not close cleanly", e);
            }
        }
    }
}
