package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.RemovalFinding;
import dev.angee.source.Revision;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link WorktreeOperations} promise of merging and rebasing, of going on with it, and of taking it back. */
public abstract class MergeContract extends SourceControlFixture {
    private static final Author BEA = new Author("Bea", "bea@example.invalid");

    @Test
    void a_merge_takes_whatever_names_a_commit() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        Worktree other = add("other", BranchName.of("local"));
        CommitId local = commit(other, "l.txt", "l\n");
        assertThat(it().in(worktree).merge(Revision.of("local"), MergeOptions.by(ANN)))
                .isEqualTo(new MergeOutcome.FastForward(local));
        CommitId next = othersCommit("main", "b.txt", "b\n");
        fetch();
        git(cache, "tag", "v1", next.value());
        CommitId tagged = headOf(it().in(worktree).merge(Revision.of("v1"), MergeOptions.by(ANN)));
        assertThat(git(cache, "log", "-1", "--format=%P", tagged.value())).isEqualTo(local + " " + next);
        CommitId last = othersCommit("main", "c.txt", "c\n");
        fetch();
        assertThat(it().in(worktree).merge(Revision.of(last.abbreviated()), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.Merged.class);
        assertThat(worktree.path().resolve("c.txt")).hasContent("c");
        gitAgrees();
    }

