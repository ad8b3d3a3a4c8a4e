package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.internal.FileLocks;
import dev.angee.plan.ProjectName;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProjectLockTest {
    @TempDir
    Path root;

    private final ExecutorService workers = Executors.newCachedThreadPool();

    @AfterEach
    void endWorkers() throws InterruptedException {
        workers.shutdownNow();
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void who_waits_in_vain_is_told_who_holds_it_R31() throws Exception {
        try (FileLocks.Held hold = lock(root).take("up", soon())) {
            assertThat(hold).isNotNull();
            assertThatThrownBy(() -> lock(root).take("down", soon()))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("'up'")
                    .hasMessageContaining(" ms");
        }
        lock(root).take("down", soon()).close();
    }

    @Test
    void stacks_at_different_roots_do_not_wait_for_each_other(@TempDir Path other) throws Exception {
        try (FileLocks.Held one = lock(root).take("up", soon());
                FileLocks.Held two = lock(other).take("up", soon())) {
            assertThat(one).isNotSameAs(two);
        }
    }

    @Test
    void another_process_is_waited_for_and_named_R31() throws Exception {
        Process holder = holder();
        try {
            assertThatThrownBy(() -> lock(root).take("up", soon()))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("'far away' of process " + holder.pid());
            Future<?> waiting = workers.submit(() -> lock(root).take("up", Deadline.after(Duration.ofSeconds(30))));
            holder.destroyForcibly();
            ((FileLocks.Held) waiting.get(20, TimeUnit.SECONDS)).close();
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void an_interrupted_waiter_leaves_the_lock_to_others() throws Exception {
        Process holder = holder();
        try {
            Future<?> waiting = workers.submit(() -> lock(root).take("up", Deadline.after(Duration.ofSeconds(30))));
            waiting.cancel(true);
        } finally {
            holder.destroyForcibly();
        }
        lock(root).take("up", Deadline.after(Duration.ofSeconds(20))).close();
    }

    private Process holder() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        InputStream said = process.getInputStream();
        assertThat(said.read()).as("the holder says that it holds").isEqualTo('y');
        return process;
    }

    private static ProjectLock lock(Path at) {
        return new ProjectLock(new ComposeProject(new ProjectName("p"), at));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMillis(100));
    }

    /** Takes the lock in a process of its own, and keeps it until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (FileLocks.Held hold =
                    lock(Path.of(arguments[0])).take("far away", Deadline.after(Duration.ofSeconds(10)))) {
                System.out.print(hold == null ? "n" : "y");
                System.out.flush();
                new java.util.concurrent.CountDownLatch(1).await();
            }
        }
    }
}
