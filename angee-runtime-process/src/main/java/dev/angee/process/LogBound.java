package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.workload.LogRotation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the logs of processes from filling the disk. The processes append to their files themselves, and never wait for
 * us; from time to time the oldest part of a file is given back to the file system, as a hole. Nothing is copied, no line
 * is lost that is to be kept, and what remains stays at its offset.
 *
 * <p>Kept are the last {@code maxSize * maxFiles} bytes, as in a rotation of so many files. A file takes no more than
 * that, a slack of a quarter of it or 1 MiB, whichever is more, and what is written from one look to the next.
 *
 * <p>Where holes cannot be made, for lack of the program {@code fallocate} or by the file system, the bytes to keep are
 * copied into a file beside the log, whose name ends in {@code .before}, and the log is emptied; what is written between
 * the two is lost, and as much again, and a third time while copying, is taken on disk. The same happens once to a log
 * whose offsets have come to 1 TiB, because file systems end somewhere.
 *
 * <p>One at a time may bound a log: who supervises the service. Thread-safe.
 */
final class LogBound {
    /** What is kept of a log whose workload says nothing about it. */
    static final LogRotation STANDARD = new LogRotation(10 * 1024 * 1024, 5);

    private static final Logger LOG = LoggerFactory.getLogger(LogBound.class);
    private static final long LEAST_SLACK = 1024 * 1024;
    private static final long LONGEST = 1L << 40;
    private static final int COPIED_AT_ONCE = 64 * 1024;
    private static final int REMEMBERED = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Optional<Path> fallocate;
    private final long longest;

    /** How far each log is known to be a hole. */
    private final Map<Path, Long> holes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * With what there is.
     *
     * @param fallocate the program of that name of util-linux
     * @param longest the offset after which a log is begun anew
     */
    LogBound(Optional<Path> fallocate, long longest) {
        this.fallocate = fallocate;
        this.longest = longest;
    }

    /**
     * With what this machine has.
     *
     * @param path where to look for programs, as in the variable of that name
     */
    static LogBound detect(String path) {
        Optional<Path> program = Stream.concat(Stream.of(path.split(":", -1)), Stream.of("/usr/bin", "/bin"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "fallocate"))
                .filter(Files::isExecutable)
                .findFirst();
        return new LogBound(program, LONGEST);
    }

    /** How many bytes at the end of a log a rule keeps. */
    static long kept(Optional<LogRotation> rule) {
        LogRotation rotation = rule.orElse(STANDARD);
        long size = Math.max(1, rotation.maxSize());
        long files = Math.max(1, rotation.maxFiles());
        return size > Long.MAX_VALUE / 4 / files ? Long.MAX_VALUE / 4 : size * files;
    }

    /** How many bytes more than those kept a log may have grown by before something is done. */
    static long slack(long kept) {
        return Math.max(LEAST_SLACK, kept / 4);
    }

    /**
     * Gives back what is not to be kept, if it is worth it; if not, this costs one look at the file's size. A log that is
     * not there needs nothing.
     *
     * @param rule of the workload that writes it; {@link #STANDARD} if absent
     * @throws AngeeException {@code UNAVAILABLE} if the log can be neither read nor shortened; it is as it was
     */
    void enforce(Path log, Optional<LogRotation> rule) throws InterruptedException {
        long kept = kept(rule);
        long size = LogReader.size(log);
        if (size > longest) {
            moveAside(log, kept);
        } else if (size - kept - slack(kept) >= 0 && size - kept - slack(kept) >= hole(log, size)) {
            long end = (size - kept) / OpenLog.BLOCK * OpenLog.BLOCK;
            switch (punch(log, end)) {
                case DONE -> punched(log, end);
                case IMPOSSIBLE -> moveAside(log, kept);
                case LATER -> LOG.warn("{} took too long to shorten; it is tried again", log);
            }
        }
    }

    private long hole(Path log, long size) {
        synchronized (holes) {
            Long known = holes.get(log);
            if (known != null && known <= size) {
                return known;
            }
        }
        try {
            long found = OpenLog.hole(log);
            remember(log, found);
            return found;
        } catch (IOException e) {
            throw LogTail.unreadable(log, e);
        }
    }

    private void remember(Path log, long hole) {
        synchronized (holes) {
            holes.put(log, hole);
        }
    }

    /** Also what was moved aside is older than anything to be kept by now. */
    private void punched(Path log, long end) {
        remember(log, end);
        try {
            Files.deleteIfExists(OpenLog.before(log));
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot delete " + OpenLog.before(log) + ": " + e, e);
        }
    }

    /** What has become of an attempt. */
    private enum Outcome {
        DONE,
        LATER,
        IMPOSSIBLE
    }

    private Outcome punch(Path log, long end) throws InterruptedException {
        if (fallocate.isEmpty()) {
            return Outcome.IMPOSSIBLE;
        }
        ProcessBuilder builder = new ProcessBuilder(
                        fallocate.get().toString(), "-p", "-o", "0", "-l", Long.toString(end), log.toString())
                .redirectInput(Host.DEV_NULL)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
        builder.environment().clear();
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            LOG.debug("cannot start {}", fallocate.get(), e);
            return Outcome.IMPOSSIBLE;
        }
        boolean ended = false;
        try {
            ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            if (!ended) {
                process.destroyForcibly();
            }
        }
        if (!ended) {
            return Outcome.LATER;
        }
        return process.exitValue() == 0 ? Outcome.DONE : Outcome.IMPOSSIBLE;
    }

    /** The copy keeps the offsets, so that who reads the log goes on in it; what comes before it is a hole. */
    private void moveAside(Path log, long kept) {
        Path copy = log.resolveSibling(log.getFileName() + ".copy");
        try {
            Files.deleteIfExists(copy);
            try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "rw");
                    RandomAccessFile out = new RandomAccessFile(copy.toFile(), "rw")) {
                long from = Math.max(0, in.length() - kept) / COPIED_AT_ONCE * COPIED_AT_ONCE;
                copy(in, out, from, in.length() + slack(kept));
                Files.move(copy, OpenLog.before(log), StandardCopyOption.ATOMIC_MOVE);
                in.setLength(0);
            }
            remember(log, 0);
        } catch (IOException e) {
            copy.toFile().delete();
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    "cannot shorten " + log + ": " + e.getMessage() + "; delete what is not needed on its disk",
                    e);
        }
    }

    /** Who writes may be faster than we copy, so this ends somewhere. */
    private static void copy(RandomAccessFile in, RandomAccessFile out, long from, long limit) throws IOException {
        byte[] bytes = new byte[COPIED_AT_ONCE];
        in.seek(from);
        out.seek(from);
        for (long at = from; at < limit; ) {
            int read = in.read(bytes);
            if (read <= 0) {
                return;
            }
            out.write(bytes, 0, read);
            at += read;
        }
    }
}
