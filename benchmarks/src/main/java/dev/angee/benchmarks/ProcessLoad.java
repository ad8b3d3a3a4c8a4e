package dev.angee.benchmarks;

import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.workload.Condition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The processes that each contender is to run: the same program for all, which makes a file of its own and then does as its
 * kind says. It runs once that file is there.
 *
 * @param kind what they do
 * @param many how many there are
 * @param folder an empty folder for all that belongs to them; its name needs no quotes in a shell
 */
record ProcessLoad(Kind kind, int many, Path folder) {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long DEADLINE_SECONDS = 120;
    private static final int LINE = 79;

    /** What they do. */
    enum Kind {
        /** They sleep. */
        PLAIN,
        /** They sleep, and each starts only when the one before is healthy: its file is there, looked for every 100 ms. */
        CHAIN,
        /** They write lines of 80 bytes as fast as they can. */
        WRITER
    }

    Path up() {
        return folder.resolve("up");
    }

    String name(int index) {
        return String.format(Locale.ROOT, "s%03d", index);
    }

    private Path file(int index) {
        return up().resolve(name(index));
    }

    /** The program, for who waits for its dependencies by himself. */
    String script(int index) {
        String then = kind == Kind.WRITER ? "yes " + "x".repeat(LINE) : "sleep 1000";
        return "echo x >" + file(index) + "; exec " + then;
    }

    /** The same for those who have no dependencies: the program waits, as their users make it. */
    String waitingScript(int index) {
        return kind == Kind.CHAIN && index > 0
                ? "until test -e " + file(index - 1) + "; do sleep 0.1; done; " + script(index)
                : script(index);
    }

    /** The program of one of them that runs by now. */
    String program() {
        return kind == Kind.WRITER ? "yes" : "sleep";
    }

    /** The plan of a stack in that root. */
    RuntimePlan plan(Path root) {
        List<Workload> workloads = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            WorkloadBuilder service =
                    Workload.service(name(i), new Launch.HostProcess()).command(List.of("/bin/sh", "-c", script(i)));
            if (kind == Kind.CHAIN) {
                service = service.health(new HealthCheck(
                        new HealthCheck.Exec(List.of("test", "-e", file(i).toString())),
                        POLL,
                        Duration.ofSeconds(5),
                        3,
                        Duration.ofSeconds(30)));
                if (i > 0) {
                    service = service.dependsOn(new Dependency(name(i - 1), Condition.HEALTHY));
                }
            }
            workloads.add(service.build());
        }
        return RuntimePlan.of(project(root), root, workloads);
    }

    static ProjectName project(Path root) {
        return ProjectName.of("bench", root);
    }

    /** Waits until all of them run, looking every millisecond. */
    void awaitAll() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (running() < many) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("only " + running() + " of " + many + " run, see " + folder);
            }
            Thread.sleep(1);
        }
    }

    private int running() {
        String[] files = up().toFile().list();
        return files == null ? 0 : files.length;
    }
}
