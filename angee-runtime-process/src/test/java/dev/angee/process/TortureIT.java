package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.plan.HealthCheck;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.workload.LogRotation;
import dev.angee.workload.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many services that behave badly, and somebody who kills at random: them, what they have started, and their owner. For
 * {@code -Dtorture.seconds} seconds with {@code -Dtorture.services} services.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class TortureIT extends LocalStack {
    private static final int SECONDS = Integer.getInteger("torture.seconds", 20);
    private static final int SERVICES = Integer.getInteger("torture.services", 200);
    private static final long SEED = Long.getLong("torture.seed", System.nanoTime());
    private static final int FLOODS = 1;

    private static RestartPolicy policy(String text) {
        return RestartPolicy.parse(text).orElseThrow();
    }

    private static List<WorkloadBuilder> services() {
        List<WorkloadBuilder> services = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            services.add(service(i));
        }
        return services;
    }

    private static WorkloadBuilder service(int number) {
        String name = String.format("s%03d", number);
        if (number < FLOODS) {
            return service(name, "yes", "a line of a log that is written as fast as it can be")
                    .lifecycle(Lifecycles.with("logs", new LogRotation(1 << 20, 4)));
        }
        return switch (number % 8) {
            case 0 ->
                shell(name, "sleep 0." + number % 10 + "; exit 3")
                        .lifecycle(Lifecycles.with("restart", policy("on-failure")));
            case 1 ->
                shell(name, "(setsid sleep 1000 &); sh -c 'sleep 1000' & exec sleep 1000")
                        .lifecycle(Lifecycles.with("restart", policy("always")));
            case 2 ->
                shell(name, "trap '' TERM HUP INT; while :; do sleep 1; done")
                        .lifecycle(Lifecycles.with("stop_grace", Duration.ofMillis(200)));
            case 3 ->
                shell(name, "rm -f " + name + "; sleep 1; echo x >" + name + "; exec sleep 1000")
                        .lifecycle(Lifecycles.with("restart", policy("unless-stopped")))
                        .health(new HealthCheck(
                                new HealthCheck.Exec(List.of("test", "-e", name)),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(10),
                                3,
                                Duration.ofSeconds(30)));
            case 4 -> shell(name, "exit 0");
            case 5 -> shell(name, "exit 4").lifecycle(Lifecycles.with("restart", policy("on-failure:3")));
            case 6 -> service(name, "sleep", "1000").lifecycle(Lifecycles.with("replicas", 2));
            default -> service(name, "sleep", "1000").lifecycle(Lifecycles.with("restart", policy("always")));
        };
    }

    private static RuntimePlan plan(ProjectName project, Path root) {
        return RuntimePlan.of(
                project, root, services().stream().map(WorkloadBuilder::build).toList());
    }

    /** A program that brings all up, and supervises until it is killed. */
    static final class Owner {
        private Owner() {}

        /** Argument: the root. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            ProjectName project = ProjectName.of("test", root);
            Backend backend = new ProcessBackendProvider().open(project, root);
            backend.up(plan(project, root), UpOptions.defaults());
            Files.createFile(root.resolve("up"));
            Thread.currentThread().join();
        }
    }

    private final Random random = new Random(SEED);

    private Process newOwner() throws IOException {
        Files.deleteIfExists(root.resolve("up"));
        return jvm(Owner.class, List.of("-Xmx256m"), root.toString()).start();
    }

    private Set<String> some(int most) {
        Set<String> names = new TreeSet<>();
        for (int i = random.nextInt(most) + 1; i > 0; i--) {
            names.add(String.format("s%03d", random.nextInt(SERVICES)));
        }
        return names;
    }

    private void killSome(Truth truth, int most) {
        List<Long> pids =
                truth.running().values().stream().flatMap(Set::stream).sorted().toList();
        for (int i = random.nextInt(most) + 1; i > 0 && !pids.isEmpty(); i--) {
            ProcessHandle.of(pids.get(random.nextInt(pids.size()))).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void whatever_is_killed_status_stays_true_and_down_leaves_nothing() throws Exception {
        Truth truth = new Truth(project(), root);
        Map<String, Integer> done = new java.util.TreeMap<>();
        Process owner = newOwner();
        try {
            awaitFile("up");
            Deadline end = Deadline.in(Duration.ofSeconds(SECONDS));
            while (!end.isOver()) {
                String what = act(truth, owner);
                done.merge(what, 1, Integer::sum);
                if (!owner.isAlive() && random.nextInt(3) == 0) {
                    owner = newOwner();
                }
                assertThat(truth.lies(backend::status))
                        .as("seed " + SEED + " after " + what)
                        .isEmpty();
            }
        } finally {
            owner.destroyForcibly().waitFor();
            System.out.println(
                    "torture of " + SERVICES + " services for " + SECONDS + " s, seed " + SEED + ": " + done);
        }
        backend.up(plan(project(), root), UpOptions.defaults());
        truth.requireNoStrangers(backend::status);
        assertThat(backend.status()).hasSize(SERVICES);
        backend.down(DownOptions.defaults().grace(Duration.ofSeconds(2)));
        await().atMost(DEADLINE).until(() -> truth.running().isEmpty());
        assertThat(leftovers()).isEmpty();
    }

    private String act(Truth truth, Process owner) throws InterruptedException {
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                backend.stop(Selection.of(some(20)), StopOptions.defaults().grace(Duration.ofMillis(500)));
                return "stop";
            }
            case 2, 3 -> {
                backend.start(Selection.of(some(20)), StartOptions.defaults());
                return "start";
            }
            case 4, 5, 6 -> {
                killSome(truth, 20);
                return "kill";
            }
            case 7 -> {
                owner.destroyForcibly().waitFor();
                return "kill the owner";
            }
            case 8 -> {
                backend.close();
                backend = open();
                return "hand over";
            }
            default -> {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
                return "wait";
            }
        }
    }
}
