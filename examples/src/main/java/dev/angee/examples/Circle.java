package dev.angee.examples;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.gitops.LandOptions;
import dev.angee.gitops.SlotResult;
import dev.angee.instance.Angee;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The main job of the platform, once round: cut, run, change, check, push, land, sync. */
final class Circle {
    private static final String SLOT = "app";
    private static final Author AUTHOR = new Author("Quickstart", "quickstart@example.invalid");
    private static final long PATIENCE_SECONDS = 60;

    private final Angee angee;
    private final QuickstartOptions options;
    private final BranchName main;
    private final Terminal terminal;
    private final WebPage pages = new WebPage();

    Circle(Angee angee, QuickstartOptions options, BranchName main, Terminal terminal) {
        this.angee = angee;
        this.options = options;
        this.main = main;
        this.terminal = terminal;
    }

    void run() throws IOException, InterruptedException {
        String line = "feat-x was here, in " + angee.root().getFileName();
        terminal.heading("2  Two workspaces, each with its own branch, port and stack");
        WorkspaceCommands commands = new WorkspaceCommands(options, line);
        Workspace featX = create(commands, "feat-x");
        Workspace featY = create(commands, "feat-y");
        show("topology before");

        terminal.heading("3  Both up at once");
        bringUp(List.of(featX, featY));
        for (Workspace each : List.of(featX, featY)) {
            Stopwatch watch = new Stopwatch();
            pages.require(url(each, "/"), each.name());
            terminal.done(url(each, "/") + " answers as " + each.name(), watch.time());
        }

        terminal.heading("4  A change in feat-x goes to everybody");
        String page = "/app/" + change(featX, line);
        land(featX);
        sync(featY);
        Stopwatch watch = new Stopwatch();
        pages.require(url(featY, page), line);
        terminal.done(url(featY, page) + " of feat-y shows the change too", watch.time());

        terminal.heading("5  Who stands where");
        show("topology after");
    }

    private Workspace create(WorkspaceCommands commands, String name) {
        Stopwatch watch = new Stopwatch();
        Workspace workspace = angee.workspaces().create(commands.request(name, main.value()), details());
        terminal.done(
                name + ": " + workspace.slot(SLOT).branch() + " from origin/" + main + ", port "
                        + workspace.allocations().get("web"),
                watch.time());
        return workspace;
    }

    /** On threads of their own: neither waits for the other. */
    private void bringUp(List<Workspace> workspaces) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(workspaces.size());
        try {
            List<Future<?>> ups = new ArrayList<>();
            for (Workspace each : workspaces) {
                ups.add(threads.submit(() -> {
                    Stopwatch watch = new Stopwatch();
                    each.stack().up(UpOptions.defaults().telling(details(each.name() + "/")));
                    terminal.done(each.name() + " is up and healthy", watch.time());
                    return null;
                }));
            }
            for (Future<?> up : ups) {
                up.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AngeeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                terminal.failed("a service did not stop starting");
            }
        }
    }

    /** Edits, sees it live, checks before and after; the name of the file. */
    private String change(Workspace featX, String line) throws IOException, InterruptedException {
        Path worktree = featX.slot(SLOT).worktree().path();
        check(featX, 1);
        Stopwatch watch = new Stopwatch();
        String file = EditedFile.in(worktree).append(line);
        pages.require(url(featX, "/app/" + file), line);
        terminal.done("edited " + file + "; the page shows it", watch.time());
        check(featX, 0);
        return file;
    }

    private void check(Workspace workspace, int expected) throws InterruptedException {
        Stopwatch watch = new Stopwatch();
        ExitStatus status = workspace.stack().run("check", RunOptions.defaults());
        if (status.code() != expected) {
            throw new AngeeException(
                    ErrorCode.FAILED, "check ended with exit " + status.code() + ":\n" + status.output());
        }
        terminal.done(
                "job check: exit " + status.code() + " (" + status.output().strip() + ")", watch.time());
    }

    private void land(Workspace featX) {
        Stopwatch watch = new Stopwatch();
        for (SlotResult commit : angee.gitops()
                .commit(featX.name(), "Say that feat-x was here", AUTHOR)
                .throwIfConflicted()
                .slots()) {
            terminal.done(
                    "committed " + commit.head().map(CommitId::abbreviated).orElse("nothing") + " on "
                            + featX.slot(SLOT).branch(),
                    watch.time());
        }
        Stopwatch pushing = new Stopwatch();
        angee.gitops().push(featX.name()).throwIfConflicted();
        terminal.done("pushed " + featX.slot(SLOT).branch(), pushing.time());
        Stopwatch landing = new Stopwatch();
        angee.gitops().land(featX.name(), LandOptions.into(main.value())).throwIfConflicted();
        terminal.done("merged into " + main, landing.time());
    }

    private void sync(Workspace featY) {
        Stopwatch watch = new Stopwatch();
        angee.gitops().syncBase(featY.name()).throwIfConflicted();
        terminal.done("sync-base: feat-y has what " + main + " has", watch.time());
    }

    private void show(String title) {
        Stopwatch watch = new Stopwatch();
        List<String> lines = Table.of(angee.gitops().topology()).lines();
        terminal.done(title, watch.time());
        lines.forEach(each -> terminal.say("   " + each));
    }

    private static String url(Workspace workspace, String path) {
        return "http://127.0.0.1:" + workspace.allocations().get("web") + path;
    }

    private ProgressListener details() {
        return details("");
    }

    private ProgressListener details(String prefix) {
        return progress -> {
            String text = text(progress);
            if (!text.isEmpty()) {
                terminal.detail(prefix + text);
            }
        };
    }

    private String text(Progress progress) {
        if (progress instanceof Progress.Fetching fetching) {
            return terminal.percent("source " + fetching.source() + ": " + fetching.task(), fetching.percent());
        }
        if (progress instanceof Progress.WorktreeAdded added) {
            return "worktree " + added.slot() + " on " + added.branch() + " @ " + added.head();
        }
        if (progress instanceof Progress.PortLeased leased) {
            return "port " + leased.pool() + " " + leased.port();
        }
        if (progress instanceof Progress.Rendered rendered) {
            return "rendered " + rendered.files() + " files";
        }
        if (progress instanceof Progress.Pulling pulling) {
            return pulling.workload() + ": image " + pulling.image() + " is fetched";
        }
        if (progress instanceof Progress.Building building) {
            return building.workload() + ": its image is built";
        }
        if (progress instanceof Progress.Starting starting) {
            return starting.workload() + " starting";
        }
        if (progress instanceof Progress.WaitingFor waiting) {
            return waiting.workload() + " runs, waiting until it is "
                    + waiting.condition().name().toLowerCase(Locale.ROOT);
        }
        return progress instanceof Progress.Ready ready ? ready.workload() + " is ready" : "";
    }
}
