package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.FetchProgress;
import dev.angee.source.RemoveOptions;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a {@link SourceControl} promises of making, listing and removing worktrees, and of their branches. */
public abstract class WorktreesContract extends SourceControlFixture {
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
}
