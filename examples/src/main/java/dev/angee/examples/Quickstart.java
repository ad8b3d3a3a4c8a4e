package dev.angee.examples;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.RuntimeKind;
import dev.angee.git.JGitSourceControl;
import dev.angee.instance.Angee;
import dev.angee.source.BranchName;
import dev.angee.source.SourceControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Shows the platform's main job on a real repository, with nothing but the JDK: two workspaces are cut and run at once,
 * a change goes from one to everybody, and everything is taken down again.
 */
@Command(
        name = "Quickstart",
        mixinStandardHelpOptions = true,
        description = "Cuts two workspaces of a repository, runs both, and brings a change from one to the other.")
public final class Quickstart implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int INVALID = 2;
    private static final int INTERRUPTED = 130;
    private static final long CLEANUP_PATIENCE_SECONDS = 60;

    @Option(
            names = "--repo",
            paramLabel = "PATH_OR_URL",
            description = "The repository to work on (default: the one around the working directory).")
    private @Nullable String repository;

    @Option(names = "--runtime", paramLabel = "local|container", description = "Where services run (default: local).")
    private String runtime = "local";

    @Option(
            names = "--image",
            description = "The image for containers: one with sh, httpd, grep and wget (default: ${DEFAULT-VALUE}).")
    private String image = "angee-busybox:local";

    @Option(
            names = "--clean",
            paramLabel = "ROOT",
            description = "Only take down what a killed run has left at this root.")
    private @Nullable Path clean;

    private final Terminal terminal = Terminal.standard(System.getenv());
    private final SourceControl control = new JGitSourceControl();

    private Quickstart() {}

    /**
     * Runs it; the exit code is 0 if all went well, 1 if something failed, 2 for wrong arguments, 130 after Ctrl-C.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        Thread worker = Thread.currentThread();
        CountDownLatch finished = new CountDownLatch(1);
        // Ctrl-C: the work is interrupted and takes itself down, and the JVM waits for that.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> waitFor(worker, finished), "wait for clean-up"));
        int code;
        try {
            code = new CommandLine(new Quickstart()).execute(args);
        } finally {
            finished.countDown();
        }
        System.exit(code);
    }

    private static void waitFor(Thread worker, CountDownLatch finished) {
        if (finished.getCount() == 0) {
            return;
        }
        worker.interrupt();
        try {
            if (!finished.await(CLEANUP_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("Clean-up takes too long; finish it with --clean.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Integer call() {
        try {
            if (clean != null) {
                new Cleanup(clean.toAbsolutePath().normalize(), control, terminal).run();
            } else {
                demonstrate(options());
            }
            return 0;
        } catch (AngeeException e) {
            terminal.failed(String.valueOf(e.getMessage()));
            return Thread.currentThread().isInterrupted()
                    ? INTERRUPTED
                    : e.code() == ErrorCode.INVALID ? INVALID : FAILED;
        } catch (InterruptedException e) {
            terminal.failed("interrupted; everything was taken down");
            return INTERRUPTED;
        } catch (IOException e) {
            terminal.failed(e.toString());
            return FAILED;
        }
    }

    private QuickstartOptions options() throws IOException {
        Optional<String> source = Optional.ofNullable(repository).or(() -> DemoRemote.around(Path.of("")));
        if (source.isEmpty()) {
            throw new AngeeException(
                    ErrorCode.INVALID,
                    "there is no git repository around " + Path.of("").toAbsolutePath()
                            + " (was this unpacked from an archive?). Name any repository: --repo PATH_OR_URL");
        }
        RuntimeKind kind;
        try {
            kind = RuntimeKind.valueOf(runtime.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new AngeeException(ErrorCode.INVALID, "--runtime is local or container, not '" + runtime + "'", e);
        }
        return new QuickstartOptions(
                source.get(),
                kind,
                image,
                Files.createTempDirectory("angee-quickstart-").toRealPath());
    }

    private void demonstrate(QuickstartOptions options) throws IOException, InterruptedException {
        Stopwatch all = new Stopwatch();
        Path root = options.root();
        Files.createFile(root.resolve(Cleanup.MARKER));
        terminal.say("Angee quickstart on " + options.repository() + ", services " + where(options.runtime()));
        terminal.say("If this is killed: --clean " + root);
        try {
            terminal.heading("1  A new instance");
            Stopwatch watch = new Stopwatch();
            Path remote = root.resolve("remote.git");
            BranchName main = DemoRemote.copy(control, options.repository(), remote, this::showPercent);
            Files.writeString(root.resolve("angee.yaml"), manifest(remote, main));
            terminal.done("instance " + root + ", a bare copy of " + main + " as its remote", watch.time());
            try (Angee angee = Angee.open(root)) {
                new Circle(angee, options, main, terminal).run();
            }
        } finally {
            // Whatever is still to be taken down must not stumble over the interrupt that stopped the rest.
            boolean interrupted = Thread.interrupted();
            terminal.heading("6  Everything down");
            new Cleanup(root, control, terminal).run();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        terminal.done("all of it", all.time());
    }

    private void showPercent(String task, int percent) {
        String text = terminal.percent(task, percent);
        if (!text.isEmpty()) {
            terminal.detail(text);
        }
    }

    private static String manifest(Path remote, BranchName main) {
        return """
                version: 1
                kind: stack
                name: quickstart
                operator:
                  port_pool:
                    web: { range: "8100-8199" }
                sources:
                  app:
                    kind: git
                    repo: "%s"
                    default_ref: "%s"
                """.formatted(remote, main);
    }

    private static String where(RuntimeKind runtime) {
        return runtime == RuntimeKind.LOCAL ? "as processes of this host" : "in containers";
    }
}
