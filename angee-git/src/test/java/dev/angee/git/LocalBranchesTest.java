package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.BranchName;
import dev.angee.source.SourceControl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A branch whose lock file somebody has, or has left behind. */
class LocalBranchesTest {
    private static final BranchName BRANCH = BranchName.of("workspace/x");

    @TempDir
    Path folder;

    @Test
    void a_lock_that_a_dead_process_left_is_in_nobodys_way() throws Exception {
        Remote remote = Remote.in(folder);
        SourceControl control = new JGitSourceControl();
        remote.fetch(control);
        Path lock = lock(remote);
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(60)));
        remote.add(control, "w", BRANCH);
        assertThat(lock).doesNotExist();
        assertThat(git(remote.cache(), "branch", "--list", "workspace/x")).contains("workspace/x");
    }

    @Test
    void a_lock_that_somebody_has_for_a_moment_is_waited_for() throws Exception {
        Remote remote = Remote.in(folder);
        SourceControl control = new JGitSourceControl();
        remote.fetch(control);
        Path lock = lock(remote);
        CompletableFuture<Boolean> given = CompletableFuture.supplyAsync(
                () -> lock.toFile().delete(), CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));
        remote.add(control, "w", BRANCH);
        assertThat(given.get(30, TimeUnit.SECONDS))
                .as("given back by who had it")
                .isTrue();
    }

    private static Path lock(Remote remote) throws Exception {
        Path lock = remote.cache().resolve(BRANCH.fullName() + ".lock");
        Files.createDirectories(lock.getParent());
        return Files.createFile(lock);
    }
}
