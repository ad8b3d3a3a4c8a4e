package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the {@code docker} program, or its compose plugin by itself: in a bare environment, never longer than it may. Thread-safe. */
final class DockerCli {
    private static final Logger LOG = LoggerFactory.getLogger(DockerCli.class);
    private static final int KEPT = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ComposeSettings settings;
    private final ExecutorService workers;

    DockerCli(ComposeSettings settings, ExecutorService workers) {
        this.settings = settings;
        this.workers = workers;
    }

    /**
     * Runs a command to its end, or kills it at the deadline.
     *
     * @throws AngeeException {@code UNAVAILABLE} if the program is not there
     * @throws InterruptedException if interrupted; the program is then killed
     */
    CliResult run(ComposeCommand command, Deadline deadline) throws InterruptedException {
        return run(command, deadline, new Errands());
    }

    /**
     * The same, with something to do meanwhile.
     *
     * @param errands run by this thread; what one throws ends the program, and is thrown
     */
    CliResult run(ComposeCommand command, Deadline deadline, Errands errands) throws InterruptedException {
        Process process = start(command);
        List<Future<?>> helpers = new ArrayList<>();
        try {
            Output stdout = new Output();
            Future<?> stdoutEnds = workers.submit(() -> stdout.read(process.getInputStream()));
            helpers.add(stdoutEnds);
            Output stderr = new Output();
            Future<?> stderrEnds = workers.submit(() -> stderr.read(process.getErrorStream()));
            helpers.add(stderrEnds);
            helpers.add(workers.submit(() -> feed(process, command.input())));
            boolean ended = errands.runWhile(process, deadline);
            if (!ended) {
                kill(process);
            }
            OptionalInt code = ended ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
            return new CliResult(code, stdout.text(stdoutEnds), stderr.text(stderrEnds));
        } catch (InterruptedException e) {
            kill(process);
            throw e;
        } catch (RuntimeException | Error e) {
            kill(process); // the backend was closed, or an errand failed
            throw e;
        } finally {
            helpers.forEach(f -> f.cancel(true));
        }
    }

    private Process start(ComposeCommand command) {
        List<String> words = words(command);
        // The root of the file system: without -f, Compose looks for a file in the working directory and above it.
        ProcessBuilder builder = new ProcessBuilder(words).directory(new File("/"));
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(settings.environment());
        environment.put("DOCKER_HOST", settings.dockerHost());
        command.secrets().addTo(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    "cannot run '" + settings.program() + "': install the docker program with its compose plugin,"
                            + " version 2 or later, and put it on the PATH (" + e.getMessage() + ")",
                    e);
        }
    }

    /** Its plugin in place of the docker program, where that is the usual one. */
    private List<String> words(ComposeCommand command) {
        List<String> words = new ArrayList<>(command.words());
        boolean isUsual = settings.program().equals(ComposeSettings.USUAL_PROGRAM);
        if (isUsual && words.get(0).equals(ComposeCommand.COMPOSE)) {
            Optional<Path> plugin = ComposePlugin.find(settings.environment());
            if (plugin.isPresent()) {
                words.set(0, plugin.get().toString());
                return words;
            }
        }
        words.add(0, settings.program());
        return words;
    }

    /** What a program writes: read by one thread, and asked for by another. */
    private static final class Output {
        private final OutputTail tail = new OutputTail(KEPT);
        private final LineSplitter lines = new LineSplitter(tail::add);

        boolean read(InputStream in) throws IOException, InterruptedException {
            try (in) {
                byte[] block = new byte[8192];
                for (int n = in.read(block); n >= 0; n = in.read(block)) {
                    take(Arrays.copyOf(block, n));
                }
            }
            return true;
        }

        private synchronized void take(byte[] bytes) throws InterruptedException {
            lines.feed(bytes, 0);
        }

        /** All of it; or so much as has come, for whoever inherited the pipe and keeps it open is not waited for. */
        String text(Future<?> ends) throws InterruptedException {
            try {
                Object unused = ends.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("the output of the docker program has not ended with it", e);
            }
            synchronized (this) {
                lines.finish();
                return tail.text();
            }
        }
    }

    private static void feed(Process process, String input) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading it all; its exit code says what happened.
        }
    }

    /** Asks the program and its plugin to end, then makes them, with whatever they have started meanwhile. */
    private static void kill(Process process) throws InterruptedException {
        List<ProcessHandle> all = family(process);
        all.forEach(ProcessHandle::destroy);
        Deadline patience = Deadline.after(PATIENCE);
        try {
            for (ProcessHandle each : all) {
                each.onExit().get(Math.max(0, patience.nanosLeft()), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            all.addAll(family(process));
        } finally {
            all.forEach(ProcessHandle::destroyForcibly); // also when interrupted again
        }
    }

    private static List<ProcessHandle> family(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .collect(Collectors.toCollection(ArrayList::new));
    }
}
