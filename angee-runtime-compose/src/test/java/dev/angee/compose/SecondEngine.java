package dev.angee.compose;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/**
 * A Docker engine of a test's own, which it may stop, freeze and kill: its own folder, containerd, network namespace and
 * address pools, so that the engine of the machine and what runs there are left alone. Needs root.
 *
 * <pre>{@code
 * try (SecondEngine engine = SecondEngine.with("--live-restore").start()) {
 *     engine.load(RealDocker.IMAGE);
 *     ComposeSettings settings = RealDocker.settings().dockerHost(engine.host());
 *     engine.kill();
 *     engine.start();
 * }
 * }</pre>
 *
 * <p>For one thread. A test JVM that was killed leaves its engine behind; the next one to start an engine removes it.
 */
final class SecondEngine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path FOLDERS = Path.of("/tmp"); // a socket's path has to be short
    private static final String PREFIX = "angee-engine-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-\\d+");

    /** Where {@code .ci/docker-engine.sh} puts another iptables, for kernels that need it. */
    private static final String LEGACY = "/run/angee-docker/legacy";

    private final Path folder;
    private final Leftovers leftovers;
    private final List<String> arguments;
    private final Thread lastResort;
    private int diskMegabytes;
    private @Nullable Process dockerd;

    private SecondEngine(Path folder, List<String> arguments) {
        this.folder = folder;
        this.leftovers = new Leftovers(folder);
        this.arguments = arguments;
        this.lastResort = new Thread(leftovers::remove, "removes " + folder);
    }

    /**
     * An engine that is yet to be started.
     *
     * @param arguments for {@code dockerd}; without any, it has Docker's own defaults
     */
    static SecondEngine with(String... arguments) {
        requireRoot();
        sweep();
        try {
            Path folder = Files.createTempDirectory(
                    FOLDERS, PREFIX + ProcessHandle.current().pid() + "-");
            return new SecondEngine(folder, List.of(arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a disk of its own, in memory and so small, for all that it stores. */
    SecondEngine diskOf(int megabytes) {
        diskMegabytes = megabytes;
        return this;
    }

    /** Starts it, for the first time or again, and waits for its answer. If that fails, all is removed. */
    SecondEngine start() {
        if (dockerd != null && dockerd.isAlive()) {
            throw new IllegalStateException("it runs already");
        }
        try {
            prepare();
            Process started = launch();
            dockerd = started;
            await("an answer of " + host()).atMost(PATIENCE).until(() -> answers() || !started.isAlive());
            if (!answers()) {
                throw new IllegalStateException("dockerd did not start; the end of its log: " + logTail());
            }
            return this;
        } catch (IOException | RuntimeException | Error e) {
            IllegalStateException failure = new IllegalStateException("no second engine: " + e.getMessage(), e);
            try {
                close();
            } catch (RuntimeException | Error again) {
                failure.addSuppressed(again);
            }
            throw failure;
        }
    }

    /** Where it listens, as {@code DOCKER_HOST} has it. */
    String host() {
        return "unix://" + folder.resolve("docker.sock");
    }

    /** The folder that holds all of it; {@code data} in there is what it stores. */
    Path folder() {
        return folder;
    }

    /** The process id of {@code dockerd}. */
    long pid() {
        return running().pid();
    }

    /** Brings an image over from the engine of the machine. */
    SecondEngine load(String image) {
        Path file = folder.resolve("image.tar");
        String first = RealDocker.settings().dockerHost();
        require("docker", "-H", first, "save", "-o", file.toString(), image);
        require("docker", "-H", host(), "load", "-q", "-i", file.toString());
        Leftovers.run("rm", file.toString());
        return this;
    }

    /** Lets it end in an orderly way; containers end too, unless it was started to leave them alone. */
    void stop() {
        end(ProcessHandle::destroy);
    }

    /** As by {@code kill -9}, or for want of memory. Its containers may live on. */
    void kill() {
        end(ProcessHandle::destroyForcibly);
    }

    /** From now on it takes connections and says nothing. */
    void freeze() {
        require("kill", "-STOP", String.valueOf(pid()));
    }

    void thaw() {
        require("kill", "-CONT", String.valueOf(pid()));
    }

    /** What to put before a command for it to see the network as this engine does, with the ports it publishes. */
    List<String> entering() {
        return List.of("nsenter", "--net=" + namespace());
    }

    /** Processes of its own that live: it, containerd, shims, and what runs in containers. */
    List<ProcessHandle> processes() {
        return leftovers.processes();
    }

    /** Ends it however it is, and removes all that it made. Safe to call twice. */
    @Override
    public void close() {
        if (dockerd != null && dockerd.isAlive()) {
            Leftovers.run("kill", "-CONT", String.valueOf(dockerd.pid())); // frozen, it could not end in order
            dockerd.destroy();
            try {
                if (!dockerd.waitFor(20, TimeUnit.SECONDS)) {
                    dockerd.destroyForcibly();
                }
            } catch (InterruptedException e) {
                dockerd.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        leftovers.remove();
        forgetLastResort();
    }

    private void prepare() throws IOException {
        if (Files.exists(namespace())) {
            // The one it had lives on in the bridges and containers. What its last run left would only mislead it:
            // it refuses to start when the number in a pid file is in use, or a zombie's.
            Files.deleteIfExists(folder.resolve("pid"));
            Files.deleteIfExists(folder.resolve("exec/containerd/containerd.pid"));
            return;
        }
        Runtime.getRuntime().addShutdownHook(lastResort);
        Path data = Files.createDirectory(folder.resolve("data"));
        if (diskMegabytes > 0) {
            require("mount", "-t", "tmpfs", "-o", "size=" + diskMegabytes + "m", "angee", data.toString());
        }
        Files.createFile(namespace());
        require("unshare", "--net=" + namespace(), "sh", "-c", "ip link set lo up || busybox ip link set lo up");
    }

    private Process launch() throws IOException {
        List<String> words = new ArrayList<>(entering()); // not 'ip netns exec', which hides the cgroups
        words.addAll(List.of("dockerd", "--data-root", folder + "/data", "--exec-root", folder + "/exec"));
        words.addAll(List.of("--pidfile", folder + "/pid", "-H", host()));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/local/sbin:/usr/sbin:/sbin";
        environment.keySet().removeIf(name -> name.startsWith("DOCKER_") || name.equals("TMPDIR"));
        environment.put("PATH", Files.isDirectory(Path.of(LEGACY)) ? LEGACY + ":" + path : path);
        return builder.start();
    }

    private boolean answers() {
        try (EngineConnection connection = new EngineConnection(host())) {
            connection.questions().pingCmd().exec();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private Process running() {
        if (dockerd == null || !dockerd.isAlive()) {
            throw new IllegalStateException("it does not run");
        }
        return dockerd;
    }

    private void end(Consumer<ProcessHandle> how) {
        Process process = running();
        List<ProcessHandle> children =
                process.children().filter(SecondEngine::isContainerd).toList(); // they end with it
        how.accept(process.toHandle());
        await("the end of " + host())
                .atMost(PATIENCE)
                // Not the process's handle: that one knows of its end a moment before the process does.
                .until(() -> !process.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static boolean isContainerd(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("containerd");
    }

    private Path namespace() {
        return folder.resolve("netns");
    }

    private Path log() {
        return folder.resolve("log");
    }

    private String logTail() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }

    private void forgetLastResort() {
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException e) {
            // the JVM is ending, and the hook runs or has run
        }
    }

    private static void requireRoot() {
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                Assertions.fail("this test starts a Docker engine of its own, which only root can: run it as root");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(String... words) {
        int code = Leftovers.run(words);
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", Arrays.asList(words)) + ": exit code " + code);
        }
    }

    /** What a test JVM that was killed has left. */
    private static void sweep() {
        try (Stream<Path> folders = Files.list(FOLDERS)) {
            for (Path each : folders.toList()) {
                Matcher name = NAME.matcher(String.valueOf(each.getFileName()));
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    new Leftovers(each).remove();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
