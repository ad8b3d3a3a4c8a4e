package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.source.CommitId;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process leaves that dies over a clone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloneCutOffIT {
    @TempDir
    Path folder;

    private final SourceControl it = new JGitSourceControl();
    private Remote remote;
    private Worktree worktree;
    private Path clone;

    @BeforeEach
    void makeAClone() throws Exception {
        remote = Remote.in(folder);
        remote.fetch(it);
        worktree = remote.add(it, "w", WORK);
        clone = it.in(worktree).ownClone().offer().repository();
    }

    private String agent(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("--git-dir=" + clone, "--work-tree=" + worktree.path()));
        words.addAll(List.of(arguments));
        return git(worktree.path(), words.toArray(new String[0]));
    }

    /** No handler of ours runs, as when the process is killed. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    private void dieOverTheIndex(String commit, boolean moved) throws Exception {
        AdminFolder record = new Cache(remote.cache()).recordOf(worktree);
        try (OpenWorktree open = new OpenWorktree(worktree, record);
                RevWalk walk = new RevWalk(open.repository)) {
            RevCommit before = walk.parseCommit(open.head());
            RevCommit after = walk.parseCommit(ObjectId.fromString(commit));
            assertThatThrownBy(() -> new IndexForward(open).move(before, after, "test", () -> {
                        if (moved) {
                            open.moveHead(before, after, "test");
                        }
                        throw new Death();
                    }))
                    .isInstanceOf(Death.class);
        }
    }

    @Test
    void a_branch_that_moved_before_a_death_has_its_index_with_it_afterwards() throws Exception {
        write(worktree.path().resolve("n.txt"), "n\n");
        agent("add", "-A");
        agent("commit", "-q", "-m", "n");
        String commit = agent("rev-parse", "HEAD");
        git(remote.cache(), "fetch", "-q", clone.toString(), WORK.fullName()); // The objects are brought first.
        dieOverTheIndex(commit, false);
        dieOverTheIndexAgain(commit);
        assertThat(it.in(worktree).ownClone().take()).isEqualTo(new MergeOutcome.UpToDate(new CommitId(commit)));
        assertThat(git(worktree.path(), "status", "--porcelain")).isEmpty();
        assertThat(remote.recordOf(worktree).resolve("index.lock")).doesNotExist();
    }

    /** The first death counted for nothing: it is taken back. */
    private void dieOverTheIndexAgain(String commit) throws Exception {
        it.in(worktree).ownClone().offer();
        assertThat(git(remote.cache(), "rev-parse", WORK.fullName())).isNotEqualTo(commit);
        assertThat(git(worktree.path(), "status", "--porcelain")).isEqualTo("?? n.txt");
        dieOverTheIndex(commit, true);
    }

    @Test
    void locks_that_an_offer_left_when_it_was_killed_go_with_the_next_one() throws Exception {
        write(remote.others().resolve("a.txt"), "theirs\n");
        remote.commitAll();
        remote.fetch(it);
        it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(Remote.ANN));
        for (String name : List.of("packed-refs", "index", WORK.fullName())) {
            write(clone.resolve(name + ".lock"), CloneMaking.OURS);
            write(clone.resolve(name + ".angee"), "half");
        }
        it.in(worktree).ownClone().offer();
        assertThat(agent("status", "--porcelain")).isEmpty();
        assertThat(agent("rev-parse", "HEAD")).isEqualTo(git(worktree.path(), "rev-parse", "HEAD"));
        assertNoLockIn(clone);
    }

    @Test
    void an_index_that_did_not_get_to_follow_its_branch_before_a_death_follows_it_afterwards() throws Exception {
        byte[] index = Files.readAllBytes(clone.resolve("index"));
        write(remote.others().resolve("more.txt"), "theirs\n");
        remote.commitAll();
        remote.fetch(it);
        it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(Remote.ANN));
        it.in(worktree).ownClone().offer();
        Files.write(clone.resolve("index"), index);
        write(clone.resolve("index.lock"), CloneMaking.OURS);
        it.in(worktree).ownClone().offer();
        assertThat(agent("status", "--porcelain")).isEmpty();
        assertNoLockIn(clone);
    }

    private static void assertNoLockIn(Path clone) throws Exception {
        try (var files = Files.walk(clone)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".lock") || name.endsWith(".angee"));
        }
    }
}
