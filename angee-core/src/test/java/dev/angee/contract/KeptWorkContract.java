package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.RemovalFinding;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link SourceControl} promises of the work of others in a worktree, and of other gits in it: none of it is lost. */
public abstract class KeptWorkContract extends SourceControlFixture {
    @Test
    void abort_of_another_gits_merge_takes_no_change_along_that_is_no_part_of_it() throws Exception {
        Worktree worktree = diverged();
        write(worktree.path().resolve("g.txt"), "precious\n");
        assertThatThrownBy(() -> git(worktree.path(), "merge", "origin/main")).isInstanceOf(AssertionError.class);
        attempt(() -> it().in(worktree).abort());
        assertThat(worktree.path().resolve("g.txt")).hasContent("precious");
    }

    @Test
    void a_merge_of_ours_that_another_git_ended_says_nothing_about_the_next_one() throws Exception {
        Worktree worktree = diverged();
        keepMerge(worktree);
        git(worktree.path(), "merge", "--abort");
        write(worktree.path().resolve("g.txt"), "precious\n");
        assertThatThrownBy(() -> git(worktree.path(), "merge", "origin/main")).isInstanceOf(AssertionError.class);
        attempt(() -> it().in(worktree).abort());
        assertThat(worktree.path().resolve("g.txt")).hasContent("precious");
    }

    @Test
    void a_commit_that_ends_a_merge_leaves_nothing_of_it_behind() throws Exception {
        Worktree worktree = diverged();
        keepMerge(worktree);
        write(worktree.path().resolve("a.txt"), "both\n");
        git(worktree.path(), "add", "a.txt");
        it().in(worktree).commit("resolved", ANN);
        Path record = it().in(worktree).files().record();
        for (String name : List.of("MERGE_HEAD", "MERGE_MODE", "MERGE_MSG", "angee-merge")) {
            assertThat(record.resolve(name)).doesNotExist();
        }
        gitAgrees();
    }

    @Test
    void changes_that_a_rebase_put_aside_are_neither_lost_nor_forgotten() throws Exception {
        Worktree worktree = diverged();
        write(worktree.path().resolve("g.txt"), "precious\n");
        assertThatThrownBy(() -> git(worktree.path(), "rebase", "--autostash", "origin/main"))
                .isInstanceOf(AssertionError.class);
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).abort(), "aside");
        git(worktree.path(), "rebase", "--abort");
        assertThat(worktree.path().resolve("g.txt")).hasContent("precious");
    }

    @Test
    void changes_that_a_merge_put_aside_are_neither_lost_nor_forgotten() throws Exception {
        Worktree worktree = diverged();
        write(worktree.path().resolve("g.txt"), "precious\n");
        assertThatThrownBy(() -> git(worktree.path(), "merge", "--autostash", "origin/main"))
                .isInstanceOf(AssertionError.class);
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).abort(), "aside");
        write(worktree.path().resolve("a.txt"), "both\n");
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(ANN), "aside");
        git(worktree.path(), "add", "a.txt");
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).commit("resolved", ANN), "aside");
        git(worktree.path(), "merge", "--abort");
        assertThat(worktree.path().resolve("g.txt")).hasContent("precious");
    }

    @Test
    void changes_put_aside_and_left_there_are_dirty() throws Exception {
        Worktree worktree = diverged();
        Path record = it().in(worktree).files().record();
        write(record.resolve("MERGE_AUTOSTASH"), there("main") + "\n");
        assertThat(it().in(worktree).findings(MAIN)).containsKey(RemovalFinding.DIRTY);
    }

    @Test
    void an_ignored_folder_is_not_deleted_for_a_file_that_comes_in_its_place() throws Exception {
        write(others.resolve("d/x"), "x\n");
        othersCommit("main", ".gitignore", "out/\n*.log\n");
        fetch();
        Worktree worktree = add("w", WORK);
        Path secret = write(worktree.path().resolve("out/secret"), "mine\n");
        Path log = write(worktree.path().resolve("d/my.log"), "mine\n");
        git(others, "rm", "-r", "-q", "d");
        git(others, "add", "-f", write(others.resolve("out"), "a file\n").toString());
        othersCommit("main", "d", "a file too\n");
        fetch();
        assertCode(
                ErrorCode.CONFLICT, () -> it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)), "secret");
        assertThat(secret).hasContent("mine");
        assertThat(log).hasContent("mine");
        Files.delete(secret);
        Files.delete(secret.getParent());
        assertCode(
                ErrorCode.CONFLICT, () -> it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)), "my.log");
        Files.delete(log);
        it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN));
        assertThat(worktree.path().resolve("out")).hasContent("a file");
        assertThat(worktree.path().resolve("d")).hasContent("a file too");
        gitAgrees();
    }

    @Test
    void files_in_conflict_for_another_reason_than_a_merge_are_not_committed() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("a.txt"), "aside\n");
        git(worktree.path(), "stash", "-q");
        commit(worktree, "a.txt", "mine\n");
        assertThatThrownBy(() -> git(worktree.path(), "stash", "pop")).isInstanceOf(AssertionError.class);
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).commit("with markers", ANN), "conflict");
        assertThat(git(worktree.path(), "show", "HEAD:a.txt")).isEqualTo("mine");
    }

    @Test
    void a_removal_that_failed_half_way_can_be_repeated_but_takes_nothing_new_along() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        Path record = it().in(worktree).files().record();
        write(record.resolve("angee-removing"), "removal was begun\n");
        Files.delete(worktree.path().resolve("a.txt"));
        Path note = write(worktree.path().resolve("new.txt"), "mine\n");
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN)),
                RemovalFinding.DIRTY.id());
        assertThat(note).hasContent("mine");
        Files.delete(note);
        it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN));
        assertThat(worktree.path()).doesNotExist();
        assertThat(it().worktrees(cache)).isEmpty();
    }

    private void keepMerge(Worktree worktree) {
        assertThat(it().in(worktree)
                        .merge(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()))
                .isInstanceOf(MergeOutcome.Conflicted.class);
    }

    private static void attempt(Runnable call) {
        try {
            call.run();
        } catch (AngeeException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
        }
    }

    /** A worktree with a commit that is in conflict with the remote's main in {@code a.txt}; both have a {@code g.txt}. */
    private Worktree diverged() throws Exception {
        othersCommit("main", "g.txt", "g\n");
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "a.txt", "mine\n");
        othersCommit("main", "a.txt", "theirs\n");
        fetch();
        return worktree;
    }
}
