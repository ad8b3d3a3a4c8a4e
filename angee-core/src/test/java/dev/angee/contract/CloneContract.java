package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CloneFiles;
import dev.angee.source.CommitId;
import dev.angee.source.FetchOptions;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.RemovalFinding;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link dev.angee.source.WorktreeClone} promises. The agent's part is played by real git, which has the clone alone. */
public abstract class CloneContract extends SourceControlFixture {
    private Worktree worktree;

    @BeforeEach
    final void makeAWorktree() {
        fetch();
        worktree = add("w", WORK);
    }

    private CloneFiles offer() {
        return it().in(worktree).ownClone().offer();
    }

    private MergeOutcome take() {
        return it().in(worktree).ownClone().take();
    }

    /** Git as it runs in the container. */
    private String agent(String... arguments) throws IOException, InterruptedException {
        Path clone = folder.resolve("caches/.app.git.clones/w/git");
        List<String> words = new ArrayList<>(List.of("--git-dir=" + clone, "--work-tree=" + worktree.path()));
        words.addAll(List.of(arguments));
        return git(worktree.path(), words.toArray(new String[0]));
    }

    private CommitId agentCommits(String file, String text) throws IOException, InterruptedException {
        write(worktree.path().resolve(file), text);
        agent("add", "-A");
        agent("commit", "-q", "-m", "change " + file);
        return new CommitId(agent("rev-parse", "HEAD"));
    }

    private void assertInStep() throws IOException, InterruptedException {
        assertThat(agent("status", "--porcelain")).isEmpty();
        assertThat(git(worktree.path(), "status", "--porcelain")).isEmpty();
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        assertThat(it().in(worktree).changes()).isEmpty();
        assertThat(git(worktree.path(), "rev-parse", "HEAD")).isEqualTo(agent("rev-parse", "HEAD"));
        assertThat(agent("fsck", "--full")).doesNotContain("missing", "error");
    }

    @Test
    void a_new_clone_is_where_the_worktree_is_and_borrows_what_the_cache_has() throws Exception {
        write(worktree.path().resolve("a.txt"), "changed\n");
        CloneFiles files = offer();
        assertThat(files.objects()).isEqualTo(cache.resolve("objects"));
        assertThat(files.pointer()).hasContent("gitdir: " + files.repository());
        assertThat(agent("symbolic-ref", "HEAD")).isEqualTo(WORK.fullName());
        assertThat(agent("status", "--porcelain")).isEqualTo(" M a.txt");
        assertThat(agent("rev-parse", "origin/main", "origin/HEAD"))
                .contains(there("main").value());
        assertThat(agent("remote", "get-url", "origin")).isEqualTo(origin.toString());
        assertThat(agent("count-objects")).startsWith("0 objects");
        assertThat(agent("fsck", "--full")).doesNotContain("missing", "error");
    }

    @Test
    void what_was_committed_there_comes_to_the_worktrees_branch_and_leaves_nothing_to_commit() throws Exception {
        offer();
        write(worktree.path().resolve("d/e.txt"), "e\n");
        agentCommits("b.txt", "b\n");
        Files.delete(worktree.path().resolve("d/e.txt"));
        Files.delete(worktree.path().resolve("d"));
        Files.createSymbolicLink(worktree.path().resolve("link"), Path.of("a.txt"));
        write(worktree.path().resolve("empty"), "");
        CommitId last = agentCommits("d", "a file where a folder was\n");
        assertThat(it().in(worktree).status(MAIN).changed()).isNotEmpty();
        assertThat(take()).isEqualTo(new MergeOutcome.FastForward(last));
        assertInStep();
        assertThat(it().in(worktree).status(MAIN).ahead()).isEqualTo(2);
        assertThat(take()).isEqualTo(new MergeOutcome.UpToDate(last));
        gitAgrees();
    }

    @Test
    void what_was_packed_there_comes_as_well() throws Exception {
        offer();
        for (int i = 0; i < 5; i++) {
            agentCommits("b.txt", "line\n".repeat(100 * i) + i + "\n");
        }
        agent("gc", "-q", "--prune=now");
        CommitId last = agentCommits("c.txt", "c\n");
        assertThat(take()).isEqualTo(new MergeOutcome.FastForward(last));
        assertInStep();
        gitAgrees();
    }

