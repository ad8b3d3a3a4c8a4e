package dev.angee.process;

import dev.angee.internal.AtomicFile;
import dev.angee.runtime.ExitStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run of a job writes: handed out line by line while it runs, and bounded on disk. Of what has been read, the file
 * keeps {@link #KEPT} bytes at least; once there are {@link #KEPT_BEHIND}, what comes before those becomes a hole. A reader
 * that is {@link #FARTHEST_BEHIND} bytes behind misses some, and is told so. After the end the last {@link #KEPT} bytes
 * stay. For one thread; an interrupt is heeded after each line.
 */
final class JobOutput {
    /** The most bytes that are kept of a run that has ended. */
    static final int KEPT = 1024 * 1024;

    /** The bytes of what has been read that there may be while it runs, before all but the last {@link #KEPT} are given up. */
    static final long KEPT_BEHIND = 16L * 1024 * 1024;

    /** The most bytes a reader may be behind. */
    static final long FARTHEST_BEHIND = 256L * 1024 * 1024;

    /** The most bytes of the rest that are handed out of a run that had to be ended. */
    private static final long REST = 1024 * 1024;

    private static final Duration LONGEST_REST = Duration.ofSeconds(5);
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final Duration TURN = Duration.ofMillis(50);
    private static final long STEP = 8 * 1024;
    private static final long BLOCK = 4096;
    private static final Logger LOG = LoggerFactory.getLogger(JobOutput.class);

    private final Path log;
    private final Consumer<String> lines;
    private final Deque<String> read = new ArrayDeque<>();
    private LogReader reader;
    private long position;
    private long hole;
    private boolean holesWork = true;

    JobOutput(Path log, Consumer<String> lines) {
        this.log = log;
        this.lines = lines;
        this.reader = new LogReader(log, 0);
    }

    /**
     * Hands out lines for a moment; a job that writes faster than anybody reads does not keep its caller from looking at
     * the clock.
     *
     * @return whether nothing was left to hand out
     */
    boolean drain() throws InterruptedException {
        Deadline turn = Deadline.in(TURN);
        long end = LogReader.size(log);
        skip(end);
        handOut(end, turn);
        giveUp();
        return position >= end && read.isEmpty();
    }

    /** Hands out the rest, once nobody writes any more. */
    void finish() throws InterruptedException {
        long end = LogReader.size(log);
        skip(end);
        handOut(end, Deadline.in(FOREVER));
        reader.finish(read::add);
        handOut(end, Deadline.in(FOREVER));
    }

    /** The same for a run that had to be ended: its caller has waited long enough, and hears no more than a part of it. */
    void finishSoon() throws InterruptedException {
        long end = LogReader.size(log);
        if (end - position > REST) {
            skipTo(end - REST, "the run was ended");
        }
        handOut(end, Deadline.in(LONGEST_REST));
        if (position < end || !read.isEmpty()) {
            long left = end
                    - position
                    + read.stream().mapToLong(line -> line.length() + 1L).sum();
            read.clear();
            lines.accept("[about " + left + " bytes of output are left out here: the run was ended]");
            return;
        }
        reader.finish(read::add);
        handOut(end, Deadline.in(LONGEST_REST));
    }

    private void handOut(long end, Deadline turn) throws InterruptedException {
        while (!turn.isOver()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            String line = read.poll();
            if (line != null) {
                lines.accept(line);
            } else if (position < end) {
                readTo(Math.min(end, position + STEP));
            } else {
                return;
            }
        }
    }

    private void readTo(long end) {
        while (reader.read(end, read::add)) {
            // piece by piece
        }
        position = end;
    }

    private void skip(long end) {
        if (end - position > FARTHEST_BEHIND) {
            skipTo(end - KEPT_BEHIND, "they came too fast");
        }
    }

    private void skipTo(long next, String why) {
        reader.finish(read::add);
        read.add("[" + (next - position) + " bytes of output are left out here: " + why + "]");
        reader = new LogReader(log, next);
        position = next;
    }

    /** Gives back the room of what has been read long ago; the rest stays where it is in the file. */
    private void giveUp() {
        long end = (position - KEPT) / BLOCK * BLOCK;
        if (holesWork && position - hole > KEPT_BEHIND) {
            holesWork = punch(end);
            hole = end;
        }
    }

    private boolean punch(long end) {
        List<String> command =
                List.of("fallocate", "--punch-hole", "--offset", "0", "--length", Long.toString(end), log.toString());
        try {
            new LogNote(0, end, 0).write(log); // before the hole, so that no reader takes it for output
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Host.DEV_NULL)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().keySet().removeIf(variable -> !variable.equals("PATH"));
            Process process = builder.start();
            if (process.waitFor(5, TimeUnit.SECONDS)) {
                if (process.exitValue() != 0) {
                    LOG.warn("{} grows until the job ends: 'fallocate' failed", log);
                }
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
        } catch (IOException e) {
            LOG.warn("{} grows until the job ends: {}", log, e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the next wait for the job throws it
        }
        return true;
    }

    /** Its last lines, as many as an {@link ExitStatus} may hold. */
    String tail() {
        return tail(log);
    }

    static String tail(Path log) {
        return LogTail.text(log, ExitStatus.OUTPUT_LIMIT);
    }

    /** Bounds the log of a run that has ended; durable on return. It is to be there afterwards only if it was before. */
    static void trim(Path log) {
        try {
            if (!Files.exists(log) || Files.size(log) <= KEPT) {
                return;
            }
            AtomicFile.writePrivate(log, end(log));
            Files.deleteIfExists(LogNote.file(log));
            Files.deleteIfExists(OpenLog.before(log));
        } catch (IOException e) {
            throw LogTail.unreadable(log, e);
        }
    }

    /** Whole lines, if there is one. */
    private static byte[] end(Path log) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
            byte[] last = new byte[KEPT];
            in.seek(in.length() - KEPT);
            in.readFully(last);
            for (int i = 0; i < last.length - 1; i++) {
                if (last[i] == '\n') {
                    return Arrays.copyOfRange(last, i + 1, last.length);
                }
            }
            return last;
        }
    }
}
