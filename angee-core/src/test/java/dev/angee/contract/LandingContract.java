package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How work gets from a branch to another, and to the remote: push, merge and land of a {@link SourceControl}. */
public abstract class LandingContract extends SourceControlFixture {
    @Test
    void push_brings_a_branch_to_the_remote_and_never_by_force() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("n.txt"), "n\n");
        CommitId commit = it().in(worktree).commit("n", ANN).orElseThrow();
        assertThat(it().push(cache, WORK, PushOptions.defaults())).isEqualTo(new PushOutcome.Pushed(commit));
        assertThat(there(WORK.value())).isEqualTo(commit);
        assertThat(it().history(cache).remoteBranch(WORK)).contains(commit);
        assertThat(it().push(cache, WORK, PushOptions.defaults()))
                .as("again")
                .isEqualTo(new PushOutcome.Pushed(commit));
        assertThat(git(cache, "config", "--list")).as("no upstream").doesNotContain("branch.");
        git(others, "fetch", "-q", "origin");
        git(others, "checkout", "-q", "-B", WORK.value(), "origin/" + WORK);
        CommitId theirs = othersCommit(WORK.value(), "theirs.txt", "t\n");
        write(worktree.path().resolve("n.txt"), "m\n");
        it().in(worktree).commit("m", ANN);
        PushOutcome outcome = it().push(cache, WORK, PushOptions.defaults());
        assertThat(outcome).isInstanceOf(PushOutcome.Rejected.class);
        assertThat(((PushOutcome.Rejected) outcome).reason()).isNotBlank();
        assertThat(there(WORK.value())).isEqualTo(theirs);
        assertThat(it().history(cache).remoteBranch(WORK)).contains(commit);
    }

    @Test
    void push_of_a_branch_that_is_not_there_is_not_found() {
        fetch();
        assertCode(ErrorCode.NOT_FOUND, () -> it().push(cache, WORK, PushOptions.defaults()), WORK.value());
    }

    @Test
    void merge_of_what_is_there_already_is_up_to_date() {
        fetch();
        Worktree worktree = add("w", WORK);
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isEqualTo(new MergeOutcome.UpToDate(there("main")));
    }

    @Test
    void merge_goes_forward_where_it_can() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId moved = othersCommit("main", "dir/b.txt", "b\n");
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.UpToDate.class);
        fetch();
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isEqualTo(new MergeOutcome.FastForward(moved));
        assertThat(worktree.path().resolve("dir/b.txt")).hasContent("b");
        assertThat(it().in(worktree).status(MAIN))
                .isEqualTo(new WorktreeStatus(Optional.of(WORK), moved, List.of(), 0, 0, Unfinished.NOTHING, false));
        gitAgrees();
    }

    @Test
    void merge_makes_a_merge_commit_where_both_sides_moved() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("a.txt"), "ONE\ntwo\nthree\n");
        CommitId mine = it().in(worktree).commit("mine", ANN).orElseThrow();
        CommitId theirs = othersCommit("main", "a.txt", "one\ntwo\nTHREE\n");
        fetch();
        MergeOutcome outcome = it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN));
        assertThat(outcome).isInstanceOf(MergeOutcome.Merged.class);
        assertThat(worktree.path().resolve("a.txt")).hasContent("ONE\ntwo\nTHREE");
        assertThat(git(worktree.path(), "log", "-1", "--format=%H|%P|%an|%s"))
                .isEqualTo(((MergeOutcome.Merged) outcome).head() + "|" + mine + " " + theirs
                        + "|Ann Ång|Merge branch 'origin/main' into workspace/x");
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        gitAgrees();
    }

    @Test
    void a_merge_in_conflict_names_the_files_and_leaves_everything_as_it_was_C14() throws Exception {
        othersCommit("main", "b.txt", "b\n");
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("a.txt"), "mine\n");
        write(worktree.path().resolve("b.txt"), "mine\n");
        it().in(worktree).commit("mine", ANN);
        othersCommit("main", "a.txt", "theirs\n");
        othersCommit("main", "b.txt", "theirs\n");
        othersCommit("main", "c.txt", "theirs\n");
        fetch();
        Map<String, String> files = contentOf(worktree.path());
        WorktreeStatus before = it().in(worktree).status(MAIN);
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOfSatisfying(MergeOutcome.Conflicted.class, c -> {
                    assertThat(c.files()).isEqualTo(List.of("a.txt", "b.txt"));
                    assertThat(c.reason()).isNotBlank();
                });
        assertThat(contentOf(worktree.path())).isEqualTo(files);
        assertThat(it().in(worktree).status(MAIN)).isEqualTo(before);
        assertThat(git(worktree.path(), "status")).doesNotContain("merg");
        gitAgrees();
    }

    @Test
    void merge_refuses_a_worktree_with_uncommitted_changes_and_an_unknown_branch() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        assertCode(
                ErrorCode.NOT_FOUND,
                () -> it().in(worktree).merge(Revision.of(BranchName.of("nope")), MergeOptions.by(ANN)),
                "nope");
        othersCommit("main", "b.txt", "b\n");
        fetch();
        write(worktree.path().resolve("mine.txt"), "mine\n");
        CommitId before = it().in(worktree).status(MAIN).head();
        assertCode(
                ErrorCode.CONFLICT, () -> it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)), "mine.txt");
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(before);
        assertThat(worktree.path().resolve("mine.txt")).hasContent("mine");
    }

    @Test
    void land_puts_a_merge_commit_on_the_remotes_branch_and_changes_no_worktree() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("n.txt"), "n\n");
        CommitId mine = it().in(worktree).commit("mine", ANN).orElseThrow();
        CommitId base = there("main");
        write(worktree.path().resolve("unfinished.txt"), "u\n");
        Map<String, String> files = contentOf(worktree.path());
        MergeOutcome outcome = it().land(cache, WORK, MAIN, ANN, Credentials.none());
        assertThat(outcome).isInstanceOf(MergeOutcome.Merged.class);
        assertThat(git(origin, "log", "-1", "--format=%H|%P|%an", "main"))
                .isEqualTo(((MergeOutcome.Merged) outcome).head() + "|" + base + " " + mine + "|Ann Ång");
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(there("main"));
        assertThat(contentOf(worktree.path())).isEqualTo(files);
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(mine);
        assertThat(it().land(cache, WORK, MAIN, ANN, Credentials.none()))
                .as("again")
                .isEqualTo(new MergeOutcome.UpToDate(there("main")));
        it().removeWorktree(worktree, RemoveOptions.whatever());
        gitAgrees();
    }

    @Test
    void land_of_a_branch_without_commits_of_its_own_is_up_to_date() {
        fetch();
        add("w", WORK);
        assertThat(it().land(cache, WORK, MAIN, ANN, Credentials.none()))
                .isEqualTo(new MergeOutcome.UpToDate(there("main")));
    }

    @Test
    void land_in_conflict_names_the_files_and_changes_nothing() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("a.txt"), "mine\n");
        it().in(worktree).commit("mine", ANN);
        CommitId theirs = othersCommit("main", "a.txt", "theirs\n");
        fetch();
        assertThat(it().land(cache, WORK, MAIN, ANN, Credentials.none()))
                .isInstanceOfSatisfying(MergeOutcome.Conflicted.class, c -> {
                    assertThat(c.files()).isEqualTo(List.of("a.txt"));
                    assertThat(c.reason()).isNotBlank();
                });
        assertThat(there("main")).isEqualTo(theirs);
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(theirs);
    }

    @Test
    void land_is_a_conflict_when_the_remotes_branch_moved_meanwhile_in_either_direction() throws Exception {
        othersCommit("main", "b.txt", "b\n");
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("n.txt"), "n\n");
        it().in(worktree).commit("mine", ANN);
        CommitId theirs = othersCommit("main", "b.txt", "c\n");
        assertCode(ErrorCode.CONFLICT, () -> it().land(cache, WORK, MAIN, ANN, Credentials.none()), "main");
        assertThat(there("main")).isEqualTo(theirs);
        git(origin, "update-ref", "refs/heads/main", "main~2");
        CommitId back = there("main");
        assertCode(ErrorCode.CONFLICT, () -> it().land(cache, WORK, MAIN, ANN, Credentials.none()), "main");
        assertThat(there("main")).isEqualTo(back);
        fetch();
        assertThat(it().land(cache, WORK, MAIN, ANN, Credentials.none())).isInstanceOf(MergeOutcome.Merged.class);
    }
}
