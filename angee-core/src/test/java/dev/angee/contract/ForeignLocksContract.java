package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.SourceControlInfo;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a {@link SourceControl} does where somebody's own git has locked a file for a moment: it waits, with a bound. */
public abstract class ForeignLocksContract extends SourceControlFixture {
    private static final long MOMENT_MILLIS = 400;

    /** Holds the locks of files of the cache while the work is begun, and gives them back in a moment. */
    private void whileLocked(List<String> files, Numbered work) throws Exception {
        List<Path> locks =
                files.stream().map(file -> cache.resolve(file + ".lock")).toList();
        for (Path lock : locks) {
            write(lock, "");
        }
        CompletableFuture<Void> given = CompletableFuture.runAsync(
                () -> locks.forEach(ForeignLocksContract::remove),
                CompletableFuture.delayedExecutor(MOMENT_MILLIS, TimeUnit.MILLISECONDS));
        work.run(0);
        assertThat(locks).as("it waited").noneMatch(Files::exists);
        given.get(1, TimeUnit.MINUTES);
    }

    private static void remove(Path lock) {
        try {
            Files.delete(lock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void fetch_waits_for_a_locked_branch() throws Exception {
        fetch();
        CommitId moved = othersCommit("main", "b.txt", "b\n");
        whileLocked(List.of("refs/remotes/origin/main"), n -> fetch());
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(moved);
        gitAgrees();
    }

    @Test
    void fetch_waits_for_several_locked_branches_for_packed_refs_and_for_the_remotes_HEAD() throws Exception {
        othersCommit("gone", "g.txt", "g\n");
        fetch();
        git(cache, "pack-refs", "--all");
        git(origin, "update-ref", "-d", "refs/heads/gone");
        CommitId topic = othersCommit("topic", "b.txt", "b\n");
        whileLocked(List.of("refs/remotes/origin/gone", "refs/remotes/origin/topic"), n -> fetch());
        assertThat(it().history(cache).remoteBranches().keySet()).containsExactly(MAIN, BranchName.of("topic"));
        git(cache, "pack-refs", "--all");
        git(origin, "update-ref", "-d", "refs/heads/topic");
        git(origin, "update-ref", "refs/heads/other", topic.value());
        whileLocked(List.of("packed-refs"), n -> fetch());
        assertThat(it().history(cache).remoteBranches().keySet()).containsExactly(MAIN, BranchName.of("other"));
        git(origin, "symbolic-ref", "HEAD", "refs/heads/other");
        whileLocked(List.of("refs/remotes/origin/HEAD"), n -> fetch());
        assertThat(it().history(cache).defaultBranch()).isEqualTo(BranchName.of("other"));
        gitAgrees();
    }

    @Test
    void fetch_waits_for_a_locked_tag_and_for_where_history_ends() throws Exception {
        if (!can(SourceControlInfo.Ability.SHALLOW_CACHES)) {
            return;
        }
        othersCommit("main", "b.txt", "b\n");
        it().fetch(url(), cache, FetchOptions.defaults().newest(1));
        CommitId moved = othersCommit("main", "b.txt", "c\n");
        whileLocked(
                List.of("shallow"),
                n -> it().fetch(url(), cache, FetchOptions.defaults().newest(1)));
        assertThat(git(cache, "rev-list", "origin/main")).isEqualTo(moved.value());
        git(others, "tag", "v1");
        git(others, "push", "-q", "origin", "v1");
        whileLocked(
                List.of("refs/tags/v1"),
                n -> it().fetch(url(), cache, FetchOptions.defaults().newest(1)));
        assertThat(git(cache, "rev-parse", "v1")).isEqualTo(moved.value());
        gitAgrees();
    }

    @Test
    void what_changes_the_remote_waits_for_its_branch_here() throws Exception {
        fetch();
        CommitId base = there("main");
        CommitId mine = commit(add("w", WORK), "n.txt", "n\n");
        whileLocked(
                List.of(WORK.remoteTrackingName(), "config"),
                n -> assertThat(it().push(cache, WORK, PushOptions.defaults().settingUpstream())
                                .succeeded())
                        .isTrue());
        assertThat(it().history(cache).remoteBranch(WORK)).contains(mine);
        assertThat(git(cache, "config", "branch." + WORK + ".merge")).isEqualTo(WORK.fullName());
        whileLocked(
                List.of(MAIN.remoteTrackingName()),
                n -> assertThat(it().land(cache, WORK, MAIN, ANN, Credentials.none()))
                        .isInstanceOf(MergeOutcome.Merged.class));
        CommitId landed = there("main");
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(landed);
        whileLocked(
                List.of(MAIN.remoteTrackingName()),
                n -> assertThat(it().retract(cache, MAIN, landed, base, Credentials.none())
                                .succeeded())
                        .isTrue());
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(base);
        gitAgrees();
    }

    @Test
    void what_changes_a_worktree_waits_for_its_branch_its_head_and_its_index() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        String record = "worktrees/w/";
        CommitId first = there("main");
        whileLocked(List.of(WORK.fullName()), n -> commit(worktree, "n.txt", "n\n"));
        whileLocked(List.of(record + "index"), n -> commit(worktree, "n.txt", "nn\n"));
        othersCommit("main", "b.txt", "b\n");
        fetch();
        whileLocked(
                List.of(WORK.fullName()),
                n -> assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                        .isInstanceOf(MergeOutcome.Merged.class));
        whileLocked(
                List.of(WORK.fullName()),
                n -> it().in(worktree).rewind(it().in(worktree).status(MAIN).head(), first));
        commit(worktree, "b.txt", "mine\n");
        whileLocked(
                List.of(record + "HEAD"),
                n -> assertThat(it().in(worktree)
                                .rebase(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()))
                        .isInstanceOf(MergeOutcome.Conflicted.class));
        write(worktree.path().resolve("b.txt"), "both\n");
        whileLocked(
                List.of(WORK.fullName(), record + "HEAD"),
                n -> assertThat(it().in(worktree).resume(ANN)).isInstanceOf(MergeOutcome.Rebased.class));
        assertThat(it().in(worktree).status(MAIN).branch()).contains(WORK);
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        gitAgrees();
    }

    @Test
    void deleting_a_branch_waits_for_it_and_for_packed_refs() throws Exception {
        fetch();
        git(cache, "branch", "--no-track", "x", "origin/main");
        git(cache, "branch", "--no-track", "y", "origin/main");
        whileLocked(List.of("refs/heads/x"), n -> it().deleteBranch(cache, BranchName.of("x")));
        git(cache, "pack-refs", "--all");
        whileLocked(List.of("packed-refs"), n -> it().deleteBranch(cache, BranchName.of("y")));
        assertThat(git(cache, "branch", "--list")).isEmpty();
        gitAgrees();
    }

    @Test
    void a_lock_that_nobody_gives_back_is_a_conflict_that_names_it_and_nothing_is_lost() throws Exception {
        fetch();
        CommitId before = there("main");
        CommitId mine = commit(add("w", WORK), "n.txt", "n\n");
        CommitId moved = othersCommit("main", "b.txt", "b\n");
        Path lock = write(cache.resolve("refs/remotes/origin/main.lock"), "");
        assertCode(ErrorCode.CONFLICT, this::fetch, "refs/remotes/origin/main");
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(before);
        assertThat(it().history(cache).localBranch(WORK)).contains(mine);
        try (Stream<Path> files = Files.walk(cache)) {
            assertThat(files.filter(file ->
                            file.toString().endsWith(".lock") && !file.startsWith(cache.resolve("angee-locks"))))
                    .containsExactlyInAnyOrder(lock, cache.resolve("angee.lock"));
        }
        Files.delete(lock);
        fetch();
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(moved);
        gitAgrees();
    }
}
