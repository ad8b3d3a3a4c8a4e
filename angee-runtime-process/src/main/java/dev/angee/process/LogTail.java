package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/** The ends of log files, found without reading what comes before. */
final class LogTail {
    private static final int BLOCK = 8 * 1024;
    private static final int LONGEST_MESSAGE = 1024 * 1024;
    private static final int TRIES = 10;

    private LogTail() {}

    /**
     * The address where the last lines of a log begin. A line at the very end that has no line break yet counts like any
     * other for who reads once; for who follows it is still to come, on top of those asked for.
     *
     * @param lines how many; negative means all
     * @param farthest where to stop looking
     * @param limit where the log is taken to end
     */
    static long start(OpenLog log, int lines, FileLogStream.Mode mode, long farthest, long limit) throws IOException {
        if (lines < 0) {
            return log.firstLine();
        }
        long end = Math.min(limit, log.end());
        long begin = Math.max(log.begin(), farthest);
        boolean unfinished = end > begin && read(log, end - 1, end)[0] != '\n';
        int complete = mode == FileLogStream.Mode.ONCE && unfinished ? lines - 1 : lines;
        return complete < 0 ? end : start(log, begin, end, complete);
    }

    private static long start(OpenLog log, long begin, long last, int lines) throws IOException {
        long end = last;
        int breaks = 0;
        while (end > begin) {
            long from = Math.max(begin, end - BLOCK);
            byte[] block = read(log, from, end);
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n' && breaks++ == lines) {
                    return from + i + 1;
                }
            }
            end = from;
        }
        return Math.min(last, Math.max(begin, log.firstLine()));
    }

    /**
     * The last lines as text, for a message; nothing if there is nothing. What is written meanwhile is not waited for, and
     * of endless lines only the last {@value #LONGEST_MESSAGE} bytes are looked at.
     */
    static String last(Path file, int lines) {
        Deque<String> kept = new ArrayDeque<>();
        long end = LogReader.size(file);
        LogReader reader = LogReader.ofLast(file, lines, FileLogStream.Mode.ONCE, end - LONGEST_MESSAGE, end);
        while (reader.read(end, kept::add)) {
            shorten(kept, lines);
        }
        reader.finish(kept::add);
        shorten(kept, lines);
        return String.join("\n", kept);
    }

    private static void shorten(Deque<String> kept, int lines) {
        while (kept.size() > lines) {
            kept.removeFirst();
        }
    }

    /** The end of what a log holds as text, at most that many bytes of UTF-8, beginning with a whole line if it can. */
    static String text(Path file, int limit) {
        try {
            for (int attempt = 1; ; attempt++) {
                Optional<OpenLog> opened = OpenLog.open(file);
                if (opened.isEmpty()) {
                    return "";
                }
                try (OpenLog log = opened.get()) {
                    String text = text(log, limit);
                    if (attempt == TRIES || log.isCurrent()) {
                        return text;
                    }
                }
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static String text(OpenLog log, int limit) throws IOException {
        long end = log.end();
        long begin = Math.max(log.begin(), end - limit);
        String text = new String(read(log, begin, end), StandardCharsets.UTF_8);
        int whole = text.indexOf('\n') + 1;
        if (begin > 0 && whole < text.length()) { // else it is the end of one long line, which is better than nothing
            text = text.substring(whole);
        }
        while (text.getBytes(StandardCharsets.UTF_8).length > limit) {
            text = text.substring(text.length() / 4 + 1);
        }
        return text;
    }

    static AngeeException unreadable(Path file, IOException e) {
        return new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
    }

    /** What is between two addresses; less if the log was emptied meanwhile. */
    private static byte[] read(OpenLog log, long begin, long end) throws IOException {
        byte[] block = new byte[(int) (end - begin)];
        int have = 0;
        while (have < block.length) {
            byte[] piece = new byte[block.length - have];
            int read = log.read(begin + have, piece, piece.length);
            if (read == 0) {
                return Arrays.copyOf(block, Math.max(1, have));
            }
            System.arraycopy(piece, 0, block, have, read);
            have += read;
        }
        return block;
    }
}
