package dev.angee.git;

import static dev.angee.git.RealGit.assertSound;
import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.pipe;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.angee.ErrorCode;
import dev.angee.internal.FolderRemoval;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same attacks on the git program, and those that only a program could fall for. */
class GitHostileWorktreeIT extends HostileWorktrees {
    private static final MergeOptions KEEP = MergeOptions.by(ANN).keepingConflicts();

    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }

    /** A worktree whose commit is in conflict with the remote's main. */
    private CommitId diverge() throws Exception {
        write(worktree.path().resolve("a.txt"), "mine\n");
        CommitId mine = it.in(worktree).commit("mine", ANN).orElseThrow();
        write(remote.others().resolve("a.txt"), "theirs\n");
        remote.commitAll();
        remote.fetch(it);
        return mine;
    }

    @ParameterizedTest
    @ValueSource(strings = {"clean", "smudge", "process"})
    void nothing_in_the_caches_configuration_is_run_by_merges_rebases_and_previews(String kind) throws Exception {
        CommitId mine = diverge();
        plantIn(remote.cache());
        plantIn(remote.recordOf(worktree));
        Files.copy(
                remote.recordOf(worktree).resolve("config"),
                remote.recordOf(worktree).resolve("config.worktree"));
        write(remote.others().resolve(".gitattributes"), "* filter=x diff=x merge=x\n");
        remote.commitAll();
        remote.fetch(it);
        plantFilters(remote.cache().resolve("config"), kind);
        Files.delete(worktree.path().resolve(".gitattributes"));
        CommitId theirs = it.history(remote.cache()).remoteBranch(MAIN).orElseThrow();
        assertThat(it.history(remote.cache()).preview(mine, theirs).conflicts()).containsExactly("a.txt");
        attempt(() -> it.in(worktree).merge(Revision.of(MAIN), KEEP));
        attempt(() -> it.in(worktree).abort());
        attempt(() -> it.in(worktree).rebase(Revision.of(MAIN), KEEP));
        write(worktree.path().resolve("a.txt"), "both\n");
        attempt(() -> it.in(worktree).resume(ANN));
        attempt(() -> it.in(worktree).abort());
        attempt(() -> it.in(worktree).rewind(mine, theirs));
        attempt(() -> it.land(remote.cache(), WORK, MAIN, ANN, Credentials.none()));
        attempt(() -> remote.add(it, "second", BranchName.of("second")));
        assertThat(remote.folder().resolve("second/a.txt")).content().isIn("theirs\n", "both\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"core.worktree", "core.bare", "extensions.worktreeConfig", "include.path", "core.gitProxy"})
    void a_key_that_would_lead_git_elsewhere_does_not(String key) throws Exception {
        diverge();
        String value = key.equals("core.bare") || key.startsWith("extensions")
                ? "true"
                : evil.resolve(key.startsWith("include") ? ".git/config" : "").toString();
        git(remote.cache(), "config", "--file", remote.cache().resolve("config").toString(), key, value);
        attempt(() -> it.in(worktree).merge(Revision.of(MAIN), KEEP));
        attempt(() -> it.in(worktree).abort());
        assertThat(worktree.path().resolve("a.txt")).hasContent("mine");
        assertThat(evil.resolve("a.txt")).doesNotExist();
    }

    @Test
    void what_a_push_to_a_folder_would_run_there_is_not_run() throws Exception {
        write(worktree.path().resolve("n.txt"), "n\n");
        it.in(worktree).commit("n", ANN);
        Path bare = remote.folder().resolve("evil-bare.git");
        git(folder, "init", "-q", "--bare", bare.toString());
        plantIn(bare);
        git(remote.cache(), "config", "remote.origin.url", bare.toString());
        assertThat(it.push(remote.cache(), WORK, PushOptions.defaults()).succeeded())
                .isTrue();
        git(remote.cache(), "config", "remote.origin.url", "file://" + evil);
        attempt(() -> it.push(remote.cache(), BranchName.of("other"), PushOptions.defaults()));
    }

    @Test
    void an_index_that_is_a_link_is_not_written_through() throws Exception {
        diverge();
        Path index = remote.recordOf(worktree).resolve("index");
        Path home = write(remote.folder().resolve("home/.profile"), "mine\n");
        byte[] before = Files.readAllBytes(index);
        Path aside = Files.write(remote.folder().resolve("home/index"), before);
        Files.delete(index);
        Files.createSymbolicLink(index, aside);
        attempt(() -> it.in(worktree).merge(Revision.of(MAIN), KEEP));
        attempt(() -> it.in(worktree).abort());
        assertThat(aside).hasBinaryContent(before);
        Files.delete(index);
        Files.createSymbolicLink(index, home);
        attempt(() -> it.in(worktree).merge(Revision.of(MAIN), KEEP));
        assertThat(home).hasContent("mine");
        try (Stream<Path> beside = Files.list(home.getParent())) {
            assertThat(beside).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MERGE_MSG", "MERGE_HEAD", "MERGE_MODE", "ORIG_HEAD", "angee-merge", "REBASE_HEAD"})
    void state_files_that_became_links_are_replaced_or_refused_and_not_followed(String name) throws Exception {
        diverge();
        Path home = write(remote.folder().resolve("home/x"), "mine\n");
        Path link = remote.recordOf(worktree).resolve(name);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, home);
        attempt(() -> it.in(worktree).merge(Revision.of(MAIN), KEEP));
        attempt(() -> it.in(worktree).abort());
        attempt(() -> it.in(worktree).rebase(Revision.of(MAIN), KEEP));
        assertThat(home).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects/info/alternates", "objects/info/http-alternates"})
    void objects_from_elsewhere_are_refused(String name) throws Exception {
        diverge();
        write(remote.cache().resolve(name), evil.resolve(".git/objects") + "\n");
        assertCode(ErrorCode.INVALID, () -> it.in(worktree).merge(Revision.of(MAIN), KEEP));
        Files.delete(remote.cache().resolve(name));
        assertThat(it.in(worktree).merge(Revision.of(MAIN), KEEP)).isInstanceOf(MergeOutcome.Conflicted.class);
    }

    @Test
    void folders_of_objects_that_became_links_are_refused() throws Exception {
        diverge();
        Path pack = remote.cache().resolve("objects/aa");
        FolderRemoval.of(pack);
        Files.createSymbolicLink(pack, Files.createDirectories(remote.folder().resolve("home")));
        assertCode(ErrorCode.INVALID, () -> it.in(worktree).merge(Revision.of(MAIN), KEEP));
        try (Stream<Path> home = Files.list(remote.folder().resolve("home"))) {
            assertThat(home).isEmpty();
        }
    }

    @Test
    void a_rebase_whose_record_names_anothers_branch_does_not_move_that() throws Exception {
        diverge();
        Worktree victim = remote.add(it, "victim", BranchName.of("victim"));
        write(victim.path().resolve("v.txt"), "v\n");
        CommitId theirs = it.in(victim).commit("v", ANN).orElseThrow();
        it.in(worktree).rebase(Revision.of(MAIN), KEEP);
        Path state = remote.recordOf(worktree).resolve("rebase-merge");
        write(state.resolve("head-name"), "refs/heads/victim\n");
        write(state.resolve("orig-head"), theirs + "\n");
        write(worktree.path().resolve("a.txt"), "both\n");
        assertCode(ErrorCode.CONFLICT, () -> it.in(worktree).resume(ANN));
        assertCode(ErrorCode.CONFLICT, () -> it.in(worktree).abort());
        assertThat(git(remote.cache(), "rev-parse", "refs/heads/victim")).isEqualTo(theirs.value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec touch CANARY",
                "x touch CANARY",
                "label a",
                "update-ref refs/heads/main",
                "break",
                "merge -C 0 x",
                "reset x",
                "fixup -C 1111111111111111111111111111111111111111",
                "pick --exec=x",
                "pick HEAD"
            })
    void a_todo_list_with_anything_but_picks_is_somebody_elses(String line) throws Exception {
        diverge();
        it.in(worktree).rebase(Revision.of(MAIN), KEEP);
        Path todo = remote.recordOf(worktree).resolve("rebase-merge/git-rebase-todo");
        Files.writeString(todo, line.replace("CANARY", canary.toString()) + "\n");
        write(worktree.path().resolve("a.txt"), "both\n");
        assertCode(ErrorCode.CONFLICT, () -> it.in(worktree).resume(ANN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"strategy", "strategy_opts", "gpg_sign_opt", "exec", "update-refs", "autostash"})
    void a_rebase_with_settings_that_are_not_ours_is_somebody_elses(String name) throws Exception {
        diverge();
        it.in(worktree).rebase(Revision.of(MAIN), KEEP);
        write(remote.recordOf(worktree).resolve("rebase-merge").resolve(name), "-S touch\n");
        write(worktree.path().resolve("a.txt"), "both\n");
        assertCode(ErrorCode.CONFLICT, () -> it.in(worktree).resume(ANN));
    }

    @Test
    void pipes_where_git_looks_for_attributes_are_not_waited_for() throws Exception {
        diverge();
        pipe(worktree.path().resolve(".gitattributes"));
        assertCode(ErrorCode.CONFLICT, () -> it.in(worktree).merge(Revision.of(MAIN), KEEP));
        assertThat(worktree.path().resolve("a.txt")).hasContent("mine");
    }

    @Test
    void a_link_in_the_way_of_a_folder_is_not_written_through() throws Exception {
        write(remote.others().resolve("dir/x"), "theirs\n");
        remote.commitAll();
        remote.fetch(it);
        Path home = write(remote.folder().resolve("home/x"), "mine\n").getParent();
        Files.createSymbolicLink(worktree.path().resolve("dir"), home);
        attempt(() -> it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)));
        it.in(worktree).commit("a link", ANN);
        attempt(() -> it.in(worktree).merge(Revision.of(MAIN), KEEP));
        assertThat(home.resolve("x")).hasContent("mine");
        assertThat(Files.exists(home.resolve("y"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void many_files_are_looked_at_by_git_as_by_jgit_whatever_stands_among_them() throws Exception {
        for (int i = 0; i < GitStatus.MANY; i++) {
            write(worktree.path().resolve("d" + i % 50 + "/f" + i), i + "\n");
        }
        it.in(worktree).commit("many", ANN);
        plantIn(remote.cache());
        plantFilters(remote.cache().resolve("config"), "process");
        write(worktree.path().resolve(".git"), "gitdir: " + evil.resolve(".git") + "\n");
        SourceControl jgit = new JGitSourceControl();
        assertThat(it.in(worktree).status(MAIN).changed()).containsExactly(".gitattributes");
        Files.delete(worktree.path().resolve("d1/f1"));
        write(worktree.path().resolve("d2/f2"), "changed\n");
        write(worktree.path().resolve("new ü.txt"), "n\n");
        assertThat(it.in(worktree).status(MAIN).changed())
                .containsExactly(".gitattributes", "d1/f1", "d2/f2", "new ü.txt")
                .isEqualTo(jgit.in(worktree).status(MAIN).changed());
        git(
                folder,
                "clone",
                "-q",
                remote.origin().toString(),
                worktree.path().resolve("nested").toString());
        plantIn(worktree.path().resolve("nested/.git"));
        assertThat(it.in(worktree).status(MAIN).changed())
                .isEqualTo(List.of(".gitattributes", "d1/f1", "d2/f2", "nested/a.txt", "new ü.txt"));
        pipe(worktree.path().resolve("d3/.gitignore"));
        assertThat(it.in(worktree).status(MAIN).changed())
                .contains("nested/a.txt")
                .isEqualTo(jgit.in(worktree).status(MAIN).changed());
    }

    @Test
    void a_rebase_of_ours_that_somebodys_git_goes_on_with_ends_well() throws Exception {
        diverge();
        it.in(worktree).rebase(Revision.of(MAIN), KEEP);
        write(worktree.path().resolve("a.txt"), "both\n");
        git(worktree.path(), "add", "-A");
        git(worktree.path(), "-c", "core.editor=true", "rebase", "--continue");
        assertThat(git(worktree.path(), "status", "--porcelain", "-b")).startsWith("## " + WORK);
        assertThat(it.in(worktree).status(MAIN).ahead()).isEqualTo(1);
        assertSound(remote.cache());
    }

    @Test
    void a_pipe_that_git_waits_on_costs_its_patience_once() throws Exception {
        for (int i = 0; i < GitStatus.MANY; i++) {
            write(remote.others().resolve("n" + i), i + "\n");
        }
        remote.commitAll();
        remote.fetch(it);
        it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN));
        write(worktree.path().resolve("q/n.txt"), "n\n");
        pipe(worktree.path().resolve("q/.gitignore"));
        assertThat(it.in(worktree).status(MAIN).changed()).containsExactly("q/n.txt");
        assertTimeout(
                GitCommand.status().deadline(),
                () -> assertThat(it.in(worktree).status(MAIN).changed()).containsExactly("q/n.txt"));
    }
}
