package dev.angee.git;

import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.source.RemoveOptions;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RemovalIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.angee.git.Engines#names")
    void what_was_written_while_a_removal_waited_for_its_turn_is_found(String engine) throws Exception {
        SourceControl it = Engines.of(engine);
        Remote remote = Remote.in(folder);
        remote.fetch(it);
        Worktree worktree = remote.add(it, "w", WORK);
        AdminFolder record = new AdminFolder(remote.recordOf(worktree));
        CountDownLatch mayWrite = new CountDownLatch(1);
        CountDownLatch holds = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Path> writing = threads.submit(() -> new RepositoryLocks(Duration.ofMinutes(1))
                    .worktree(remote.cache(), record, "write", () -> {
                        holds.countDown();
                        await(mayWrite);
                        return write(worktree.path().resolve("work.txt"), "precious\n");
                    }));
            await(holds);
            Future<?> removing = threads.submit(() -> it.removeWorktree(worktree, RemoveOptions.losingNothing(MAIN)));
            // Long enough to have looked before it waits, if that is what it does.
            assertThatThrownBy(() -> removing.get(1, TimeUnit.SECONDS)).isNotNull();
            mayWrite.countDown();
            Path work = writing.get(1, TimeUnit.MINUTES);
            assertThatThrownBy(() -> removing.get(1, TimeUnit.MINUTES))
                    .hasCauseInstanceOf(ConflictException.class)
                    .hasMessageContaining("work.txt");
            assertThat(work).hasContent("precious");
        } finally {
            mayWrite.countDown();
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
