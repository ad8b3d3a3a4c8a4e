package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a {@link SourceControl} promises of caches: how they come to be, and what a fetch makes of them. */
public abstract class CacheContract extends SourceControlFixture {
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
}
