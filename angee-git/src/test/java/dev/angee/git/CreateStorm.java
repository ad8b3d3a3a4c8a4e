package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.source.BranchName;
import dev.angee.source.FetchProgress;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One of several JVMs that make worktrees of one cache at the same moment: {@code <engine> <folder> <name> <threads>}. Begins when there
 * is a file {@code go} in the folder, tells each worktree that is there in a line, and each failure in a line that begins with {@code !}.
 */
final class CreateStorm {
    private CreateStorm() {}

    public static void main(String[] arguments) throws Exception {
        SourceControl control = Engines.of(arguments[0]);
        Remote remote = new Remote(Path.of(arguments[1]));
        int threads = Integer.parseInt(arguments[3]);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            String name = arguments[2] + "-" + i;
            all.add(pool.submit(() -> {
                ready.countDown();
                go.await();
                make(control, remote, name);
                return name;
            }));
        }
        ready.await();
        say("ready");
        while (!Files.exists(remote.folder().resolve("go"))) {
            Thread.sleep(2);
        }
        go.countDown();
        for (Future<?> each : all) {
            Object unused = each.get();
        }
        pool.shutdown();
    }

    private static void make(SourceControl control, Remote remote, String name) {
        try {
            control.addWorktree(worktree(remote, name), branch(name), Remote.MAIN, FetchProgress.none());
            say(name);
        } catch (AngeeException e) {
            say("! " + name + ": " + e);
        }
    }

    static Worktree worktree(Remote remote, String name) {
        return new Worktree(remote.cache(), remote.folder().resolve("work").resolve(name));
    }

    static BranchName branch(String name) {
        return BranchName.of("workspace/" + name);
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
