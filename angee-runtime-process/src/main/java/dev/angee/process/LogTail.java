package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** The ends of log files, found without reading what comes before. */
final class LogTail {
    private static final int BLOCK = 8 * 1024;

    private LogTail() {}

    /**
     * Where the last lines of a file begin. A line at the very end that has no line break yet counts like any other for
     * who reads once; for who follows it is still to come, on top of those asked for.
     *
     * @param lines how many; negative means all
     * @param limit where the file is taken to end; whoever writes it may be faster than we look
     */
    static long start(Path file, int lines, FileLogStream.Mode mode, long limit) {
        if (lines < 0) {
            return 0;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long end = Math.min(limit, in.length());
            boolean unfinished = end > 0 && read(in, end - 1, end)[0] != '\n';
            int complete = mode == FileLogStream.Mode.ONCE && unfinished ? lines - 1 : lines;
            return complete < 0 ? end : start(in, end, complete);
        } catch (FileNotFoundException e) {
            return 0;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static long start(RandomAccessFile in, long length, int lines) throws IOException {
        long end = length;
        int breaks = 0;
        while (end > 0) {
            byte[] block = read(in, Math.max(0, end - BLOCK), end);
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n' && breaks++ == lines) {
                    return end - block.length + i + 1;
                }
            }
            end -= block.length;
        }
        return 0;
    }

    /** The last lines as text, for a message; nothing if there is nothing. */
    static String last(Path file, int lines) {
        Deque<String> kept = new ArrayDeque<>();
        LogReader reader = new LogReader(file, start(file, lines, FileLogStream.Mode.ONCE, Long.MAX_VALUE));
        while (reader.read(Long.MAX_VALUE, kept::add)) {
            while (kept.size() > lines) {
                kept.removeFirst();
            }
        }
        reader.finish(kept::add);
        return String.join("\n", kept);
    }

    /** The end of what a file holds as text, at most that many bytes of UTF-8, beginning with a whole line if it can. */
    static String text(Path file, int limit) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long end = in.length();
            long begin = Math.max(0, end - limit);
            String text = new String(read(in, begin, end), StandardCharsets.UTF_8);
            if (begin > 0) {
                text = text.substring(text.indexOf('\n') + 1);
            }
            while (text.getBytes(StandardCharsets.UTF_8).length > limit) {
                text = text.substring(text.length() / 4 + 1);
            }
            return text;
        } catch (FileNotFoundException e) {
            return "";
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static AngeeException unreadable(Path file, IOException e) {
        return new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
    }

    private static byte[] read(RandomAccessFile in, long begin, long end) throws IOException {
        byte[] block = new byte[(int) (end - begin)];
        in.seek(begin);
        in.readFully(block);
        return block;
    }
}
