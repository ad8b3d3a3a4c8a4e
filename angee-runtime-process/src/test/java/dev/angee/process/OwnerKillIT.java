package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.plan.Dependency;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.workload.Condition;
import dev.angee.workload.RestartPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever dies while it changes things, the next one makes them right. {@code -Downer.kills} says how often. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OwnerKillIT extends LocalStack {
    private static final int KILLS = Integer.getInteger("owner.kills", 25);
    private static final long SEED = Long.getLong("owner.seed", System.nanoTime());

    private static List<WorkloadBuilder> services() {
        return List.of(
                shell("db", "sleep 0.1; echo up >db.up; exec sleep 1000").health(HealthIT.exec("test", "-e", "db.up")),
                service("cache", "sleep", "1000")
                        .lifecycle(Lifecycles.with(
                                "restart", RestartPolicy.parse("always").orElseThrow())),
                shell("web", "(setsid sleep 1000 &) ; exec sleep 1000")
                        .dependsOn(new Dependency("db", Condition.HEALTHY)),
                shell("slow", "trap '' TERM; while :; do sleep 0.1; done")
                        .lifecycle(Lifecycles.with("stop_grace", Duration.ofMillis(100)))
                        .dependsOn(new Dependency("web", Condition.STARTED)));
    }

    private static RuntimePlan plan(ProjectName project, Path root) {
        return RuntimePlan.of(
                project, root, services().stream().map(WorkloadBuilder::build).toList());
    }

    /** A program that brings services up and down until it is killed. */
    static final class Owner {
        private Owner() {}

        /** Argument: the root. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            ProjectName project = ProjectName.of("test", root);
            Backend backend = new ProcessBackendProvider().open(project, root);
            while (true) {
                backend.up(plan(project, root), UpOptions.defaults());
                System.out.println("up");
                backend.down(DOWN);
                System.out.println("down");
            }
        }
    }

    @Test
    void whenever_the_owner_is_killed_the_next_one_brings_up_just_what_is_wanted_and_down_everything()
            throws Exception {
        Random random = new Random(SEED);
        Truth truth = new Truth(project(), root);
        backend.close();
        for (int kill = 0; kill < KILLS; kill++) {
            String where = "kill " + kill + " of seed " + SEED;
            Process owner = jvm(Owner.class, List.of("-XX:TieredStopAtLevel=1"), root.toString())
                    .start();
            try {
                TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(1500));
                assertThat(owner.isAlive())
                        .as(where + ": " + java.nio.file.Files.readString(folder.resolve("jvm.log")))
                        .isTrue();
            } finally {
                owner.destroyForcibly().waitFor();
            }
            try (Backend next = open()) {
                if (random.nextInt(3) > 0) {
                    next.up(plan(project(), root), UpOptions.defaults());
                    assertThat(next.status())
                            .as(where)
                            .hasSize(4)
                            .extracting(WorkloadStatus::state)
                            .containsOnly(WorkloadState.RUNNING);
                    truth.requireNoStrangers(next::status);
                }
                if (random.nextInt(3) > 0) {
                    next.down(DOWN);
                    assertThat(next.status()).as(where).isEmpty();
                    assertThat(truth.running()).as(where).isEmpty();
                    assertThat(leftovers()).as(where).isEmpty();
                }
            }
        }
        open().down(DOWN);
        await().atMost(DEADLINE).until(() -> truth.running().isEmpty());
    }
}