    @Test
    void what_the_host_fetched_and_merged_comes_to_the_clone() throws Exception {
        offer();
        othersCommit("main", "theirs.txt", "theirs\n");
        othersCommit("topic", "t.txt", "t\n");
        fetch();
        offer();
        assertThat(agent("rev-parse", "origin/main", "origin/topic"))
                .contains(there("main").value(), there("topic").value());
        it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN));
        offer();
        assertInStep();
        agentCommits("mine.txt", "mine\n");
        agent("push", "-q", "origin", "HEAD:refs/heads/topic", "--force");
        agent("fetch", "-q", "origin");
        othersCommit("main", "more.txt", "more\n");
        git(others, "push", "-q", "origin", ":topic");
        fetch();
        offer();
        assertThat(agent("for-each-ref", "refs/remotes")).doesNotContain("topic");
        agent("merge", "-q", "--no-edit", "origin/main");
        take();
        assertInStep();
        assertThat(worktree.path().resolve("more.txt")).exists();
        gitAgrees();
    }

    @Test
    void an_offer_leaves_what_the_agent_has_begun() throws Exception {
        offer();
        CommitId own = agentCommits("mine.txt", "mine\n");
        agent("branch", "other");
        agent("pack-refs", "--all");
        offer();
        assertThat(agent("rev-parse", "HEAD", "other")).isEqualTo(own + "\n" + own);
        assertThat(agent("status", "--porcelain")).isEmpty();
    }

    @Test
    void what_has_parted_is_not_taken() throws Exception {
        offer();
        agentCommits("mine.txt", "mine\n");
        CommitId host = it().in(worktree).commit("the host's", ANN).orElseThrow();
        assertCode(ErrorCode.CONFLICT, this::take, "continuation");
        assertThat(git(worktree.path(), "rev-parse", "HEAD")).isEqualTo(host.value());
        agent("checkout", "-q", "-b", "elsewhere");
        assertCode(ErrorCode.CONFLICT, this::take, "another branch");
        it().in(worktree).ownClone().discard();
        assertCode(ErrorCode.NOT_FOUND, this::take, "clone");
        offer();
        assertInStep();
    }

    @Test
    void what_somebody_staged_stays_staged() throws Exception {
        offer();
        agentCommits("mine.txt", "mine\n");
        Path aside = write(worktree.path().resolve("staged.txt"), "staged\n");
        Path mine = write(worktree.path().resolve("mine.txt"), "the host's\n");
        git(worktree.path(), "add", "staged.txt", "mine.txt");
        Files.delete(aside);
        write(mine, "mine\n");
        take();
        assertThat(git(worktree.path(), "status", "--porcelain")).isEqualTo("MM mine.txt\nAD staged.txt");
    }

    @Test
    void a_worktree_in_which_something_is_unfinished_neither_gives_nor_takes() throws Exception {
        offer();
        agentCommits("a.txt", "mine\n");
        take();
        othersCommit("main", "a.txt", "theirs\n");
        fetch();
        it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts());
        assertCode(ErrorCode.CONFLICT, this::offer, "unfinished");
        assertCode(ErrorCode.CONFLICT, this::take, "unfinished");
    }

    @Test
    void what_was_not_taken_keeps_the_worktree_from_being_removed() throws Exception {
        CloneFiles files = offer();
        agentCommits("mine.txt", "mine\n");
        agent("checkout", "-q", "-b", "hidden");
        agentCommits("hidden.txt", "hidden\n");
        agent("checkout", "-q", WORK.value());
        take();
        git(worktree.path(), "push", "-q", "origin", WORK.value());
        fetch();
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.UNLANDED, RemovalFinding.UNTAKEN);
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().removeWorktree(
                                worktree, RemoveOptions.losingNothing(MAIN).accepting(RemovalFinding.UNLANDED)),
                "untaken: its clone has commits");
        agent("branch", "-q", "-D", "hidden");
        assertThat(it().in(worktree).findings(MAIN)).containsOnlyKeys(RemovalFinding.UNLANDED);
        write(worktree.path().resolve("a.txt"), "aside\n");
        agent("stash", "-q");
        assertThat(it().in(worktree).findings(MAIN)).containsKey(RemovalFinding.UNTAKEN);
        it().removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(files.repository().getParent()).doesNotExist();
        assertThat(worktree.path()).doesNotExist();
    }

    @Test
    void the_clone_of_a_record_that_is_gone_is_nobody_elses() throws Exception {
        CloneFiles files = offer();
        agentCommits("mine.txt", "mine\n");
        git(cache, "worktree", "remove", "--force", worktree.path().toString());
        Worktree again = add("w", BranchName.of("workspace/again"));
        assertThat(it().in(again).files().record()).hasFileName("w1");
        assertThat(it().in(again).ownClone().offer().repository()).isNotEqualTo(files.repository());
        assertThat(files.repository()).exists();
    }

    @Test
    void a_clone_of_a_shallow_cache_ends_where_the_cache_does() throws Exception {
        othersCommit("main", "b.txt", "b\n");
        Path deep = cache;
        cache = deep.resolveSibling("shallow.git");
        it().fetch(url(), cache, FetchOptions.defaults().newest(1));
        Worktree flat = add("f", WORK);
        CloneFiles files = it().in(flat).ownClone().offer();
        String gitDir = "--git-dir=" + files.repository();
        assertThat(git(flat.path(), gitDir, "log", "--format=%s")).doesNotContain("\n");
        write(flat.path().resolve("n.txt"), "n\n");
        git(flat.path(), gitDir, "--work-tree=" + flat.path(), "add", "-A");
        git(flat.path(), gitDir, "--work-tree=" + flat.path(), "commit", "-q", "-m", "n");
        assertThat(it().in(flat).ownClone().take()).isInstanceOf(MergeOutcome.FastForward.class);
        assertThat(it().in(flat).status(MAIN).changed()).isEmpty();
    }

    private String inClone(Worktree flat, CloneFiles files, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("--git-dir=" + files.repository(), "--work-tree=" + flat.path()));
        words.addAll(List.of(arguments));
        return git(flat.path(), words.toArray(new String[0]));
    }

    @Test
    void a_clone_goes_back_as_far_as_the_cache_does_and_keeps_the_ends_of_what_was_fetched_there() throws Exception {
        othersCommit("main", "b.txt", "b\n");
        othersCommit("main", "c.txt", "c\n");
        cache = cache.resolveSibling("shallow.git");
        FetchOptions newest = FetchOptions.defaults().newest(1);
        it().fetch(url(), cache, newest);
        Worktree flat = add("f", WORK);
        CloneFiles files = it().in(flat).ownClone().offer();
        git(others, "checkout", "-q", "-b", "topic");
        write(others.resolve("t.txt"), "t\n");
        git(others, "add", "-A");
        git(others, "commit", "-q", "-m", "t");
        othersCommit("topic", "t.txt", "tt\n");
        inClone(flat, files, "fetch", "-q", "--depth=1", "file://" + origin, "topic");
        inClone(flat, files, "branch", "theirs", "FETCH_HEAD");
        it().in(flat).ownClone().offer();
        assertThat(inClone(flat, files, "log", "--format=%s", "theirs")).isEqualTo("change t.txt");
        assertThat(inClone(flat, files, "fsck", "--full")).doesNotContain("missing", "error");
        it().fetch(url(), cache, FetchOptions.defaults().newest(100));
        it().in(flat).ownClone().offer();
        assertThat(inClone(flat, files, "log", "--format=%s", "origin/main").lines())
                .hasSize(3);
        assertThat(inClone(flat, files, "log", "--format=%s", "theirs")).isEqualTo("change t.txt");
        assertThat(inClone(flat, files, "fsck", "--full")).doesNotContain("missing", "error");
        inClone(flat, files, "branch", "-q", "-D", "theirs");
        it().in(flat).ownClone().offer();
        assertThat(inClone(flat, files, "log", "--format=%s", WORK.value()).lines())
                .hasSize(3);
    }

    @Test
    void a_clone_is_that_of_its_worktree_by_whatever_path_and_after_a_move() throws Exception {
        offer();
        agentCommits("n.txt", "n\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        Worktree linked = new Worktree(cache, link.resolve("w"));
        assertThat(it().in(linked).ownClone().take()).isInstanceOf(MergeOutcome.FastForward.class);
        it().in(linked).ownClone().offer();
        agentCommits("m.txt", "m\n");
        Path moved = folder.resolve("moved");
        git(cache, "worktree", "move", worktree.path().toString(), moved.toString());
        worktree = new Worktree(cache, moved);
        assertThat(take()).isInstanceOf(MergeOutcome.FastForward.class);
        offer();
        assertInStep();
        Path again = folder.resolve("again");
        git(cache, "worktree", "move", moved.toString(), again.toString());
        worktree = new Worktree(cache, again);
        CloneFiles files = offer();
        it().in(worktree).ownClone().discard();
        assertThat(files.repository()).doesNotExist();
    }

    @Test
    void the_clone_of_a_worktree_that_git_has_put_in_anothers_place_is_not_its_own() throws Exception {
        CloneFiles files = offer();
        agentCommits("n.txt", "n\n");
        git(cache, "worktree", "remove", "--force", worktree.path().toString());
        Path other = folder.resolve("elsewhere").resolve("w");
        git(cache, "worktree", "add", "-q", "-b", "elsewhere", other.toString(), "origin/main");
        worktree = new Worktree(cache, other);
        assertThat(it().in(worktree).files().record()).hasFileName("w");
        assertCode(ErrorCode.CONFLICT, this::take, "another worktree");
        assertCode(ErrorCode.CONFLICT, this::offer, "another worktree");
        assertThat(files.repository()).exists();
    }

    @Test
    void git_in_a_clone_goes_by_the_caches_rules_for_files() throws Exception {
        git(cache, "config", "core.autocrlf", "true");
        git(cache, "config", "core.filemode", "false");
        write(cache.resolve("info/exclude"), ("# " + "x".repeat(1000) + "\n").repeat(1100) + "*.log\n");
        worktree = add("crlf", BranchName.of("workspace/crlf"));
        assertThat(Files.readString(worktree.path().resolve("a.txt"))).contains("\r\n");
        CloneFiles files = offer();
        write(worktree.path().resolve("x.log"), "x\n");
        assertThat(worktree.path().resolve("a.txt").toFile().setExecutable(true))
                .isTrue();
        inClone(worktree, files, "add", "-A", "--renormalize", ".");
        assertThat(inClone(worktree, files, "status", "--porcelain")).isEmpty();
    }
}
