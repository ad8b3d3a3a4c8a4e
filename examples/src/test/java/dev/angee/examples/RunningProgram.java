package dev.angee.examples;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** One of the example programs, in a JVM of its own, as a user runs it. */
final class RunningProgram implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private RunningProgram(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a program.
     *
     * @param state the folder that stands for the user's state, so that no lease is mixed with real ones
     */
    static RunningProgram start(Class<?> program, Path workingDirectory, Path state, String... arguments)
            throws IOException {
        return start(program, workingDirectory, Map.of("XDG_STATE_HOME", state.toString()), state, arguments);
    }

    /** The same, with more variables in its environment. */
    static RunningProgram start(
            Class<?> program, Path workingDirectory, Map<String, String> environment, Path state, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                // A build that runs in the background ignores Ctrl-C, and so would what it starts.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + state,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
        builder.redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new RunningProgram(builder.start());
    }

    RunningProgram awaitLine(String part) {
        await("a line with '" + part + "' in\n" + String.join("\n", lines))
                .atMost(DEADLINE)
                .until(() -> lines.stream().anyMatch(line -> line.contains(part)) || !process.isAlive());
        return this;
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + DEADLINE + ":\n" + output());
        }
        reader.join(DEADLINE.toMillis());
        return process.exitValue();
    }

    /** What Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -INT \"$0\"", Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** What {@code kill -9} does: nothing of the program runs afterwards. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    String output() {
        return String.join("\n", lines);
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("output ended: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
