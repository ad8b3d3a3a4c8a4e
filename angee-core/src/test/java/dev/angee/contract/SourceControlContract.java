package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeRecord;
import dev.angee.source.WorktreeStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link SourceControl} promises, one test per sentence of its documentation. The remotes are made, and the
 * results are judged, by the real {@code git}, without any configuration of the user's.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
public abstract class SourceControlContract extends SourceControlFixture {
    @Test
    void describe_says_something_for_people() {
        assertThat(it().describe().name()).isNotBlank();
        assertThat(it().describe().reason()).isNotBlank();
    }

    @Test
    void fetch_clones_when_absent_into_a_bare_repository_that_git_accepts() throws Exception {
        fetch();
        assertThat(git(cache, "rev-parse", "--is-bare-repository")).isEqualTo("true");
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(there("main"));
        gitAgrees();
    }

    @Test
    void fetch_tells_how_it_comes_along() {
        List<String> tasks = new ArrayList<>();
        List<Integer> percents = new ArrayList<>();
        it().fetch(url(), cache, FetchOptions.defaults().telling((task, percent) -> {
            tasks.add(task);
            percents.add(percent);
        }));
        assertThat(tasks).isNotEmpty().doesNotContain("");
        assertThat(percents).allMatch(percent -> percent >= -1 && percent <= 100);
    }

    @Test
    void fetch_again_brings_what_is_new_and_drops_branches_that_are_gone() throws Exception {
        othersCommit("topic", "t.txt", "t\n");
        fetch();
        assertThat(it().history(cache).remoteBranch(BranchName.of("topic"))).isPresent();
        git(origin, "branch", "-D", "topic");
        git(others, "checkout", "-q", "main");
        git(others, "branch", "-q", "-D", "topic");
        othersCommit("topic/deeper", "u.txt", "u\n");
        CommitId moved = othersCommit("main", "b.txt", "b\n");
        assertThat(it().history(cache).remoteBranch(MAIN))
                .as("not before the fetch")
                .isNotEqualTo(Optional.of(moved));
        fetch();
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(moved);
        assertThat(it().history(cache).remoteBranch(BranchName.of("topic"))).isEmpty();
        assertThat(it().history(cache).remoteBranch(BranchName.of("topic/deeper")))
                .contains(there("topic/deeper"));
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
        gitAgrees();
    }

    @Test
    void fetch_takes_a_branch_back_that_was_moved_back_there() throws Exception {
        CommitId first = there("main");
        othersCommit("main", "b.txt", "b\n");
        fetch();
        git(origin, "update-ref", "refs/heads/main", first.value());
        fetch();
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(first);
    }

    @Test
    void fetch_makes_no_local_branch_and_moves_none_nor_a_worktree() throws Exception {
        fetch();
        assertThat(git(cache, "for-each-ref", "refs/heads")).isEmpty();
        Worktree worktree = add("w", MAIN);
        CommitId before = there("main");
        othersCommit("main", "a.txt", "changed\n");
        fetch();
        assertThat(git(cache, "rev-parse", "refs/heads/main")).isEqualTo(before.value());
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(before);
        assertThat(worktree.path().resolve("a.txt")).hasContent("one\ntwo\nthree");
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
    }

    @Test
    void a_clone_that_fails_is_unavailable_names_the_url_and_leaves_nothing_behind() throws Exception {
        Path parent = Files.createDirectories(cache.getParent());
        String missing = folder.resolve("no-such.git").toString();
        assertCode(
                ErrorCode.UNAVAILABLE, () -> it().fetch(GitUrl.of(missing), cache, FetchOptions.defaults()), missing);
        String nobody = "http://127.0.0.1:1/app.git";
        assertCode(ErrorCode.UNAVAILABLE, () -> it().fetch(GitUrl.of(nobody), cache, FetchOptions.defaults()), nobody);
        assertThat(parent).isEmptyDirectory();
        fetch();
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
    }

    @Test
    void a_fetch_that_fails_leaves_the_cache_as_it_was() throws Exception {
        fetch();
        CommitId before = it().history(cache).remoteBranch(MAIN).orElseThrow();
        Path away = Files.move(origin, folder.resolve("away.git"));
        assertCode(ErrorCode.UNAVAILABLE, this::fetch, origin.toString());
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(before);
        Files.move(away, origin);
        fetch();
    }

