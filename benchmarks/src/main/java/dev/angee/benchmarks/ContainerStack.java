package dev.angee.benchmarks;

import dev.angee.RuntimeKind;
import dev.angee.compose.ComposeBackendProvider;
import dev.angee.compose.ComposeSettings;
import dev.angee.plan.RuntimePlan;
import dev.angee.runtime.Backend;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.stack.Stack;
import dev.angee.stack.StackContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A stack of containers that both can bring up: ours from its manifest, Compose from the file that is made of that. */
final class ContainerStack implements AutoCloseable {
    private static final ComposeSettings SETTINGS =
            ComposeSettings.of(System.getenv()).labels(Map.of("dev.angee.test", "1"));
    /** What was asked of the engine goes on for a while without the one who asked. */
    private static final long SETTLE = 2000;

    private static final DownOptions AT_ONCE = DownOptions.defaults().grace(Duration.ofSeconds(1));

    private final ContainerLoad load;
    private final Path root;
    private final Path file;
    private final Path out;
    private final String project;
    private final String compiled;
    private final TimedProvider provider = new TimedProvider(new ComposeBackendProvider(SETTINGS));
    private final Stack stack;

    /** Nothing is brought up yet. */
    ContainerStack(ContainerLoad load, Path root) throws Exception {
        this.load = load;
        this.root = Files.createDirectories(root);
        this.file = root.resolve("docker-compose.yaml");
        this.out = root.resolve("out");
        Files.writeString(root.resolve("angee.yaml"), load.manifest());
        this.stack = Stack.open(root, StackContext.of(List.of(provider)));
        RuntimePlan plan = stack.plan();
        this.project = plan.project().value();
        try (Backend backend = open()) {
            this.compiled = backend.compile(plan.only(RuntimeKind.CONTAINER)).text();
        }
    }

    ContainerLoad load() {
        return load;
    }

    Stack stack() {
        return stack;
    }

    /** What a service's container is called. */
    String container(int index) {
        return project + "-" + load.name(index) + "-1";
    }

    /** How long each method of the stack's backend has taken. */
    TimedProvider times() {
        return provider;
    }

    /** A backend of its own for this stack, which the caller closes. */
    Backend open() {
        return new ComposeBackendProvider(SETTINGS).open(stack.plan().project(), root);
    }

    void up() throws InterruptedException {
        stack.up(UpOptions.defaults());
    }

    /** Removes everything, whoever has made it, and looks that it has gone. */
    void down() throws IOException, InterruptedException {
        stack.down(AT_ONCE);
        compose("down", "--remove-orphans", "-t", "1");
    }

    /** Puts the compiled file in its place, where the clock does not run. */
    void placeFile() throws IOException {
        Files.writeString(file, compiled);
    }

    /** What a user would type in place of ours. */
    void plainUp() throws IOException, InterruptedException {
        run(words("-f", file.toString(), "up", "-d"));
    }

    /** Runs {@code docker compose} for the project, which it knows by the labels of its containers. */
    void compose(String... verb) throws IOException, InterruptedException {
        run(words(verb));
    }

    /** What {@code docker compose} says, line by line. */
    List<String> ask(String... verb) throws IOException, InterruptedException {
        Path answer = Files.createTempFile(root, "answer", "");
        try {
            end(
                    words(verb),
                    new ProcessBuilder(words(verb))
                            .redirectError(out.toFile())
                            .redirectOutput(answer.toFile())
                            .start());
            return Files.readAllLines(answer);
        } finally {
            Files.delete(answer);
        }
    }

    /** Starts {@code docker compose}; its output is the caller's. */
    Process begin(String... verb) throws IOException {
        return new ProcessBuilder(words(verb)).redirectError(out.toFile()).start();
    }

    /** The same, with nobody who reads what it writes. */
    Process beginUnread(String... verb) throws IOException {
        return new ProcessBuilder(words(verb))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> words(String... verb) {
        List<String> words = new ArrayList<>(List.of("docker", "compose", "-p", project));
        words.addAll(List.of(verb));
        return words;
    }

    private void run(List<String> words) throws IOException, InterruptedException {
        end(
                words,
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start());
    }

    private void end(List<String> words, Process process) throws IOException, InterruptedException {
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        String.join(" ", words) + " ended with " + process.exitValue() + "; " + Files.readString(out));
            }
        } catch (InterruptedException e) {
            process.destroy(); // it ends its plugin, and that what it was about to do
            process.onExit().join();
            throw e;
        }
    }

    /** Removes everything, also when this thread was interrupted. */
    @Override
    public void close() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            stack.close();
            compose("down", "--remove-orphans", "-t", "1");
            if (interrupted) {
                Rounds.pause(SETTLE);
                compose("down", "--remove-orphans", "-t", "1");
            }
            Rounds.clear(root);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted twice; left behind: project " + project, e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
