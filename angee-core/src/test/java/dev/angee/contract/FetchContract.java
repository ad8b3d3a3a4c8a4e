package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fetch by a {@link SourceControl} makes of a remote whose branches and tags are no longer what they were. */
public abstract class FetchContract extends SourceControlFixture {
    private static final BranchName PLAIN = BranchName.of("a");
    private static final BranchName DEEP = BranchName.of("a/b");
    private static final BranchName DEEPER = BranchName.of("a/b/c");

    /** Puts a branch of the remote where another one is, or away. */
    private void there(String branch, String at) throws IOException, InterruptedException {
        git(origin, "update-ref", "refs/heads/" + branch, at);
    }

    private void goneThere(String... branches) throws IOException, InterruptedException {
        for (String branch : branches) {
            git(origin, "update-ref", "-d", "refs/heads/" + branch);
        }
    }

    private List<String> tracked() throws IOException, InterruptedException {
        return git(cache, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin")
                .lines()
                .filter(name -> !name.equals("HEAD"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"loose alone", "packed alone", "loose among others", "packed among others"})
    void a_branch_that_became_a_folder_of_branches_or_the_other_way_round_is_fetched(String how) throws Exception {
        String first = there("main").value();
        there("a/b", first);
        there("a/c", first);
        there("d", first);
        fetch();
        Worktree worktree = add("w", DEEP);
        CommitId mine = commit(worktree, "n.txt", "n\n");
        if (how.startsWith("packed")) {
            git(cache, "pack-refs", "--all");
        }
        goneThere("a/b", "a/c", "d");
        String second =
                how.endsWith("others") ? othersCommit("main", "b.txt", "b\n").value() : first;
        there("a", second);
        there("d/e/f", second);
        fetch();
        assertThat(tracked()).containsExactly("a", "d/e/f", "main");
        assertThat(it().history(cache).remoteBranch(PLAIN)).contains(new CommitId(second));
        assertThat(it().history(cache).remoteBranch(DEEP)).isEmpty();
        assertThat(it().history(cache).localBranch(DEEP)).as("a worktree's own").contains(mine);
        assertThat(it().in(worktree).status(MAIN).head()).isEqualTo(mine);
        if (how.startsWith("packed")) {
            git(cache, "pack-refs", "--all");
        }
        goneThere("a", "d/e/f");
        there("a/b/c", first);
        there("d/e", first);
        fetch();
        assertThat(tracked()).containsExactly("a/b/c", "d/e", "main");
        assertThat(it().history(cache).remoteBranch(DEEPER)).contains(new CommitId(first));
        assertThat(it().history(cache).localBranch(DEEP)).contains(mine);
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
        gitAgrees();
    }

    @Test
    void a_push_to_a_branch_where_the_remote_had_a_folder_of_branches_is_remembered() throws Exception {
        there("a/b", there("main").value());
        fetch();
        goneThere("a/b");
        CommitId mine = commit(add("w", WORK), "n.txt", "n\n");
        assertThat(it().push(cache, WORK, PushOptions.defaults().to(PLAIN)).succeeded())
                .isTrue();
        assertThat(it().history(cache).remoteBranch(PLAIN)).contains(mine);
        assertThat(tracked()).containsExactly("a", "main");
        gitAgrees();
    }

    @Test
    void a_remote_branch_called_HEAD_is_left_out_and_stops_no_fetch() throws Exception {
        String first = there("main").value();
        there("HEAD", first);
        fetch();
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
        CommitId second = othersCommit("main", "b.txt", "b\n");
        there("topic", first);
        fetch();
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(second);
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
        there("HEAD", second.value());
        fetch();
        assertThat(tracked()).containsExactly("main", "topic");
        assertThat(it().history(cache).remoteBranches().keySet()).containsExactly(MAIN, BranchName.of("topic"));
        goneThere("HEAD");
        there("HEAD/x", first);
        CommitId third = othersCommit("main", "b.txt", "c\n");
        fetch();
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(third);
        assertThat(git(cache, "symbolic-ref", "refs/remotes/origin/HEAD")).isEqualTo("refs/remotes/origin/main");
        assertThat(tracked()).containsExactly("main", "topic");
        gitAgrees();
    }

    @Test
    void a_remote_whose_HEAD_names_a_branch_called_HEAD_has_no_default_branch() throws Exception {
        there("HEAD", there("main").value());
        git(origin, "symbolic-ref", "HEAD", "refs/heads/HEAD");
        fetch();
        assertCode(ErrorCode.NOT_FOUND, () -> it().history(cache).defaultBranch(), "HEAD");
        assertThat(it().history(cache).remoteBranches().keySet()).containsExactly(MAIN);
        git(origin, "symbolic-ref", "HEAD", "refs/heads/main");
        fetch();
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
        gitAgrees();
    }

    @Test
    void what_somebodys_fetch_made_of_a_branch_called_HEAD_is_put_right() throws Exception {
        fetch();
        String first = there("main").value();
        git(cache, "update-ref", "--no-deref", "-d", "refs/remotes/origin/HEAD");
        git(cache, "update-ref", "--no-deref", "refs/remotes/origin/HEAD", first);
        fetch();
        assertThat(it().history(cache).defaultBranch()).isEqualTo(MAIN);
        assertThat(tracked()).containsExactly("main");
        gitAgrees();
    }

    @Test
    void tags_that_are_new_on_known_commits_are_fetched_and_those_that_are_here_stay() throws Exception {
        git(others, "tag", "old");
        git(others, "push", "-q", "origin", "old");
        String first = there("main").value();
        CommitId second = othersCommit("main", "b.txt", "b\n");
        fetch();
        assertThat(git(cache, "tag").lines()).containsExactly("old");
        git(others, "tag", "light", first);
        git(others, "tag", "-a", "-m", "v1", "heavy", second.value());
        git(others, "tag", "-f", "old", second.value());
        git(others, "push", "-q", "-f", "origin", "light", "heavy", "old");
        String elsewhere = git(others, "commit-tree", "-m", "on no branch", first + "^{tree}");
        git(others, "push", "-q", "origin", elsewhere + ":refs/tags/elsewhere");
        fetch();
        assertThat(git(cache, "tag").lines()).containsExactly("heavy", "light", "old");
        assertThat(git(cache, "cat-file", "-t", "heavy")).isEqualTo("tag");
        assertThat(git(cache, "rev-parse", "heavy^{commit}", "light", "old").lines())
                .containsExactly(second.value(), first, first);
        Worktree worktree = add("w", WORK);
        assertThat(it().in(worktree).merge(Revision.of("light"), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.UpToDate.class);
        gitAgrees();
    }
}