    @Test
    void fetch_works_from_a_shallow_origin() throws Exception {
        othersCommit("main", "b.txt", "b\n");
        othersCommit("main", "b.txt", "c\n");
        Path shallow = folder.resolve("shallow");
        git(folder, "clone", "-q", "--depth", "1", "file://" + origin, shallow.toString());
        it().fetch(GitUrl.of(shallow.toString()), cache, FetchOptions.defaults());
        Worktree worktree = add("w", WORK);
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(there("main"));
        assertThat(worktree.path().resolve("b.txt")).hasContent("c");
        gitAgrees();
        git(shallow, "config", "user.name", "Others");
        write(shallow.resolve("d.txt"), "d\n");
        git(shallow, "add", "-A");
        git(shallow, "commit", "-q", "-m", "d");
        it().fetch(GitUrl.of(shallow.toString()), cache, FetchOptions.defaults());
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.FastForward.class);
        gitAgrees();
    }

    @Test
    void fetch_works_from_a_file_url_and_from_a_repository_with_a_worktree_of_its_own() throws Exception {
        it().fetch(GitUrl.of("file://" + others), cache, FetchOptions.defaults());
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(there("main"));
    }

    @Test
    void a_cache_made_from_another_origin_is_a_conflict() throws Exception {
        fetch();
        git(
                folder,
                "clone",
                "-q",
                "--bare",
                origin.toString(),
                folder.resolve("other.git").toString());
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().fetch(GitUrl.of(folder.resolve("other.git").toString()), cache, FetchOptions.defaults()),
                "other.git");
    }

    @Test
    void something_else_in_the_caches_place_is_a_conflict_and_stays_but_an_empty_folder_is_not_C29() throws Exception {
        Path note = write(cache.resolve("note.txt"), "mine\n");
        assertCode(ErrorCode.CONFLICT, this::fetch, cache.toString());
        assertThat(note).hasContent("mine");
        Files.delete(note);
        fetch();
        assertThat(it().history(cache).remoteBranch(MAIN)).isPresent();
        gitAgrees();
    }

    @Test
    void a_folder_inside_another_repository_is_not_taken_for_that_one_C28() throws Exception {
        fetch();
        Path inner = Files.createDirectories(others.resolve("inner"));
        Path inWorktree = Files.createDirectories(add("w", WORK).path().resolve("inner"));
        for (Path folder : List.of(inner, inWorktree)) {
            assertCode(ErrorCode.NOT_FOUND, () -> it().history(folder).remoteBranches(), "inner");
            assertCode(ErrorCode.NOT_FOUND, () -> it().history(folder).defaultBranch(), "inner");
            assertThat(it().worktrees(folder)).isEmpty();
            assertCode(
                    ErrorCode.NOT_FOUND,
                    () -> it().in(new Worktree(cache, folder)).status(MAIN),
                    "inner");
            assertCode(
                    ErrorCode.NOT_FOUND,
                    () -> it().in(new Worktree(cache, folder)).commit("m", ANN),
                    "inner");
        }
    }

    @Test
    void the_default_branch_is_what_the_remotes_head_named_at_the_last_fetch() throws Exception {
        othersCommit("trunk", "t.txt", "t\n");
        fetch();
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
        git(origin, "symbolic-ref", "HEAD", "refs/heads/trunk");
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
        fetch();
        assertThat(it().history(cache).defaultBranch()).isEqualTo(BranchName.of("trunk"));
    }

    @Test
    void a_remote_without_any_branch_has_no_default_branch_until_it_gets_one() throws Exception {
        Path empty = folder.resolve("empty.git");
        git(folder, "init", "-q", "--bare", "-b", "main", empty.toString());
        it().fetch(GitUrl.of(empty.toString()), cache, FetchOptions.defaults());
        assertCode(ErrorCode.NOT_FOUND, () -> it().history(cache).defaultBranch(), "HEAD");
        git(others, "push", "-q", empty.toString(), "main");
        it().fetch(GitUrl.of(empty.toString()), cache, FetchOptions.defaults());
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
    }

    @Test
    void a_branch_the_remote_does_not_have_has_no_commit() {
        fetch();
        assertThat(it().history(cache).remoteBranch(BranchName.of("nope"))).isEmpty();
    }

    @Test
    void a_new_branch_begins_at_the_remotes_base_as_last_fetched_and_gets_no_upstream_C1() throws Exception {
        fetch();
        add("old", MAIN);
        CommitId moved = othersCommit("main", "b.txt", "b\n");
        fetch();
        Worktree worktree = add("w", WORK);
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(moved);
        assertThat(it().in(worktree).status(MAIN).branch()).contains(WORK);
        assertThat(worktree.path().resolve("b.txt")).hasContent("b");
        assertThat(git(cache, "config", "--list")).doesNotContain("branch.");
        gitAgrees();
    }

    @Test
    void a_branch_of_the_remote_is_taken_up_there_C2() throws Exception {
        CommitId topic = othersCommit("topic", "t.txt", "t\n");
        fetch();
        Worktree worktree = add("w", BranchName.of("topic"));
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(topic);
        gitAgrees();
    }

    @Test
    void a_branch_of_the_cache_is_taken_up_where_it_is() throws Exception {
        fetch();
        Worktree first = add("first", WORK);
        write(first.path().resolve("n.txt"), "n\n");
        CommitId commit = it().in(first).commit("n", ANN).orElseThrow();
        it().removeWorktree(first, RemoveOptions.whatever());
        othersCommit(WORK.value(), "theirs.txt", "t\n");
        fetch();
        Worktree second = add("second", WORK);
        assertThat(it().in(second).status(MAIN).head()).isEqualTo(commit);
    }

    @Test
    void files_modes_and_links_are_checked_out_as_they_are() throws Exception {
        write(others.resolve("bin/run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(others.resolve("bin/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(others.resolve("link"), Path.of("bin/run"));
        othersCommit("main", "sub dir/ü.txt", "ü\n");
        fetch();
        Worktree worktree = new Worktree(cache, folder.resolve("mit Lücke/und ü"));
        it().addWorktree(worktree, WORK, MAIN, FetchProgress.none());
        assertThat(worktree.path().resolve("bin/run")).isExecutable();
        assertThat(worktree.path().resolve("a.txt"))
                .satisfies(a -> assertThat(Files.isExecutable(a)).isFalse());
        assertThat(Files.readSymbolicLink(worktree.path().resolve("link"))).isEqualTo(Path.of("bin/run"));
        assertThat(worktree.path().resolve("sub dir/ü.txt")).hasContent("ü");
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        gitAgrees();
    }

    @Test
    void a_worktree_that_cannot_be_made_leaves_no_folder_no_record_and_no_branch() throws Exception {
        fetch();
        Worktree worktree = worktree("w");
        assertCode(
                ErrorCode.NOT_FOUND,
                () -> it().addWorktree(worktree, WORK, BranchName.of("nope"), FetchProgress.none()),
                "nope");
        String tooLong = "x".repeat(300);
        String blob = git(others, "rev-parse", "HEAD:a.txt");
        String tree = gitReading(
                others, "100644 blob " + blob + "\ta.txt\n100644 blob " + blob + "\t" + tooLong + "\n", "mktree");
        String commit = git(others, "commit-tree", tree, "-p", "HEAD", "-m", "too long a name");
        git(others, "push", "-q", "origin", commit + ":refs/heads/bad");
        fetch();
        assertCode(
                ErrorCode.FAILED,
                () -> it().addWorktree(worktree, WORK, BranchName.of("bad"), FetchProgress.none()),
                worktree.path().toString());
        assertThat(worktree.path()).doesNotExist();
        assertThat(it().worktrees(cache)).isEmpty();
        assertThat(git(cache, "for-each-ref", "refs/heads")).isEmpty();
        assertThat(add("w", WORK)).isEqualTo(worktree);
        gitAgrees();
    }

    @Test
    void a_worktrees_folder_may_be_empty_but_not_hold_anything() throws Exception {
        fetch();
        Files.createDirectories(folder.resolve("empty"));
        add("empty", WORK);
        Path note = write(folder.resolve("full/note.txt"), "mine\n");
        assertCode(ErrorCode.CONFLICT, () -> add("full", BranchName.of("other")), "full");
        assertThat(note).hasContent("mine");
        assertThat(git(cache, "for-each-ref", "--format=%(refname)", "refs/heads"))
                .isEqualTo(WORK.fullName());
    }

    @Test
    void a_branch_that_another_worktree_is_on_is_a_conflict() throws Exception {
        fetch();
        Worktree first = add("first", WORK);
        assertCode(ErrorCode.CONFLICT, () -> add("second", WORK), first.path().toString());
        assertThat(folder.resolve("second")).doesNotExist();
        git(
                cache,
                "worktree",
                "add",
                "-q",
                "-b",
                "by-git",
                folder.resolve("third").toString(),
                "origin/main");
        assertCode(ErrorCode.CONFLICT, () -> add("fourth", BranchName.of("by-git")), "third");
        assertThat(it().worktrees(cache)).hasSize(2);
    }

    @Test
    void a_record_whose_folder_is_gone_is_in_nobodys_way() throws Exception {
        fetch();
        Worktree gone = add("gone", WORK);
        Files.move(gone.path(), folder.resolve("elsewhere"));
        Worktree again = add("again", WORK);
        assertThat(it().worktrees(cache)).extracting(WorktreeRecord::path).containsExactly(again.path());
        gitAgrees();
    }

    @Test
    void worktrees_with_the_same_name_in_different_folders_do_not_meet() throws Exception {
        fetch();
        Worktree one = add("one/app", BranchName.of("one"));
        Worktree two = add("two/app", BranchName.of("two"));
        write(one.path().resolve("a.txt"), "changed\n");
        assertThat(it().in(one).status(MAIN).changed()).containsExactly("a.txt");
        assertThat(it().in(two).status(MAIN).changed()).isEmpty();
        gitAgrees();
    }

    @Test
    void removing_a_worktree_removes_folder_and_record_but_not_the_branch() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        Worktree other = add("other", BranchName.of("other"));
        write(worktree.path().resolve("lost.txt"), "lost\n");
        Path kept = write(folder.resolve("kept/k.txt"), "k\n");
        Files.createSymbolicLink(worktree.path().resolve("link"), kept.getParent());
        it().removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(worktree.path()).doesNotExist();
        assertThat(kept).hasContent("k");
        assertThat(it().worktrees(cache)).extracting(WorktreeRecord::path).containsExactly(other.path());
        assertThat(git(cache, "rev-parse", WORK.fullName()))
                .isEqualTo(there("main").value());
        gitAgrees();
    }

    @Test
    void folder_or_record_or_both_may_be_missing_when_a_worktree_is_removed() throws Exception {
        fetch();
        Worktree folderGone = add("one", BranchName.of("one"));
        Files.move(folderGone.path(), folder.resolve("elsewhere"));
        it().removeWorktree(folderGone, RemoveOptions.whatever());
        Worktree recordGone = add("two", BranchName.of("two"));
        Files.move(recordGone.path(), folder.resolve("aside"));
        git(cache, "worktree", "prune");
        Files.move(folder.resolve("aside"), recordGone.path());
        it().removeWorktree(recordGone, RemoveOptions.whatever());
        it().removeWorktree(recordGone, RemoveOptions.whatever());
        it().removeWorktree(
                        new Worktree(folder.resolve("no-cache"), folder.resolve("no-folder")),
                        RemoveOptions.whatever());
        assertThat(recordGone.path()).doesNotExist();
        assertThat(it().worktrees(cache)).isEmpty();
    }

    @Test
    void worktrees_are_what_the_cache_has_written_down() throws Exception {
        assertThat(it().worktrees(cache)).isEmpty();
        fetch();
        assertThat(it().worktrees(cache)).isEmpty();
        Worktree a = add("a", BranchName.of("a"));
        Worktree b = add("b", BranchName.of("b"));
        Worktree c = add("c", BranchName.of("c"));
        git(b.path(), "checkout", "-q", "--detach");
        Files.move(c.path(), folder.resolve("elsewhere"));
        assertThat(it().worktrees(cache))
                .containsExactly(
                        new WorktreeRecord(a.path(), Optional.of(BranchName.of("a")), true),
                        new WorktreeRecord(b.path(), Optional.empty(), true),
                        new WorktreeRecord(c.path(), Optional.of(BranchName.of("c")), false));
    }

    @Test
    void deleting_a_branch_needs_it_unused_and_twice_is_no_error() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        assertCode(ErrorCode.CONFLICT, () -> it().deleteBranch(cache, WORK), "w");
        assertThat(git(cache, "rev-parse", WORK.fullName()))
                .isEqualTo(there("main").value());
        it().removeWorktree(worktree, RemoveOptions.whatever());
        it().deleteBranch(cache, WORK);
        it().deleteBranch(cache, WORK);
        assertThat(git(cache, "for-each-ref", "refs/heads")).isEmpty();
        assertThat(it().history(cache).remoteBranch(MAIN)).isPresent();
    }

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
    void of_many_threads_that_want_one_branch_one_gets_it_and_the_others_a_conflict() throws Exception {
        fetch();
        for (int round = 0; round < 4; round++) {
            BranchName branch = BranchName.of("race/" + round);
            String prefix = "race" + round + "/";
            AtomicInteger winners = new AtomicInteger();
            CyclicBarrier together = new CyclicBarrier(8);
            inThreads(8, n -> {
                together.await(1, TimeUnit.MINUTES);
                try {
                    add(prefix + n, branch);
                    winners.incrementAndGet();
                } catch (AngeeException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                }
            });
            assertThat(winners).hasValue(1);
            assertThat(it().worktrees(cache)).hasSize(round + 1);
        }
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
