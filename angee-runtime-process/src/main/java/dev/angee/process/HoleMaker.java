package dev.angee.process;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Gives the beginning of a file back to the file system, by the program {@code fallocate}, and tells from what that says
 * whether it makes sense to try again: its exit code is the same for everything.
 */
record HoleMaker(Path program) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST = 1000;

    /** By the file system or the system; or by a program of that name that is not the one of util-linux. */
    private static final List<String> REFUSALS = List.of(
            "unsupported",
            "not supported",
            "not implemented",
            "invalid option",
            "unrecognized option",
            "applet not found",
            "cannot run program");

    private static final List<String> PASSING = List.of(
            "no space left",
            "input/output error",
            "quota exceeded",
            "too many open files",
            "cannot allocate memory",
            "read-only file system",
            "it took longer than");

    /** What went wrong, in one line; nothing if the hole is there. */
    String punch(Path file, long end) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(), "-p", "-o", "0", "-l", Long.toString(end), file.toString())
                .redirectInput(Host.DEV_NULL)
                .redirectOutput(Redirect.DISCARD);
        builder.environment().clear();
        try {
            Process process = builder.start();
            boolean ended = false;
            try {
                ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                if (!ended) {
                    process.destroyForcibly();
                }
            }
            if (!ended) {
                return program + ": it took longer than " + PATIENCE;
            }
            return process.exitValue() == 0 ? "" : program + ": " + said(process);
        } catch (IOException e) {
            return e.getMessage() + "";
        }
    }

    private static String said(Process process) throws IOException {
        try (InputStream errors = process.getErrorStream()) {
            String text = new String(errors.readNBytes(LONGEST), StandardCharsets.UTF_8);
            return "it ended with code " + process.exitValue() + ", saying '"
                    + text.strip().replaceAll("\\p{Cntrl}", " ") + "'";
        }
    }

    /** Whether holes are not to be had at all. */
    static boolean isRefusal(String failure) {
        return holds(failure, REFUSALS) && !holds(failure, PASSING);
    }

    /** Whether it is the fault of the moment. */
    static boolean mayPass(String failure) {
        return holds(failure, PASSING);
    }

    private static boolean holds(String failure, List<String> texts) {
        String text = failure.toLowerCase(Locale.ROOT);
        return texts.stream().anyMatch(text::contains);
    }
}
