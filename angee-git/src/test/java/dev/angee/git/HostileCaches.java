package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.Credentials;
import dev.angee.source.MergeOptions;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent that can write to the cache puts into it: nothing outside is written, read or waited for. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class HostileCaches {
    private static final String PRECIOUS = "a key\n";

    protected final SourceControl it = open();

    /** The engine that is attacked. */
    protected abstract SourceControl open();

    @TempDir
    Path folder;

    private Remote remote;
    private Worktree worktree;
    private Path home;
    private Path cache;

    @BeforeEach
    void makeAWorktreeAndAHome() throws Exception {
        remote = Remote.in(folder);
        remote.fetch(it);
        cache = remote.cache();
        worktree = remote.add(it, "w", WORK);
        home = Files.createDirectory(remote.folder().resolve("home"));
    }

    private void everything() throws Exception {
        attempt(() -> it.in(worktree).status(MAIN));
        write(worktree.path().resolve("a.txt"), "mine\n");
        attempt(() -> it.in(worktree).commit("mine", ANN));
        write(remote.others().resolve("a.txt"), "theirs\n");
        write(remote.others().resolve("b.txt"), "theirs\n");
        remote.commitAll();
        attempt(() -> remote.fetch(it));
        attempt(() ->
                it.in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()));
        write(worktree.path().resolve("a.txt"), "both\n");
        attempt(() -> it.in(worktree).resume(ANN));
        attempt(() -> it.push(cache, WORK, PushOptions.defaults()));
        attempt(() -> it.land(cache, WORK, MAIN, ANN, Credentials.none()));
        attempt(() -> it.removeWorktree(worktree, RemoveOptions.whatever()));
        attempt(() -> it.deleteBranch(cache, WORK));
    }

    @Test
    void a_folder_of_locks_that_is_a_link_makes_no_lock_of_what_is_there() throws Exception {
        Path key = write(home.resolve(remote.recordOf(worktree).getFileName().toString()), PRECIOUS);
        FolderRemoval.of(cache.resolve("angee-locks"));
        Files.createSymbolicLink(cache.resolve("angee-locks"), home);
        everything();
        assertThat(key).hasContent(PRECIOUS);
        assertThat(RealGit.namesIn(home)).containsExactly(key.getFileName().toString());
    }

    @Test
    void a_lock_that_is_a_link_or_another_file_is_left_as_it_is() throws Exception {
        Path key = write(home.resolve("key"), PRECIOUS);
        String id = remote.recordOf(worktree).getFileName().toString();
        Path lock = cache.resolve("angee-locks").resolve(id);
        Files.deleteIfExists(lock);
        Files.createSymbolicLink(lock, key);
        attempt(() -> it.in(worktree).commit("mine", ANN));
        Files.delete(lock);
        Files.createLink(lock, key);
        assertThat(it.in(worktree).commit("mine", ANN)).isEmpty();
        assertThat(key).hasContent(PRECIOUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/heads/workspace/x", "HEAD", "refs/remotes/origin/main"})
    void a_log_of_a_branch_that_is_a_link_is_not_written(String name) throws Exception {
        Path key = write(home.resolve("key"), PRECIOUS);
        git(cache, "config", "core.logAllRefUpdates", "always");
        Path logs = name.equals("HEAD") ? remote.recordOf(worktree).resolve("logs") : cache.resolve("logs");
        Files.createDirectories(logs.resolve(name).getParent());
        Files.deleteIfExists(logs.resolve(name));
        Files.createSymbolicLink(logs.resolve(name), key);
        everything();
        assertThat(key).hasContent(PRECIOUS);
    }

    private static void attempt(ThrowingCallable call) {
        HostileWorktrees.attempt(call);
    }
}
