package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.pipe;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.source.BranchName;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever works in a worktree may be able to write what is noted there about a rebase that stands at a conflict. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HostileRebaseIT {
    @TempDir
    Path folder;

    private final SourceControl git = new JGitSourceControl();
    private Remote remote;
    private Worktree worktree;
    private Path record;

    @BeforeEach
    void stopAtAConflict() throws Exception {
        remote = Remote.in(folder);
        remote.fetch(git);
        worktree = remote.add(git, "w", WORK);
        write(worktree.path().resolve("a.txt"), "mine\n");
        git.in(worktree).commit("mine", ANN);
        write(worktree.path().resolve("last.txt"), "last\n");
        git.in(worktree).commit("last", ANN);
        write(remote.others().resolve("a.txt"), "theirs\n");
        remote.commitAll();
        remote.fetch(git);
        assertThat(git.in(worktree)
                        .rebase(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()))
                .isInstanceOf(MergeOutcome.Conflicted.class);
        write(worktree.path().resolve("a.txt"), "both\n");
        record = remote.recordOf(worktree);
    }

    @Test
    void a_link_in_the_place_of_its_folder_leads_nowhere() throws Exception {
        Path elsewhere =
                Files.move(record.resolve("rebase-merge"), remote.folder().resolve("elsewhere"));
        Files.createSymbolicLink(record.resolve("rebase-merge"), elsewhere);
        String before = Files.readString(elsewhere.resolve("git-rebase-todo"));
        assertRefused();
        assertThat(elsewhere.resolve("git-rebase-todo")).hasContent(before);
    }

    @Test
    void pipes_hold_nobody_up() throws Exception {
        for (String file : List.of("head-name", "orig-head", "onto", "done", "git-rebase-todo")) {
            Path place = record.resolve("rebase-merge").resolve(file);
            String before = Files.readString(place);
            Files.delete(place);
            pipe(place);
            assertThatThrownBy(() -> git.in(worktree).resume(ANN)).as(file).isInstanceOf(AngeeException.class);
            Files.delete(place);
            Files.writeString(place, before);
        }
        assertThat(git.in(worktree).resume(ANN)).isInstanceOf(MergeOutcome.Rebased.class);
    }

    @Test
    void only_picks_of_commits_are_taken() throws Exception {
        Path todo = record.resolve("rebase-merge/git-rebase-todo");
        String before = Files.readString(todo);
        Path canary = remote.folder().resolve("canary");
        String pick = "pick " + "0".repeat(39) + "1 no such commit";
        for (String line : List.of("exec touch " + canary, "pick HEAD x", "merge main", "label x", "squash", pick)) {
            Files.writeString(todo, before + line + "\n");
            assertThatThrownBy(() -> git.in(worktree).resume(ANN)).as(line).isInstanceOf(AngeeException.class);
        }
        assertThat(canary).doesNotExist();
        Files.writeString(todo, before);
        assertThat(git.in(worktree).resume(ANN)).isInstanceOf(MergeOutcome.Rebased.class);
    }

    @Test
    void the_branch_of_another_worktree_is_not_moved_by_it() throws Exception {
        Worktree other = remote.add(git, "other", BranchName.of("other"));
        String head = git(other.path(), "rev-parse", "HEAD");
        Files.writeString(record.resolve("rebase-merge/head-name"), "refs/heads/other\n");
        Files.writeString(record.resolve("rebase-merge/orig-head"), head + "\n");
        assertRefused();
        assertThat(git(other.path(), "rev-parse", "refs/heads/other")).isEqualTo(head);
        Files.writeString(record.resolve("rebase-merge/head-name"), "refs/heads/../../config\n");
        assertRefused();
    }

    private void assertRefused() {
        assertThatThrownBy(() -> git.in(worktree).resume(ANN)).isInstanceOf(AngeeException.class);
        assertThatThrownBy(() -> git.in(worktree).abort()).isInstanceOf(AngeeException.class);
    }
}
