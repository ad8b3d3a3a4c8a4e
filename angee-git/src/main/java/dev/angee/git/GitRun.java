package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.FetchProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A git program that runs. Two threads take what it prints, since it stops when nobody does. */
final class GitRun {
    private static final int MOST = 64 * 1024 * 1024;
    private static final int PIECE = 64 * 1024;
    private static final long LOOK_MILLIS = 50;
    private static final long LAST_WORDS_MILLIS = 5_000;

    private final Process process;
    private final GitCommand command;
    private final FetchProgress progress;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final GitComplaints complaints = new GitComplaints();
    private final AtomicBoolean tooMuch = new AtomicBoolean();

    GitRun(Process process, GitCommand command, FetchProgress progress) {
        this.process = process;
        this.command = command;
        this.progress = progress;
    }

    GitResult await() throws IOException {
        Thread out = reader("output", process.getInputStream(), this::keep);
        Thread err = reader("complaints", process.getErrorStream(), complaints::add);
        try {
            waitForEnd();
            // Whatever the program left running may hold the other ends; it is not waited for.
            out.join(LAST_WORDS_MILLIS);
            err.join(LAST_WORDS_MILLIS);
            complaints.tell(progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AngeeException(ErrorCode.FAILED, command.name() + " was interrupted", e);
        } finally {
            end();
        }
        if (tooMuch.get()) {
            throw new AngeeException(ErrorCode.FAILED, command.name() + " printed more than " + MOST + " bytes");
        }
        synchronized (output) {
            return new GitResult(process.exitValue(), output.toString(StandardCharsets.ISO_8859_1), complaints.text());
        }
    }

    private void waitForEnd() throws InterruptedException {
        long deadline = System.nanoTime() + command.deadline().toNanos();
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            complaints.tell(progress);
            if (tooMuch.get()) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new GitTimeout(command.name() + " did not end within "
                        + command.deadline().toSeconds() + " s, and was ended; try again");
            }
        }
    }

    private void end() throws IOException {
        if (process.isAlive()) { // of one that is gone nobody knows any more what it had started, and to ask takes long
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        process.getInputStream().close();
        process.getErrorStream().close();
        try {
            process.waitFor(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(byte[] bytes, int count) {
        synchronized (output) {
            if (output.size() + count > MOST) {
                tooMuch.set(true);
            } else {
                output.write(bytes, 0, count);
            }
        }
    }

    private static Thread reader(String name, InputStream in, Taker taker) {
        Thread thread = new Thread(
                () -> {
                    byte[] bytes = new byte[PIECE];
                    try (in) {
                        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                            taker.take(bytes, count);
                        }
                    } catch (IOException e) {
                        // The program was ended, and its streams with it: there is no more to read.
                    }
                },
                "angee-git-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Takes what was read. */
    @FunctionalInterface
    private interface Taker {
        void take(byte[] bytes, int count);
    }
}
