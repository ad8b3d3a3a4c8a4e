package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FileDiff;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.RemovalFinding;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeFiles;
import dev.angee.source.WorktreeHead;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link WorktreeOperations} promise of what is uncommitted, and of removing and rewinding a worktree. */
public abstract class WorktreeOperationsContract extends SourceControlFixture {
    @Test
    void changes_are_everything_uncommitted_against_the_commit_but_nothing_ignored_C13() throws Exception {
        othersCommit("main", "gone.txt", "g\n");
        othersCommit("main", "staged.txt", "s\n");
        othersCommit("main", "both.txt", "1\n");
        othersCommit("main", ".gitignore", "*.log\n");
        fetch();
        Worktree worktree = add("w", WORK);
        Path path = worktree.path();
        write(path.resolve("staged.txt"), "S\n");
        write(path.resolve("both.txt"), "2\n");
        write(path.resolve("added.txt"), "added\n");
        write(path.resolve("vanished.txt"), "v\n");
        git(path, "add", "-A");
        Files.delete(path.resolve("vanished.txt"));
        write(path.resolve("both.txt"), "3\n");
        write(path.resolve("a.txt"), "one\ntwo\nTHREE\n");
        write(path.resolve("dir/untracked.txt"), "u");
        write(path.resolve("build.log"), "ignored\n");
        Files.delete(path.resolve("gone.txt"));
        assertThat(it().in(worktree).changes())
                .containsExactly(
                        changed("a.txt", "100644", hunk(1, 3, 1, 3, " one", " two", "-three", "+THREE")),
                        created("added.txt", hunk(0, 0, 1, 1, "+added")),
                        changed("both.txt", "100644", hunk(1, 1, 1, 1, "-1", "+3")),
                        created("dir/untracked.txt", hunk(0, 0, 1, 1, "+u", "\\ No newline at end of file")),
                        new FileDiff(
                                Optional.of("gone.txt"),
                                Optional.empty(),
                                "100644",
                                false,
                                List.of(hunk(1, 1, 0, 0, "-g"))),
                        changed("staged.txt", "100644", hunk(1, 1, 1, 1, "-s", "+S")));
    }

    @Test
    void changes_know_modes_links_renames_and_binary_files() throws Exception {
        write(others.resolve("old.txt"), "1\n2\n3\n4\n5\n6\n7\n8\n");
        write(others.resolve("moved.txt"), "a\nb\nc\nd\ne\nf\ng\nh\n");
        othersCommit("main", "run", "#!/bin/sh\n");
        fetch();
        Worktree worktree = add("w", WORK);
        Path path = worktree.path();
        git(path, "mv", "old.txt", "new.txt");
        Files.move(path.resolve("moved.txt"), path.resolve("untracked.txt"));
        Files.setPosixFilePermissions(path.resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(path.resolve("link"), Path.of("/nowhere"));
        write(path.resolve("b.bin"), "a\0b");
        assertThat(it().in(worktree).changes())
                .containsExactly(
                        new FileDiff(Optional.empty(), Optional.of("b.bin"), "100644", true, List.of()),
                        new FileDiff(
                                Optional.empty(),
                                Optional.of("link"),
                                "120000",
                                false,
                                List.of(hunk(0, 0, 1, 1, "+/nowhere", "\\ No newline at end of file"))),
                        new FileDiff(Optional.of("old.txt"), Optional.of("new.txt"), "100644", false, List.of()),
                        changed("run", "100755"),
                        new FileDiff(
                                Optional.of("moved.txt"), Optional.of("untracked.txt"), "100644", false, List.of()));
        gitAgrees();
    }

    @Test
    void changes_of_a_clean_worktree_are_none() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        assertThat(it().in(worktree).changes()).isEmpty();
        write(worktree.path().resolve("a.txt"), "other\n");
        git(worktree.path(), "add", "-A");
        write(worktree.path().resolve("a.txt"), "one\ntwo\nthree\n");
        assertThat(it().in(worktree).changes())
                .as("what is staged and taken back")
                .isEmpty();
    }