    @Test
    void a_merge_commit_is_made_where_none_is_needed_if_it_is_never_to_go_forward() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId base = there("main");
        MergeOptions never = MergeOptions.by(ANN).forward(MergeOptions.Forward.NEVER);
        assertThat(it().in(worktree).merge(Revision.of(MAIN), never)).isEqualTo(new MergeOutcome.UpToDate(base));
        CommitId theirs = othersCommit("main", "b.txt", "b\n");
        fetch();
        MergeOutcome outcome = it().in(worktree).merge(Revision.of(MAIN), never);
        assertThat(outcome).isInstanceOf(MergeOutcome.Merged.class);
        assertThat(git(worktree.path(), "log", "-1", "--format=%H|%P|%an"))
                .isEqualTo(headOf(outcome) + "|" + base + " " + theirs + "|Ann Ång");
        assertThat(worktree.path().resolve("b.txt")).hasContent("b");
        gitAgrees();
    }

    @Test
    void a_merge_that_may_only_go_forward_is_a_conflict_where_it_cannot() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        MergeOptions only = MergeOptions.by(ANN).forward(MergeOptions.Forward.ONLY);
        assertThat(it().in(worktree).merge(Revision.of(MAIN), only)).isInstanceOf(MergeOutcome.UpToDate.class);
        CommitId theirs = othersCommit("main", "b.txt", "b\n");
        fetch();
        assertThat(it().in(worktree).merge(Revision.of(MAIN), only)).isEqualTo(new MergeOutcome.FastForward(theirs));
        CommitId mine = commit(worktree, "n.txt", "n\n");
        othersCommit("main", "b.txt", "c\n");
        fetch();
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).merge(Revision.of(MAIN), only), "forward");
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(mine);
        assertThat(worktree.path().resolve("b.txt")).hasContent("b");
        gitAgrees();
    }

    @Test
    void neither_merge_nor_rebase_begins_where_something_is_in_the_way() throws Exception {
        othersCommit("main", ".gitignore", "*.log\n");
        fetch();
        Worktree worktree = add("w", WORK);
        othersCommit("main", "b.txt", "b\n");
        git(others, "add", "-f", write(others.resolve("build.log"), "theirs\n").toString());
        CommitId theirs = othersCommit("main", "b.txt", "c\n");
        fetch();
        Path ignored = write(worktree.path().resolve("build.log"), "mine\n");
        CommitId before = it().in(worktree).status(MAIN).head();
        refusesBoth(worktree, "build.log");
        assertThat(ignored).hasContent("mine");
        Files.delete(ignored);
        write(worktree.path().resolve("untracked.txt"), "u\n");
        refusesBoth(worktree, "untracked.txt");
        Files.delete(worktree.path().resolve("untracked.txt"));
        git(worktree.path(), "merge", "-q", "--no-ff", "--no-commit", "-s", "ours", "origin/main");
        refusesBoth(worktree, "unfinished");
        git(worktree.path(), "reset", "-q", "--merge");
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(before);
        assertThat(worktree.path().resolve("b.txt")).doesNotExist();
        assertThat(it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isEqualTo(new MergeOutcome.FastForward(theirs));
        gitAgrees();
    }

    private void refusesBoth(Worktree worktree, String why) {
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)), why);
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)), why);
    }

    @Test
    void a_conflict_that_is_kept_stays_in_gits_own_way_until_it_is_resolved() throws Exception {
        Worktree worktree = diverged();
        CommitId mine = it().in(worktree).status(MAIN).head();
        assertThat(it().in(worktree)
                        .merge(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()))
                .isInstanceOfSatisfying(MergeOutcome.Conflicted.class, c -> {
                    assertThat(c.files()).containsExactly("a.txt");
                    assertThat(c.reason()).isNotBlank();
                });
        assertThat(Files.readAllLines(worktree.path().resolve("a.txt")))
                .anyMatch(line -> line.startsWith("<<<<<<< "))
                .contains("mine", "=======", "theirs")
                .anyMatch(line -> line.startsWith(">>>>>>> "));
        assertThat(git(worktree.path(), "status", "--porcelain").lines()).containsExactly("UU a.txt", "A  b.txt");
        assertThat(git(worktree.path(), "status")).contains("You have unmerged paths", "git merge --abort");
        WorktreeStatus status = it().in(worktree).status(MAIN);
        assertThat(status.unfinished()).isEqualTo(Unfinished.MERGE);
        assertThat(status.branch()).contains(WORK);
        assertThat(status.head()).isEqualTo(mine);
        assertThat(status.changed()).containsExactly("a.txt", "b.txt");
        gitAgrees();
        Map<String, String> kept = contentOf(worktree.path());
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(ANN), "a.txt");
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().in(worktree).commit("too early", ANN),
                worktree.path().toString());
        refusesBoth(worktree, worktree.path().toString());
        assertThat(contentOf(worktree.path())).isEqualTo(kept);
        assertThat(git(worktree.path(), "status", "--porcelain").lines()).containsExactly("UU a.txt", "A  b.txt");
        write(worktree.path().resolve("a.txt"), "both\n");
        write(worktree.path().resolve("new.txt"), "while at it\n");
        MergeOutcome outcome = it().in(worktree).resume(BEA);
        assertThat(outcome).isInstanceOf(MergeOutcome.Merged.class);
        assertThat(git(worktree.path(), "log", "-1", "--format=%H|%P|%an|%s"))
                .isEqualTo(headOf(outcome) + "|" + mine + " " + there("main")
                        + "|Bea|Merge branch 'origin/main' into workspace/x");
        assertThat(git(worktree.path(), "show", "HEAD:a.txt")).isEqualTo("both");
        assertThat(git(worktree.path(), "show", "HEAD:new.txt")).isEqualTo("while at it");
        assertThat(it().in(worktree).status(MAIN).unfinished()).isEqualTo(Unfinished.NOTHING);
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        gitAgrees();
    }

    @Test
    void a_file_that_one_side_deleted_and_the_other_changed_is_resolved_by_what_is_there() throws Exception {
        othersCommit("main", "gone.txt", "1\n");
        othersCommit("main", "kept.txt", "1\n");
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("kept.txt"), "mine\n");
        commit(worktree, "gone.txt", "mine\n");
        git(others, "rm", "-q", "gone.txt", "kept.txt");
        othersCommit("main", "b.txt", "b\n");
        fetch();
        assertThat(it().in(worktree)
                        .merge(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()))
                .isInstanceOfSatisfying(
                        MergeOutcome.Conflicted.class,
                        c -> assertThat(c.files()).containsExactly("gone.txt", "kept.txt"));
        assertThat(git(worktree.path(), "status", "--porcelain").lines())
                .containsExactly("A  b.txt", "UD gone.txt", "UD kept.txt");
        assertThat(worktree.path().resolve("gone.txt")).hasContent("mine");
        Files.delete(worktree.path().resolve("gone.txt"));
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(ANN), "kept.txt");
        assertThat(git(worktree.path(), "status", "--porcelain").lines())
                .as("nothing is staged by that")
                .contains("UD kept.txt");
        git(worktree.path(), "add", "kept.txt");
        it().in(worktree).resume(ANN);
        assertThat(git(worktree.path(), "ls-tree", "--name-only", "HEAD").lines())
                .containsExactly("a.txt", "b.txt", "kept.txt");
        gitAgrees();
    }

    @Test
    void a_conflict_without_markers_that_nobody_has_seen_to_is_not_taken_for_resolved() throws Exception {
        Worktree worktree = withConflictsThatGetNoMarkers();
        MergeOptions keep = MergeOptions.by(ANN).keepingConflicts();
        for (String what : List.of("merge", "rebase")) {
            MergeOutcome outcome = what.equals("merge")
                    ? it().in(worktree).merge(Revision.of(MAIN), keep)
                    : it().in(worktree).rebase(Revision.of(MAIN), keep);
            assertThat(outcome).isInstanceOf(MergeOutcome.Conflicted.class);
            String unmerged = git(worktree.path(), "ls-files", "-u");
            CommitId before = it().in(worktree).status(MAIN).head();
            for (String file : List.of("b.bin", "l", "gone.txt")) {
                assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(ANN), file);
            }
            assertThat(git(worktree.path(), "ls-files", "-u")).as(what).isEqualTo(unmerged);
            assertThat(it().in(worktree).status(MAIN).head()).as(what).isEqualTo(before);
            git(worktree.path(), "checkout", what.equals("merge") ? "--ours" : "--theirs", "b.bin"); // said by hand
            Files.deleteIfExists(worktree.path().resolve("gone.txt"));
            assertThatThrownBy(() -> it().in(worktree).resume(ANN))
                    .hasMessageContaining("(l)")
                    .hasMessageNotContaining("b.bin")
                    .hasMessageNotContaining("gone.txt");
            if (what.equals("merge")) {
                it().in(worktree).abort();
            }
        }
        git(worktree.path(), "add", "l");
        assertThat(it().in(worktree).resume(ANN)).isInstanceOf(MergeOutcome.Rebased.class);
        assertThat(git(worktree.path(), "show", "HEAD:b.bin")).contains("mine");
        gitAgrees();
    }

    @Test
    void so_it_is_of_another_gits_merge_until_it_is_staged() throws Exception {
        Worktree worktree = withConflictsThatGetNoMarkers();
        assertThatThrownBy(() -> git(worktree.path(), "merge", "origin/main"));
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(ANN), "b.bin");
        git(worktree.path(), "add", "-A");
        assertThat(it().in(worktree).resume(ANN)).isInstanceOf(MergeOutcome.Merged.class);
        gitAgrees();
    }

    /** In conflict are a file that is no text, a link, and a file that only one side has kept. */
    private Worktree withConflictsThatGetNoMarkers() throws Exception {
        othersCommit("main", "gone.txt", "1\n");
        Files.createSymbolicLink(others.resolve("l"), Path.of("nowhere"));
        othersCommit("main", "b.bin", "a\0a");
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("gone.txt"), "mine\n");
        Files.delete(worktree.path().resolve("l"));
        Files.createSymbolicLink(worktree.path().resolve("l"), Path.of("mine"));
        commit(worktree, "b.bin", "a\0mine");
        git(others, "rm", "-q", "gone.txt");
        Files.delete(others.resolve("l"));
        Files.createSymbolicLink(others.resolve("l"), Path.of("theirs"));
        othersCommit("main", "b.bin", "a\0theirs");
        fetch();
        return worktree;
    }

    @Test
    void lines_that_only_look_like_markers_are_in_nobodys_way() throws Exception {
        String manual = "Look for\n<<<<<<< HEAD\n=======\n>>>>>>> x\nin files\n";
        othersCommit("main", "manual.txt", manual);
        Worktree worktree = diverged();
        othersCommit("main", "theirs-manual.txt", manual);
        fetch();
        it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts());
        write(worktree.path().resolve("a.txt"), "Title\n=======\n");
        assertThat(it().in(worktree).resume(ANN)).isInstanceOf(MergeOutcome.Merged.class);
        gitAgrees();
    }

    @Test
    void markers_that_were_staged_are_markers_still() throws Exception {
        Worktree worktree = diverged();
        it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts());
        git(worktree.path(), "add", "-A");
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(ANN), "a.txt");
        assertThat(it().in(worktree).status(MAIN).unfinished()).isEqualTo(Unfinished.MERGE);
    }

    @Test
    void abort_of_a_merge_leaves_branch_and_files_as_they_were() throws Exception {
        Worktree worktree = diverged();
        Map<String, String> files = contentOf(worktree.path());
        WorktreeStatus before = it().in(worktree).status(MAIN);
        for (String meanwhile : List.of("untouched", "resolved", "staged")) {
            it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts());
            if (!meanwhile.equals("untouched")) {
                write(worktree.path().resolve("a.txt"), meanwhile);
            }
            if (meanwhile.equals("staged")) {
                git(worktree.path(), "add", "-A");
            }
            it().in(worktree).abort();
            assertThat(contentOf(worktree.path())).as(meanwhile).isEqualTo(files);
            assertThat(it().in(worktree).status(MAIN)).as(meanwhile).isEqualTo(before);
            assertThat(git(worktree.path(), "status")).doesNotContain("merg");
            gitAgrees();
        }
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.Conflicted.class);
    }

    @Test
    void there_is_nothing_to_go_on_with_and_nothing_to_take_back_where_nothing_was_begun() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        Path note = write(worktree.path().resolve("n.txt"), "n\n");
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(ANN), "nothing");
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).abort(), "nothing");
        assertThat(note).hasContent("n");
        assertThat(it().in(worktree).status(MAIN).changed()).containsExactly("n.txt");
    }

    @Test
    void rebase_puts_the_commits_onto_the_other_branch_in_their_order_as_they_were_written() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("n.txt"), "1\n");
        git(worktree.path(), "add", "-A");
        git(
                worktree.path(),
                "commit",
                "-q",
                "--author=Cleo Ünal <cleo@example.invalid>",
                "--date=2020-02-03T04:05:06+0200",
                "-m",
                "first\n\nwith a body");
        commit(worktree, "a.txt", "ONE\ntwo\nthree\n");
        git(worktree.path(), "commit", "-q", "--allow-empty", "-m", "begun empty");
        CommitId theirs = othersCommit("main", "a.txt", "one\ntwo\nTHREE\n");
        fetch();
        MergeOutcome outcome = it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(BEA));
        assertThat(outcome).isInstanceOf(MergeOutcome.Rebased.class);
        WorktreeStatus status = it().in(worktree).status(MAIN);
        assertThat(status)
                .isEqualTo(new WorktreeStatus(
                        Optional.of(WORK), headOf(outcome), List.of(), 3, 0, Unfinished.NOTHING, false));
        assertThat(git(worktree.path(), "log", "--reverse", "--format=%an|%ae|%cn|%s|%b", theirs + "..HEAD")
                        .lines()
                        .filter(line -> !line.isEmpty()))
                .containsExactly(
                        "Cleo Ünal|cleo@example.invalid|Bea|first|with a body",
                        "Ann Ång|ann@example.invalid|Bea|change a.txt|",
                        "Others|others@example.invalid|Bea|begun empty|");
        assertThat(git(worktree.path(), "log", "-1", "--format=%ad", "--date=iso-strict", "HEAD~2"))
                .isEqualTo("2020-02-03T04:05:06+02:00");
        assertThat(worktree.path().resolve("a.txt")).hasContent("ONE\ntwo\nTHREE");
        assertThat(worktree.path().resolve("n.txt")).hasContent("1");
        gitAgrees();
    }

    @Test
    void rebase_onto_what_is_there_already_is_up_to_date_and_without_commits_of_its_own_goes_forward()
            throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId base = there("main");
        assertThat(it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isEqualTo(new MergeOutcome.UpToDate(base));
        CommitId theirs = othersCommit("main", "b.txt", "b\n");
        fetch();
        assertThat(it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isEqualTo(new MergeOutcome.FastForward(theirs));
        assertThat(worktree.path().resolve("b.txt")).hasContent("b");
        CommitId mine = commit(worktree, "n.txt", "n\n");
        assertThat(it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(BEA)))
                .isEqualTo(new MergeOutcome.UpToDate(mine));
        assertThat(it().in(worktree).rebase(Revision.of(base), MergeOptions.by(BEA)))
                .isEqualTo(new MergeOutcome.UpToDate(mine));
        gitAgrees();
    }

    @Test
    void rebase_needs_a_branch_and_a_commit_that_is_there() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId mine = commit(worktree, "n.txt", "n\n");
        for (String nothing : List.of("nope", "0123456", "0".repeat(39) + "1")) {
            assertCode(
                    ErrorCode.NOT_FOUND,
                    () -> it().in(worktree).rebase(Revision.of(nothing), MergeOptions.by(ANN)),
                    nothing);
            assertCode(
                    ErrorCode.NOT_FOUND,
                    () -> it().in(worktree).merge(Revision.of(nothing), MergeOptions.by(ANN)),
                    nothing);
        }
        othersCommit("main", "b.txt", "b\n");
        fetch();
        git(worktree.path(), "checkout", "-q", "--detach");
        assertCode(
                ErrorCode.CONFLICT, () -> it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)), "branch");
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(mine);
    }

    @Test
    void a_rebase_in_conflict_names_the_files_and_leaves_everything_as_it_was_C14() throws Exception {
        Worktree worktree = diverged();
        commit(worktree, "later.txt", "later\n");
        Map<String, String> files = contentOf(worktree.path());
        WorktreeStatus before = it().in(worktree).status(MAIN);
        assertThat(it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOfSatisfying(MergeOutcome.Conflicted.class, c -> {
                    assertThat(c.files()).containsExactly("a.txt");
                    assertThat(c.reason()).isNotBlank();
                });
        assertThat(contentOf(worktree.path())).isEqualTo(files);
        assertThat(it().in(worktree).status(MAIN)).isEqualTo(before);
        assertThat(git(worktree.path(), "status")).doesNotContain("rebas");
        gitAgrees();
    }

    @Test
    void a_rebase_whose_conflict_is_kept_goes_on_to_the_next_one_and_to_the_end() throws Exception {
        Worktree worktree = conflictingTwice();
        MergeOutcome first =
                it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(BEA).keepingConflicts());
        assertConflict(first, "a.txt");
        assertThat(git(worktree.path(), "status")).contains("rebase in progress");
        assertThat(git(worktree.path(), "status", "--porcelain").lines()).containsExactly("UU a.txt");
        WorktreeStatus status = it().in(worktree).status(MAIN);
        assertThat(status.unfinished()).isEqualTo(Unfinished.REBASE);
        assertThat(status.changed()).containsExactly("a.txt");
        assertThat(worktree.path().resolve("n.txt")).as("what went through").hasContent("n");
        assertThat(Files.readAllLines(worktree.path().resolve("a.txt")))
                .anyMatch(line -> line.startsWith("<<<<<<< "))
                .contains("theirs a", "=======", "mine a")
                .anyMatch(line -> line.startsWith(">>>>>>> "));
        gitAgrees();
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(BEA), "a.txt");
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().in(worktree).commit("no", ANN),
                worktree.path().toString());
        refusesBoth(worktree, worktree.path().toString());
        assertCode(
                ErrorCode.CONFLICT, () -> add("second", WORK), worktree.path().toString());
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().deleteBranch(cache, WORK),
                worktree.path().toString());
        assertThat(it().in(worktree).findings(MAIN)).containsKey(RemovalFinding.DIRTY);
        write(worktree.path().resolve("a.txt"), "both a\n");
        assertConflict(it().in(worktree).resume(BEA), "b.txt");
        assertThat(worktree.path().resolve("a.txt")).hasContent("both a");
        gitAgrees();
        write(worktree.path().resolve("b.txt"), "both b\n");
        write(worktree.path().resolve("extra.txt"), "extra\n");
        MergeOutcome outcome = it().in(worktree).resume(BEA);
        assertThat(outcome).isInstanceOf(MergeOutcome.Rebased.class);
        assertThat(it().in(worktree).status(MAIN))
                .isEqualTo(new WorktreeStatus(
                        Optional.of(WORK), headOf(outcome), List.of(), 4, 0, Unfinished.NOTHING, false));
        assertThat(git(worktree.path(), "log", "--reverse", "--format=%an|%cn|%s", "origin/main..HEAD")
                        .lines())
                .containsExactly(
                        "Ann Ång|Bea|change n.txt",
                        "Ann Ång|Bea|change a.txt",
                        "Ann Ång|Bea|change b.txt",
                        "Ann Ång|Bea|change last.txt");
        assertThat(git(worktree.path(), "show", "HEAD~2:a.txt")).isEqualTo("both a");
        assertThat(git(worktree.path(), "show", "HEAD~1:b.txt")).isEqualTo("both b");
        assertThat(worktree.path().resolve("last.txt")).hasContent("last");
        assertThat(worktree.path().resolve("extra.txt")).hasContent("extra");
        gitAgrees();
    }

    @Test
    void abort_of_a_rebase_leaves_branch_and_files_as_they_were_at_any_conflict() throws Exception {
        Worktree worktree = conflictingTwice();
        Map<String, String> files = contentOf(worktree.path());
        WorktreeStatus before = it().in(worktree).status(MAIN);
        for (int conflicts = 1; conflicts <= 2; conflicts++) {
            it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(BEA).keepingConflicts());
            if (conflicts == 2) {
                write(worktree.path().resolve("a.txt"), "both a\n");
                assertConflict(it().in(worktree).resume(BEA), "b.txt");
            }
            it().in(worktree).abort();
            assertThat(contentOf(worktree.path())).isEqualTo(files);
            assertThat(it().in(worktree).status(MAIN)).isEqualTo(before);
            assertThat(git(worktree.path(), "status")).doesNotContain("rebas");
            assertThat(git(worktree.path(), "status")).contains("On branch " + WORK);
            gitAgrees();
        }
    }

    @Test
    void a_rebase_that_another_git_began_is_not_gone_on_with() throws Exception {
        Worktree worktree = conflictingTwice();
        assertThatThrownBy(() -> git(worktree.path(), "rebase", "origin/main"));
        write(worktree.path().resolve("a.txt"), "both a\n");
        Map<String, String> files = contentOf(worktree.path());
        WorktreeStatus before = it().in(worktree).status(MAIN);
        assertThat(before.unfinished()).isEqualTo(Unfinished.REBASE);
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(BEA), "another git");
        assertThat(contentOf(worktree.path())).isEqualTo(files);
        assertThat(it().in(worktree).status(MAIN)).isEqualTo(before);
        git(worktree.path(), "rebase", "--abort");
        gitAgrees();
    }

    @Test
    void a_rebase_is_done_by_its_todo_list_alone_and_never_by_what_somebody_writes_there() throws Exception {
        Worktree worktree = conflictingTwice();
        it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(BEA).keepingConflicts());
        Path canary = folder.resolve("canary");
        Path todo = it().in(worktree).files().record().resolve("rebase-merge/git-rebase-todo");
        Files.writeString(todo, "exec touch " + canary + "\n" + Files.readString(todo));
        write(worktree.path().resolve("a.txt"), "both a\n");
        try {
            it().in(worktree).resume(BEA);
        } catch (AngeeException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
        }
        assertThat(canary).doesNotExist();
    }

    @Test
    void rebase_flattens_merges_and_takes_the_commits_of_both_sides() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        Worktree side = add("side", BranchName.of("side"));
        commit(side, "s.txt", "s\n");
        commit(worktree, "n.txt", "n\n");
        it().in(worktree).merge(Revision.of("side"), MergeOptions.by(ANN));
        write(worktree.path().resolve("in-the-merge.txt"), "only there\n");
        git(worktree.path(), "add", "-A");
        git(worktree.path(), "commit", "-q", "--amend", "--no-edit");
        commit(worktree, "m.txt", "m\n");
        CommitId theirs = othersCommit("main", "b.txt", "b\n");
        fetch();
        assertThat(it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.Rebased.class);
        assertThat(git(worktree.path(), "rev-list", "--merges", theirs + "..HEAD"))
                .isEmpty();
        List<String> summaries = git(worktree.path(), "log", "--reverse", "--format=%s", theirs + "..HEAD")
                .lines()
                .toList();
        assertThat(summaries).containsExactlyInAnyOrder("change s.txt", "change n.txt", "change m.txt");
        assertThat(summaries).last().isEqualTo("change m.txt");
        assertThat(worktree.path().resolve("in-the-merge.txt")).doesNotExist();
        for (String file : List.of("a.txt", "b.txt", "m.txt", "n.txt", "s.txt")) {
            assertThat(worktree.path().resolve(file)).exists();
        }
        gitAgrees();
    }

    @Test
    void rebase_leaves_out_what_is_there_already() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId picked = commit(worktree, "n.txt", "n\n");
        commit(worktree, "m.txt", "m\n");
        it().push(cache, WORK, PushOptions.defaults());
        git(others, "fetch", "-q", "origin");
        othersCommit("main", "b.txt", "b\n");
        git(others, "cherry-pick", picked.value());
        othersCommit("main", "n.txt", "changed since\n");
        fetch();
        assertThat(it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.Rebased.class);
        assertThat(git(worktree.path(), "log", "--format=%s", "origin/main..HEAD"))
                .isEqualTo("change m.txt");
        assertThat(worktree.path().resolve("n.txt")).hasContent("changed since");
        git(others, "fetch", "-q", worktree.path().toString(), WORK.value());
        git(others, "cherry-pick", "FETCH_HEAD");
        CommitId all = othersCommit("main", "c.txt", "c\n");
        fetch();
        assertThat(headOf(it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN))))
                .as("all of them")
                .isEqualTo(all);
        gitAgrees();
    }

    @Test
    void rebase_does_not_take_one_change_of_a_binary_file_for_another() throws Exception {
        othersCommit("main", "b.bin", "a\0a");
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "b.bin", "a\0mine");
        othersCommit("main", "b.bin", "a\0theirs");
        fetch();
        assertConflict(it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)), "b.bin");
        assertThat(worktree.path().resolve("b.bin")).hasContent("a\0mine");
        gitAgrees();
    }

    /** A worktree with a commit that is in conflict with the remote's main in {@code a.txt}, and lacks its {@code b.txt}. */
    private Worktree diverged() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "a.txt", "mine\n");
        write(others.resolve("b.txt"), "b\n");
        othersCommit("main", "a.txt", "theirs\n");
        fetch();
        return worktree;
    }

    /** A worktree with four commits, of which the second and the third are in conflict with the remote's main. */
    private Worktree conflictingTwice() throws Exception {
        othersCommit("main", "b.txt", "b\n");
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "n.txt", "n\n");
        commit(worktree, "a.txt", "mine a\n");
        commit(worktree, "b.txt", "mine b\n");
        commit(worktree, "last.txt", "last\n");
        write(others.resolve("a.txt"), "theirs a\n");
        othersCommit("main", "b.txt", "theirs b\n");
        fetch();
        return worktree;
    }

    private static void assertConflict(MergeOutcome outcome, String file) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        MergeOutcome.Conflicted.class,
                        conflicted -> assertThat(conflicted.files()).containsExactly(file));
    }
}
