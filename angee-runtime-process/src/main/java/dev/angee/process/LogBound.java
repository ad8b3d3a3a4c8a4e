package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.workload.LogRotation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
 * whose offsets have come to 1 TiB, because file systems end somewhere. A failure that may pass, such as a full disk, is
 * no reason for it: there the attempt is made again, after ever more looks.
 *
 * <p>What was done is in the log's {@link LogNote}, which is written first; who dies in between leaves a log that every
 * reader understands, and that the next one goes on with.
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
    private static final int FAILURES = 3;
    private static final int MOST_DOUBLINGS = 8;
    private static final String COPY = ".copy";

    private final Optional<Path> fallocate;
    private final long longest;

    private final Map<Path, Known> logs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Known> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** What is known of a log: how far it is a hole, how often in a row that was not to be had, and looks to let pass. */
    private record Known(long hole, int failures, int pause) {
        Known failed() {
            int further = Math.min(failures + 1, MOST_DOUBLINGS);
            return new Known(hole, further, 1 << further);
        }

        Known passed() {
            return new Known(hole, failures, pause - 1);
        }
    }

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
        long size = log.toFile().length();
        try {
            Known known = known(log, size);
            if (known.pause() > 0) {
                remember(log, known.passed());
            } else if (size > longest) {
                moveAside(log, kept);
            } else if (size - kept - slack(kept) >= known.hole() && size - kept - slack(kept) >= 0) {
                long end = (size - kept) / OpenLog.BLOCK * OpenLog.BLOCK;
                if (!punch(log, end, known)) {
                    moveAside(log, kept);
                }
            }
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    "cannot shorten " + log + ": " + e.getMessage() + "; delete what is not needed on its disk",
                    e);
        }
    }

    private Known known(Path log, long size) throws IOException {
        synchronized (logs) {
            Known known = logs.get(log);
            if (known != null && known.hole() <= size) {
                return known;
            }
        }
        Known found = new Known(settle(log), 0, 0);
        remember(log, found);
        return found;
    }

    private void remember(Path log, Known known) {
        synchronized (logs) {
            logs.put(log, known);
        }
    }

    /** Finishes what another has begun, and forgets what is not true any more; how far the log is a hole. */
    private static long settle(Path log) throws IOException {
        deleteCopies(log);
        LogNote written = LogNote.read(log);
        LogNote note = written.of(log.toFile().length());
        if (note.equals(LogNote.NONE)) {
            Files.deleteIfExists(LogNote.file(log));
        } else if (!note.equals(written)) {
            note.write(log);
        }
        return Math.max(0, note.begin() - note.base());
    }

    /** Copies that others have left behind; one that still writes his loses it, and gives up. */
    private static void deleteCopies(Path log) throws IOException {
        Path folder = log.toAbsolutePath().getParent();
        if (folder == null || !Files.exists(log)) {
            return;
        }
        String prefix = log.getFileName() + COPY;
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(
                folder, each -> each.getFileName().toString().startsWith(prefix))) {
            for (Path copy : copies) {
                Files.deleteIfExists(copy);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Whether it is done, or may be another time. */
    private boolean punch(Path log, long end, Known known) throws IOException, InterruptedException {
        if (fallocate.isEmpty()) {
            return false;
        }
        LogNote before = LogNote.read(log).of(log.toFile().length());
        LogNote after = new LogNote(before.base(), before.base() + end, before.base());
        boolean noted = note(log, after);
        String failure = new HoleMaker(fallocate.get()).punch(log, end);
        if (failure.isEmpty()) {
            if (!noted) {
                after.write(log);
            }
            remember(log, new Known(end, 0, 0));
            Files.deleteIfExists(OpenLog.before(log)); // it is older than anything to be kept by now
            return true;
        }
        before.write(log);
        Known failed = known.failed();
        if (HoleMaker.isRefusal(failure) || (failed.failures() >= FAILURES && !HoleMaker.mayPass(failure))) {
            LOG.info("{} is moved aside, as no hole can be made in it: {}", log, failure);
            return false;
        }
        remember(log, failed);
        LOG.warn("{} is not shortened now, which is tried again: {}", log, failure);
        return true;
    }

    /** On a full disk there may be no room for a note before there is a hole. */
    private static boolean note(Path log, LogNote note) {
        try {
            note.write(log);
            return true;
        } catch (IOException e) {
            LOG.debug("cannot write the note of {} yet", log, e);
            return false;
        }
    }

    /** The copy keeps the offsets; what comes before it is a hole. */
    private void moveAside(Path log, long kept) throws IOException {
        deleteCopies(log);
        Path copy = log.resolveSibling(log.getFileName() + COPY);
        LogNote before = LogNote.read(log).of(log.toFile().length());
        try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "rw");
                RandomAccessFile out = new RandomAccessFile(copy.toFile(), "rw")) {
            long from = Math.max(0, in.length() - kept) / COPIED_AT_ONCE * COPIED_AT_ONCE;
            copy(in, out, from, in.length() + slack(kept));
            long begin = Math.max(before.begin(), before.base() + from);
            long next = before.base() + out.length();
            new LogNote(before.base(), begin, next).write(log);
            Files.move(copy, OpenLog.before(log), StandardCopyOption.ATOMIC_MOVE);
            in.setLength(0);
            new LogNote(next, begin, next).write(log);
            remember(log, new Known(0, 0, 0));
        } catch (IOException e) {
            copy.toFile().delete();
            throw e;
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
