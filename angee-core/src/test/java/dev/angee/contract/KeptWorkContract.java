package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.CommitId;
import dev.angee.source.FetchOptions;
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
import java.util.concurrent.atomic.AtomicReference;
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

    @Test
    void a_binary_file_in_conflict_is_shown_as_ours() throws Exception {
        othersCommit("main", "b.bin", "a\0a");
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "b.bin", "a\0mine");
        othersCommit("main", "b.bin", "a\0theirs");
        fetch();
        keepMerge(worktree);
        assertThat(worktree.path().resolve("b.bin")).hasContent("a\0mine");
        it().in(worktree).abort();
        it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts());
        assertThat(Files.readString(worktree.path().resolve("b.bin"))).startsWith("a\0");
        gitAgrees();
    }

    @Test
    void a_folder_that_meets_a_file_loses_nothing_of_what_is_in_it() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "p/a", "mine\n");
        othersCommit("main", "p", "theirs\n");
        fetch();
        MergeOptions keep = MergeOptions.by(ANN).keepingConflicts();
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.Conflicted.class);
        try {
            it().in(worktree).merge(Revision.of(MAIN), keep);
        } catch (AngeeException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        }
        assertThat(worktree.path().resolve("p/a")).hasContent("mine");
        gitAgrees();
    }

    @Test
    void submodules_with_something_in_them_are_dirty() throws Exception {
        git(others, "update-index", "--add", "--cacheinfo", "160000," + there("main") + ",s");
        git(others, "commit", "-q", "-m", "submodule");
        git(others, "push", "-q", "origin", "main");
        fetch();
        Worktree worktree = add("w", WORK);
        Path folder = Files.createDirectories(worktree.path().resolve("s"));
        assertThat(it().in(worktree).findings(MAIN)).isEmpty();
        Path file = write(folder.resolve("work.txt"), "mine\n");
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.DIRTY);
        Files.delete(file);
        write(it().in(worktree).files().record().resolve("modules/s/HEAD"), "ref: refs/heads/main\n");
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.DIRTY);
    }

    @Test
    void files_and_index_are_as_before_when_the_branch_cannot_be_moved() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId first = it().in(worktree).status(MAIN).head();
        othersCommit("main", "new.txt", "n\n");
        fetch();
        Path lock = write(cache.resolve(WORK.fullName() + ".lock"), "");
        attemptAny(() -> it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN)));
        Files.delete(lock);
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        assertThat(worktree.path().resolve("new.txt")).doesNotExist();
        CommitId second = headOf(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)));
        Files.createFile(lock);
        attemptAny(() -> it().in(worktree).rewind(second, first));
        Files.delete(lock);
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        assertThat(worktree.path().resolve("new.txt")).hasContent("n");
        gitAgrees();
    }

    @Test
    void a_conflict_that_cannot_be_written_down_is_not_shown() throws Exception {
        Worktree worktree = diverged();
        write(it().in(worktree).files().record().resolve("MERGE_HEAD/x"), "");
        assertThatThrownBy(() -> keepMerge(worktree)).isNotInstanceOf(AssertionError.class);
        assertThat(worktree.path().resolve("a.txt")).hasContent("mine");
        assertThat(git(worktree.path(), "ls-files", "-u")).isEmpty();
    }

    @Test
    void a_rebase_whose_branch_moved_is_not_gone_on_with_and_its_conflict_stays() throws Exception {
        Worktree worktree = diverged();
        it().in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts());
        write(worktree.path().resolve("a.txt"), "both\n");
        git(cache, "update-ref", WORK.fullName(), there("main").value());
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).resume(ANN), "moved");
        assertThat(git(worktree.path(), "ls-files", "-u")).isNotEmpty();
    }

    @Test
    void a_worktree_whose_making_is_interrupted_leaves_nothing() throws Exception {
        fetch();
        Worktree worktree = worktree("w");
        AtomicReference<Thread> maker = new AtomicReference<>();
        Thread making = new Thread(() -> attemptAny(() -> it().addWorktree(worktree, WORK, MAIN, (task, percent) -> {
            maker.get().interrupt();
            throw new IllegalStateException("stop");
        })));
        maker.set(making);
        making.start();
        making.join();
        boolean made = Files.exists(worktree.path());
        assertThat(it().worktrees(cache)).hasSize(made ? 1 : 0);
        assertThat(git(cache, "branch", "--list", WORK.value()).isEmpty()).isEqualTo(!made);
    }

    @Test
    void a_cache_with_all_commits_keeps_them() throws Exception {
        othersCommit("main", "b.txt", "b\n");
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "n.txt", "n\n");
        othersCommit("main", "c.txt", "c\n");
        othersCommit("main", "d.txt", "d\n");
        it().fetch(url(), cache, FetchOptions.defaults().newest(1));
        assertThat(cache.resolve("shallow")).doesNotExist();
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.Merged.class);
        gitAgrees();
    }

    private void keepMerge(Worktree worktree) {
        assertThat(it().in(worktree)
                        .merge(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()))
                .isInstanceOf(MergeOutcome.Conflicted.class);
    }

    private static void attemptAny(Runnable call) {
        try {
            call.run();
        } catch (AngeeException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
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
