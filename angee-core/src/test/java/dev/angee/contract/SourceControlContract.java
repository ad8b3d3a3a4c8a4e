package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.MergeOptions;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link SourceControl} promises as a whole; its siblings in this package say what it promises of caches,
 * worktrees, branches and remotes, one test per sentence of its documentation. The remotes are made, and the results
 * are judged, by the real {@code git}, without any configuration of the user's.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
public abstract class SourceControlContract extends SourceControlFixture {
    @Test
    void describe_says_something_for_people() {
        assertThat(it().describe().name()).isNotBlank();
        assertThat(it().describe().reason()).isNotBlank();
    }

    @Test
    void what_does_not_exist_is_not_found() {
        assertCode(ErrorCode.NOT_FOUND, () -> it().history(cache).defaultBranch(), cache.toString());
        assertCode(ErrorCode.NOT_FOUND, () -> it().deleteBranch(cache, WORK), cache.toString());
        fetch();
        Worktree nope = worktree("nope");
        assertCode(ErrorCode.NOT_FOUND, () -> it().in(nope).status(MAIN), "nope");
        assertCode(ErrorCode.NOT_FOUND, () -> it().in(nope).commit("m", ANN), "nope");
        assertCode(ErrorCode.NOT_FOUND, () -> it().in(nope).merge(Revision.of(MAIN), MergeOptions.by(ANN)), "nope");
        assertCode(ErrorCode.NOT_FOUND, () -> it().land(cache, WORK, MAIN, ANN, Credentials.none()), WORK.value());
        Worktree worktree = add("w", WORK);
        assertCode(ErrorCode.NOT_FOUND, () -> it().in(worktree).status(BranchName.of("nope")), "nope");
        assertCode(
                ErrorCode.NOT_FOUND,
                () -> it().land(cache, WORK, BranchName.of("nope"), ANN, Credentials.none()),
                "nope");
    }

    @Test
    void many_threads_may_work_in_different_worktrees_of_one_cache() throws Exception {
        fetch();
        inThreads(16, n -> {
            BranchName branch = BranchName.of("thread/" + n);
            Worktree worktree = add("threads/" + n + "/app", branch);
            write(worktree.path().resolve("t" + n + ".txt"), n + "\n");
            assertThat(it().in(worktree).commit("by " + n, ANN)).isPresent();
            it().fetch(url(), cache, FetchOptions.defaults());
            assertThat(it().push(cache, branch, PushOptions.defaults()).succeeded())
                    .isTrue();
            assertThat(it().in(worktree).status(MAIN).pushed()).isTrue();
            if (n % 2 == 0) {
                it().removeWorktree(worktree, RemoveOptions.whatever());
                it().deleteBranch(cache, branch);
            }
        });
        assertThat(it().worktrees(cache)).hasSize(8);
        gitAgrees();
    }

    @Test
    void many_threads_that_fetch_at_once_get_one_cache() throws Exception {
        inThreads(8, n -> fetch());
        try (Stream<Path> siblings = Files.list(cache.getParent())) {
            assertThat(siblings).as("nothing beside the cache").containsExactly(cache);
        }
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(there("main"));
        gitAgrees();
    }

    @Test
    void nothing_in_a_worktree_makes_it_run_a_program() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        Path canary = folder.resolve("canary");
        Path evil = folder.resolve("evil");
        git(folder, "init", "-q", evil.toString());
        for (String key : List.of("core.fsmonitor", "filter.x.clean", "filter.x.smudge", "core.sshCommand")) {
            git(evil, "config", key, "touch " + canary);
        }
        for (String hook : List.of("pre-commit", "commit-msg", "post-commit", "pre-push", "post-checkout")) {
            Path file = write(evil.resolve(".git/hooks/" + hook), "#!/bin/sh\ntouch " + canary + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        write(worktree.path().resolve(".git"), "gitdir: " + evil.resolve(".git") + "\n");
        write(worktree.path().resolve(".gitattributes"), "* filter=x\n");
        write(worktree.path().resolve("n.txt"), "n\n");
        assertThat(it().in(worktree).status(MAIN).changed()).contains("n.txt");
        CommitId commit = it().in(worktree).commit("n", ANN).orElseThrow();
        assertThat(git(cache, "rev-parse", WORK.fullName())).isEqualTo(commit.value());
        othersCommit("main", "b.txt", "b\n");
        fetch();
        assertThat(it().in(worktree)
                        .merge(Revision.of(MAIN), MergeOptions.by(ANN))
                        .succeeded())
                .isTrue();
        assertThat(it().push(cache, WORK, PushOptions.defaults()).succeeded()).isTrue();
        it().removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(canary).doesNotExist();
        assertThat(evil.resolve(".git/config")).exists();
    }
}
