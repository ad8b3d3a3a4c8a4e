package dev.angee.compose;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines of an output, as many as fit into a number of bytes. Thread-safe. */
final class OutputTail {
    private final int limit;
    private final int mostLines;
    private final Deque<String> lines = new ArrayDeque<>();
    private int size;
    private boolean full;

    OutputTail(int limit) {
        this(limit, Integer.MAX_VALUE);
    }

    /** One that keeps no more than this many lines. */
    OutputTail(int limit, int mostLines) {
        this.limit = limit;
        this.mostLines = mostLines;
    }

    synchronized void add(String line) {
        String kept = end(line);
        lines.addLast(kept);
        size += bytes(kept);
        while (size > limit || lines.size() > mostLines) {
            size -= bytes(lines.removeFirst());
            full = true;
        }
    }

    /** Whether there was more than fits. */
    synchronized boolean isFull() {
        return full;
    }

    /** The lines, each but the last with its line break. */
    synchronized String text() {
        return String.join("\n", lines);
    }

    /** The end of a line that alone is too long. */
    private String end(String line) {
        byte[] all = line.getBytes(StandardCharsets.UTF_8);
        if (all.length < limit) {
            return line;
        }
        int from = all.length - limit + 1;
        while (from < all.length && (all[from] & 0xC0) == 0x80) {
            from++; // within a character
        }
        return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    }

    private static int bytes(String line) {
        return line.getBytes(StandardCharsets.UTF_8).length + 1;
    }
}