    @Test
    void reading_changes_and_findings_changes_nothing_the_index_neither() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("a.txt"), "changed\n");
        write(worktree.path().resolve("n.txt"), "n\n");
        git(worktree.path(), "add", "-N", "n.txt");
        Map<String, String> cacheBefore = contentOf(cache);
        Map<String, String> filesBefore = contentOf(worktree.path());
        assertThat(it().in(worktree).changes())
                .extracting(diff -> diff.newPath().orElse(""))
                .containsExactly("a.txt", "n.txt");
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.DIRTY);
        assertThat(contentOf(cache)).isEqualTo(cacheBefore);
        assertThat(contentOf(worktree.path())).isEqualTo(filesBefore);
    }

    @Test
    void its_head_is_told_without_a_look_at_its_files() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId base = there("main");
        CommitId first = commit(worktree, "a.txt", "mine\n");
        othersCommit("main", "a.txt", "theirs\n");
        fetch();
        requireHead(worktree, new WorktreeHead(Optional.of(WORK), first, Unfinished.NOTHING));
        MergeOptions keeping = MergeOptions.by(ANN).keepingConflicts();
        assertThat(it().in(worktree).merge(Revision.of(MAIN), keeping)).isInstanceOf(MergeOutcome.Conflicted.class);
        requireHead(worktree, new WorktreeHead(Optional.of(WORK), first, Unfinished.MERGE));
        it().in(worktree).abort();
        git(worktree.path(), "checkout", "-q", "--detach", "HEAD~1");
        requireHead(worktree, new WorktreeHead(Optional.empty(), base, Unfinished.NOTHING));
        Path index = Path.of(
                        git(worktree.path(), "rev-parse", "--absolute-git-dir").strip())
                .resolve("index");
        write(index, "no index");
        assertThatThrownBy(() -> it().in(worktree).status(MAIN)).isInstanceOf(AngeeException.class);
        assertThat(it().in(worktree).head().branch()).isEmpty();
        assertCode(ErrorCode.NOT_FOUND, () -> it().in(worktree("none")).head(), "none");
    }

    private void requireHead(Worktree worktree, WorktreeHead expected) {
        WorktreeStatus status = it().in(worktree).status(MAIN);
        WorktreeHead head = it().in(worktree).head();
        assertThat(head).isEqualTo(expected);
        assertThat(head).isEqualTo(new WorktreeHead(status.branch(), status.head(), status.unfinished()));
    }

    @Test
    void its_files_are_where_git_says_they_are() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        WorktreeFiles files = it().in(worktree).files();
        assertThat(files.record()).isEqualTo(Path.of(git(worktree.path(), "rev-parse", "--absolute-git-dir")));
        assertThat(files.guarded()).contains(cache.resolve("config")).allMatch(Files::exists);
        assertThat(files.state())
                .contains(files.record(), cache.resolve("refs"), cache.resolve("packed-refs"))
                .as("what git ignores and how it compares is not the worktree's own")
                .contains(cache.resolve("config"), cache.resolve("info/exclude"), cache.resolve("shallow"));
    }

    @Test
    void nothing_is_found_where_nothing_would_be_lost() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        assertThat(it().in(worktree).findings(MAIN)).isEmpty();
        it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN));
        assertThat(worktree.path()).doesNotExist();
        assertThat(it().worktrees(cache)).isEmpty();
        gitAgrees();
    }

    @Test
    void what_is_uncommitted_or_unfinished_is_dirty() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        write(worktree.path().resolve("n.txt"), "n\n");
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.DIRTY);
        assertThat(it().in(worktree).findings(MAIN).get(RemovalFinding.DIRTY)).contains("n.txt");
        refusesToRemove(worktree, RemovalFinding.DIRTY);
        Files.delete(worktree.path().resolve("n.txt"));
        assertThat(it().in(worktree).findings(MAIN)).isEmpty();
        othersCommit("main", "b.txt", "b\n");
        fetch();
        git(worktree.path(), "merge", "-q", "--no-ff", "--no-commit", "origin/main");
        git(worktree.path(), "reset", "-q", "--hard", "HEAD");
        assertThat(it().in(worktree).findings(MAIN)).isEmpty();
        git(worktree.path(), "merge", "-q", "--no-ff", "--no-commit", "-s", "ours", "origin/main");
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.DIRTY);
        refusesToRemove(worktree, RemovalFinding.DIRTY);
        it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN).accepting(RemovalFinding.DIRTY));
        assertThat(worktree.path()).doesNotExist();
        gitAgrees();
    }

    @Test
    void what_only_it_has_is_unpushed_and_what_its_base_lacks_is_unlanded() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "n.txt", "n\n");
        assertThat(it().in(worktree).findings(MAIN))
                .containsOnlyKeys(RemovalFinding.UNPUSHED, RemovalFinding.UNLANDED)
                .allSatisfy((finding, text) -> assertThat(text).isNotBlank());
        refusesToRemove(worktree, RemovalFinding.UNPUSHED, RemovalFinding.UNLANDED);
        it().push(cache, WORK, PushOptions.defaults().to(BranchName.of("elsewhere")));
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.UNLANDED);
        refusesToRemove(worktree, RemovalFinding.UNLANDED);
        it().land(cache, WORK, MAIN, ANN, Credentials.none());
        assertThat(it().in(worktree).findings(MAIN)).isEmpty();
        it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN));
        gitAgrees();
    }

    @Test
    void what_was_squashed_into_the_base_counts_as_landed() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "n.txt", "n\n");
        commit(worktree, "n.txt", "m\n");
        it().push(cache, WORK, PushOptions.defaults());
        git(others, "fetch", "-q", "origin");
        git(others, "merge", "-q", "--squash", "origin/" + WORK);
        othersCommit("main", "b.txt", "b\n");
        assertThat(it().in(worktree).findings(MAIN))
                .as("not before the fetch")
                .containsOnlyKeys(RemovalFinding.UNLANDED);
        fetch();
        assertThat(it().in(worktree).findings(MAIN)).isEmpty();
        it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN));
        assertThat(worktree.path()).doesNotExist();
    }

    @Test
    void commits_without_a_branch_count_as_well() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        git(worktree.path(), "checkout", "-q", "--detach");
        commit(worktree, "n.txt", "n\n");
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.UNPUSHED, RemovalFinding.UNLANDED);
    }

    @Test
    void a_locked_worktree_is_not_removed_and_its_reason_is_told() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        git(cache, "worktree", "lock", "--reason", "on a stick", worktree.path().toString());
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.LOCKED);
        assertThat(it().in(worktree).findings(MAIN).get(RemovalFinding.LOCKED)).contains("on a stick");
        refusesToRemove(worktree, RemovalFinding.LOCKED);
        it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN).accepting(RemovalFinding.LOCKED));
        assertThat(worktree.path()).doesNotExist();
        gitAgrees();
    }

    @Test
    void a_worktree_that_a_process_works_in_is_in_use() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        Worktree beside = add("w2", BranchName.of("beside"));
        Path inside = Files.createDirectories(worktree.path().resolve("sub"));
        Process process =
                new ProcessBuilder("sleep", "120").directory(inside.toFile()).start();
        try {
            assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.IN_USE);
            assertThat(it().in(worktree).findings(MAIN).get(RemovalFinding.IN_USE))
                    .contains(Long.toString(process.pid()))
                    .contains("sleep");
            assertThat(it().in(beside).findings(MAIN)).isEmpty();
            refusesToRemove(worktree, RemovalFinding.IN_USE);
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(it().in(worktree).findings(MAIN)).isEmpty();
        it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN));
    }

    @Test
    void all_that_is_found_is_named_and_all_of_it_has_to_be_accepted() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "n.txt", "n\n");
        write(worktree.path().resolve("n.txt"), "m\n");
        git(cache, "worktree", "lock", worktree.path().toString());
        Set<RemovalFinding> found = EnumSet.of(
                RemovalFinding.DIRTY, RemovalFinding.UNPUSHED, RemovalFinding.UNLANDED, RemovalFinding.LOCKED);
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(found.toArray(new RemovalFinding[0]));
        RemoveOptions options = RemoveOptions.losingNothing(MAIN);
        for (RemovalFinding finding : found) {
            RemoveOptions now = options;
            assertCode(ErrorCode.CONFLICT, () -> it().removeWorktree(worktree, now), finding.id());
            options = options.accepting(finding);
        }
        assertThat(worktree.path()).exists();
        it().removeWorktree(worktree, options);
        assertThat(worktree.path()).doesNotExist();
        assertThat(git(cache, "rev-parse", "--verify", WORK.fullName()))
                .as("its branch stays")
                .isNotEmpty();
        gitAgrees();
    }

    @Test
    void of_a_worktree_whose_folder_is_gone_its_commits_are_looked_at() throws Exception {
        fetch();
        Worktree clean = add("clean", BranchName.of("clean"));
        Files.move(clean.path(), folder.resolve("elsewhere"));
        it().removeWorktree(clean, RemoveOptions.losingNothing(MAIN));
        assertThat(it().worktrees(cache)).isEmpty();
        Worktree worktree = add("w", WORK);
        commit(worktree, "n.txt", "n\n");
        Files.move(worktree.path(), folder.resolve("aside"));
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN)),
                RemovalFinding.UNPUSHED.id());
        assertThat(it().worktrees(cache)).hasSize(1);
    }

    @Test
    void a_folder_of_which_the_cache_has_no_record_may_hold_anything() throws Exception {
        fetch();
        Path note = write(folder.resolve("w/note.txt"), "mine\n");
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().removeWorktree(worktree("w"), RemoveOptions.losingNothing(MAIN)),
                RemovalFinding.DIRTY.id());
        assertThat(note).hasContent("mine");
        it().removeWorktree(worktree("nothing"), RemoveOptions.losingNothing(MAIN));
    }

    @Test
    void findings_need_a_base_that_is_there() {
        fetch();
        Worktree worktree = add("w", WORK);
        BranchName nope = BranchName.of("nope");
        assertCode(ErrorCode.NOT_FOUND, () -> it().in(worktree).findings(nope), "nope");
        assertCode(ErrorCode.NOT_FOUND, () -> it().removeWorktree(worktree, RemoveOptions.losingNothing(nope)), "nope");
        assertThat(worktree.path()).exists();
    }

    @Test
    void rewind_moves_branch_and_files_from_one_commit_to_another_that_need_not_have_the_first() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId base = there("main");
        write(worktree.path().resolve("dir/n.txt"), "n\n");
        CommitId mine = commit(worktree, "a.txt", "mine\n");
        CommitId theirs = othersCommit("main", "b.txt", "b\n");
        fetch();
        write(worktree.path().resolve(".ignored"), "kept\n");
        write(cache.resolve("info/exclude"), ".ignored\n");
        it().in(worktree).rewind(mine, base);
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(base);
        assertThat(git(cache, "rev-parse", WORK.fullName())).isEqualTo(base.value());
        assertThat(worktree.path().resolve("a.txt")).hasContent("one\ntwo\nthree");
        assertThat(worktree.path().resolve("dir")).doesNotExist();
        gitAgrees();
        it().in(worktree).rewind(base, mine);
        assertThat(worktree.path().resolve("dir/n.txt")).hasContent("n");
        it().in(worktree).rewind(mine, theirs);
        assertThat(worktree.path().resolve("b.txt")).hasContent("b");
        assertThat(worktree.path().resolve("a.txt")).hasContent("one\ntwo\nthree");
        assertThat(worktree.path().resolve(".ignored")).hasContent("kept");
        assertThat(it().in(worktree).status(MAIN))
                .isEqualTo(new WorktreeStatus(Optional.of(WORK), theirs, List.of(), 0, 0, Unfinished.NOTHING, false));
        gitAgrees();
    }

    @Test
    void rewind_changes_nothing_unless_all_is_as_it_was_told() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId base = there("main");
        CommitId mine = commit(worktree, "n.txt", "n\n");
        CommitId nothing = new CommitId("0".repeat(39) + "1");
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().in(worktree).rewind(base, mine),
                worktree.path().toString());
        assertCode(ErrorCode.NOT_FOUND, () -> it().in(worktree).rewind(mine, nothing), nothing.value());
        write(worktree.path().resolve("a.txt"), "changed\n");
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).rewind(mine, base), "a.txt");
        assertThat(worktree.path().resolve("a.txt")).hasContent("changed");
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(mine);
        git(worktree.path(), "checkout", "-q", "a.txt");
        git(worktree.path(), "checkout", "-q", "--detach");
        assertCode(ErrorCode.CONFLICT, () -> it().in(worktree).rewind(mine, base), "branch");
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(mine);
        gitAgrees();
    }

    /** It is refused for these, each of which is named, and nothing changes. */
    private void refusesToRemove(Worktree worktree, RemovalFinding... findings) throws IOException {
        Map<String, String> cacheBefore = contentOf(cache);
        Map<String, String> filesBefore = contentOf(worktree.path());
        for (RemovalFinding finding : findings) {
            assertCode(
                    ErrorCode.CONFLICT,
                    () -> it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN)),
                    finding.id());
        }
        assertThat(withoutLocks(contentOf(cache))).isEqualTo(withoutLocks(cacheBefore));
        assertThat(contentOf(worktree.path())).isEqualTo(filesBefore);
    }

    private static Map<String, String> withoutLocks(Map<String, String> files) {
        files.keySet().removeIf(file -> file.startsWith("angee"));
        return files;
    }

    private static FileDiff changed(String path, String mode, FileDiff.Hunk... hunks) {
        return new FileDiff(Optional.of(path), Optional.of(path), mode, false, List.of(hunks));
    }

    private static FileDiff created(String path, FileDiff.Hunk... hunks) {
        return new FileDiff(Optional.empty(), Optional.of(path), "100644", false, List.of(hunks));
    }

    private static FileDiff.Hunk hunk(int oldStart, int oldLines, int newStart, int newLines, String... lines) {
        return new FileDiff.Hunk(oldStart, oldLines, newStart, newLines, "", List.of(lines));
    }
}
