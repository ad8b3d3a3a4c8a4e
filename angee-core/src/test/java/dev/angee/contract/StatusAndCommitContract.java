package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ErrorCode;
import dev.angee.source.CommitId;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoveOptions;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a {@link SourceControl} sees in a worktree, and what it commits. */
public abstract class StatusAndCommitContract extends SourceControlFixture {
    @Test
    void status_lists_what_is_staged_unstaged_and_untracked_in_order_but_not_what_is_ignored() throws Exception {
        othersCommit("main", "gone.txt", "g\n");
        othersCommit("main", "staged.txt", "s\n");
        othersCommit("main", ".gitignore", "*.log\n");
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("z/new.txt"), "n\n");
        write(worktree.path().resolve("a.txt"), "changed\n");
        write(worktree.path().resolve("build.log"), "ignored\n");
        Files.delete(worktree.path().resolve("gone.txt"));
        write(worktree.path().resolve("staged.txt"), "S\n");
        git(worktree.path(), "add", "staged.txt");
        assertThat(it().in(worktree).status(MAIN).changed())
                .containsExactly("a.txt", "gone.txt", "staged.txt", "z/new.txt");
    }

    @Test
    void status_counts_commits_of_either_side_and_knows_what_is_pushed() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        assertThat(it().in(worktree).status(MAIN))
                .isEqualTo(new WorktreeStatus(
                        Optional.of(WORK), there("main"), List.of(), 0, 0, Unfinished.NOTHING, false));
        write(worktree.path().resolve("n.txt"), "1\n");
        it().in(worktree).commit("one", ANN);
        write(worktree.path().resolve("n.txt"), "2\n");
        CommitId second = it().in(worktree).commit("two", ANN).orElseThrow();
        othersCommit("main", "b.txt", "b\n");
        assertThat(it().in(worktree).status(MAIN).behind())
                .as("as of the last fetch")
                .isZero();
        fetch();
        assertThat(it().in(worktree).status(MAIN))
                .isEqualTo(new WorktreeStatus(Optional.of(WORK), second, List.of(), 2, 1, Unfinished.NOTHING, false));
        it().push(cache, WORK, PushOptions.defaults());
        assertThat(it().in(worktree).status(MAIN).pushed()).isTrue();
        write(worktree.path().resolve("n.txt"), "3\n");
        it().in(worktree).commit("three", ANN);
        assertThat(it().in(worktree).status(MAIN).pushed()).isFalse();
    }

    @Test
    void status_changes_nothing() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("a.txt"), "changed\n");
        write(worktree.path().resolve("n.txt"), "n\n");
        Map<String, String> before = contentOf(cache);
        it().in(worktree).status(MAIN);
        assertThat(contentOf(cache)).isEqualTo(before);
    }

    @Test
    void status_of_a_detached_worktree_has_no_branch() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        git(worktree.path(), "checkout", "-q", "--detach");
        assertThat(it().in(worktree).status(MAIN).branch()).isEmpty();
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(there("main"));
    }

    @Test
    void commit_takes_everything_new_and_deleted_but_nothing_ignored() throws Exception {
        othersCommit("main", "gone.txt", "g\n");
        othersCommit("main", ".gitignore", "*.log\n");
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("dir/new.txt"), "n\n");
        write(worktree.path().resolve("dir/run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(worktree.path().resolve("dir/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(worktree.path().resolve("link"), Path.of("/nowhere"));
        write(worktree.path().resolve("build.log"), "ignored\n");
        Files.delete(worktree.path().resolve("gone.txt"));
        CommitId commit =
                it().in(worktree).commit("All of it\n\nwith a body", ANN).orElseThrow();
        assertThat(git(worktree.path(), "ls-tree", "-r", "--format=%(objectmode) %(path)", "HEAD")
                        .lines())
                .containsExactly(
                        "100644 .gitignore", "100644 a.txt", "100644 dir/new.txt", "100755 dir/run", "120000 link");
        assertThat(git(worktree.path(), "log", "-1", "--format=%H|%an|%ae|%cn|%B"))
                .isEqualTo(commit + "|Ann Ång|ann@example.invalid|Ann Ång|All of it\n\nwith a body");
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        gitAgrees();
    }

    @Test
    void commit_of_nothing_is_empty() {
        fetch();
        Worktree worktree = add("w", WORK);
        assertThat(it().in(worktree).commit("nothing", ANN)).isEmpty();
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(there("main"));
    }

    @Test
    void commit_takes_what_was_staged_and_a_merge_that_was_resolved() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("a.txt"), "mine\n");
        git(worktree.path(), "add", "a.txt");
        CommitId mine = it().in(worktree).commit("mine", ANN).orElseThrow();
        CommitId theirs = othersCommit("main", "a.txt", "theirs\n");
        fetch();
        assertThatThrownBy(() -> git(worktree.path(), "merge", "origin/main"));
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().in(worktree).commit("unresolved", ANN),
                worktree.path().toString());
        write(worktree.path().resolve("a.txt"), "both\n");
        git(worktree.path(), "add", "a.txt");
        it().in(worktree).commit("both", ANN);
        assertThat(git(worktree.path(), "log", "-1", "--format=%P")).isEqualTo(mine + " " + theirs);
        gitAgrees();
    }

    @Test
    void commits_that_only_a_local_branch_has_are_counted_whatever_its_worktree_is_on() throws Exception {
        fetch();
        assertThat(it().history(cache).commitsNowhereElse(WORK)).isZero();
        Worktree worktree = add("w", WORK);
        assertThat(it().history(cache).commitsNowhereElse(WORK)).isZero();
        write(worktree.path().resolve("new.txt"), "new\n");
        assertThat(it().in(worktree).commit("new", ANN)).isPresent();
        assertThat(it().history(cache).commitsNowhereElse(WORK)).isEqualTo(1);
        it().removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(it().history(cache).commitsNowhereElse(WORK)).isEqualTo(1);
        assertThat(it().push(cache, WORK, PushOptions.defaults()).succeeded()).isTrue();
        assertThat(it().history(cache).commitsNowhereElse(WORK)).isZero();
        assertThat(it().history(cache.resolveSibling("no-cache")).commitsNowhereElse(WORK))
                .isZero();
    }
}
