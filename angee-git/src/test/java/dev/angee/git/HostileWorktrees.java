package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.gitReading;
import static dev.angee.git.RealGit.pipe;
import static dev.angee.git.RealGit.script;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FolderRemoval;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchProgress;
import dev.angee.source.MergeOptions;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent that owns its worktree, and can write to the cache, plants there; the canary never sings. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class HostileWorktrees {
    protected final SourceControl it = open();

    /** The engine that is attacked. */
    protected abstract SourceControl open();

    @TempDir
    Path folder;

    protected Remote remote;
    protected Worktree worktree;
    protected Path canary;
    protected Path evil;

    @BeforeEach
    void makeAWorktreeAndAnEvilRepository() throws Exception {
        remote = Remote.in(folder);
        remote.fetch(it);
        worktree = remote.add(it, "w", WORK);
        canary = remote.folder().resolve("canary");
        evil = remote.folder().resolve("evil");
        git(folder, "init", "-q", "-b", WORK.value(), evil.toString());
        plantIn(evil.resolve(".git"));
    }

    @AfterEach
    void nothingWasRun() {
        assertThat(canary).doesNotExist();
    }

    protected final void plantIn(Path gitFolder) throws Exception {
        Path program = script(remote.folder().resolve("program"), canary);
        for (String key : new String[] {
            "core.fsmonitor", "core.sshCommand", "core.editor", "core.pager", "core.askPass", "credential.helper",
            "diff.external", "diff.x.textconv", "diff.x.command", "merge.x.driver", "gpg.program",
                    "uploadpack.packObjectsHook",
            "remote.origin.uploadpack", "remote.origin.receivepack", "sequence.editor"
        }) {
            git(gitFolder, "config", "--file", gitFolder.resolve("config").toString(), key, program.toString());
        }
        git(gitFolder, "config", "--file", gitFolder.resolve("config").toString(), "commit.gpgSign", "true");
        git(
                gitFolder,
                "config",
                "--file",
                gitFolder.resolve("config").toString(),
                "core.hooksPath",
                gitFolder.resolve("hooks").toString());
        for (String hook : new String[] {
            "pre-commit",
            "commit-msg",
            "post-commit",
            "pre-push",
            "post-checkout",
            "post-merge",
            "prepare-commit-msg",
            "reference-transaction",
            "post-index-change",
            "pre-merge-commit",
            "fsmonitor-watchman",
            "pre-auto-gc",
            "pre-receive",
            "update",
            "post-receive",
            "post-update",
            "proc-receive",
            "push-to-checkout"
        }) {
            script(gitFolder.resolve("hooks").resolve(hook), canary);
        }
    }

    protected final void plantFilters(Path config, String what) throws Exception {
        Path program = script(remote.folder().resolve("program"), canary);
        git(folder, "config", "--file", config.toString(), "filter.x." + what, program.toString());
        git(folder, "config", "--file", config.toString(), "filter.x.required", "true");
        write(worktree.path().resolve(".gitattributes"), "* filter=x diff=x merge=x\n");
    }

    /** Everything there is to do with a worktree, on the true repository. */
    protected final void wholeCircle() throws Exception {
        write(worktree.path().resolve("n.txt"), "n\n");
        assertThat(it.in(worktree).status(MAIN).changed()).contains("n.txt");
        CommitId commit = it.in(worktree).commit("n", ANN).orElseThrow();
        assertThat(git(remote.cache(), "rev-parse", WORK.fullName())).isEqualTo(commit.value());
        write(remote.others().resolve("b.txt"), "b\n");
        remote.commitAll();
        remote.fetch(it);
        assertThat(it.in(worktree)
                        .merge(Revision.of(MAIN), MergeOptions.by(ANN))
                        .succeeded())
                .isTrue();
        assertThat(worktree.path().resolve("b.txt")).hasContent("b");
        assertThat(it.push(remote.cache(), WORK, PushOptions.defaults()).succeeded())
                .isTrue();
        assertThat(it.land(remote.cache(), WORK, MAIN, ANN, Credentials.none()).succeeded())
                .isTrue();
        it.removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(worktree.path()).doesNotExist();
        assertThat(evil.resolve(".git/HEAD")).exists();
        it.deleteBranch(remote.cache(), WORK);
    }

    @Test
    void a_git_file_that_leads_elsewhere_is_not_followed() throws Exception {
        plantFilters(evil.resolve(".git/config"), "clean");
        write(worktree.path().resolve(".git"), "gitdir: " + evil.resolve(".git") + "\n");
        wholeCircle();
    }

    @Test
    void a_git_folder_in_the_git_files_place_is_not_looked_at() throws Exception {
        plantFilters(evil.resolve(".git/config"), "clean");
        Files.delete(worktree.path().resolve(".git"));
        git(
                folder,
                "clone",
                "-q",
                remote.origin().toString(),
                worktree.path().resolve("nested").toString());
        Files.move(worktree.path().resolve("nested/.git"), worktree.path().resolve(".git"));
        FolderRemoval.of(worktree.path().resolve("nested"));
        plantIn(worktree.path().resolve(".git"));
        wholeCircle();
    }

    @Test
    void a_git_file_that_is_a_link_or_missing_is_not_missed() throws Exception {
        Files.delete(worktree.path().resolve(".git"));
        assertThat(it.in(worktree).status(MAIN).changed()).isEmpty();
        Files.createSymbolicLink(worktree.path().resolve(".git"), evil.resolve(".git"));
        wholeCircle();
    }

    @Test
    void hooks_and_commands_in_the_cache_itself_are_not_run() throws Exception {
        plantIn(remote.cache());
        wholeCircle();
    }

    @ParameterizedTest
    @ValueSource(strings = {"clean", "smudge", "process"})
    void a_filter_in_the_cache_itself_is_not_run(String kind) throws Exception {
        plantFilters(remote.cache().resolve("config"), kind);
        write(worktree.path().resolve("n.txt"), "n\n");
        attempt(() -> it.in(worktree).status(MAIN));
        attempt(() -> it.in(worktree).commit("n", ANN));
        write(remote.others().resolve(".gitattributes"), "* filter=x\n");
        write(remote.others().resolve("b.txt"), "b\n");
        remote.commitAll();
        remote.fetch(it);
        attempt(() -> it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)));
        attempt(() -> remote.add(it, "second", BranchName.of("second")));
        it.removeWorktree(worktree, RemoveOptions.whatever());
    }

    @Test
    void a_clean_filter_in_the_cache_itself_is_refused_by_name() throws Exception {
        plantFilters(remote.cache().resolve("config"), "clean");
        write(worktree.path().resolve("n.txt"), "n\n");
        assertThatThrownBy(() -> it.in(worktree).commit("n", ANN))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("program");
    }

    @Test
    void a_rewritten_commondir_leads_nowhere() throws Exception {
        plantFilters(evil.resolve(".git/config"), "clean");
        write(remote.recordOf(worktree).resolve("commondir"), evil.resolve(".git") + "\n");
        wholeCircle();
    }

    @Test
    void a_record_that_claims_another_worktree_is_refused() throws Exception {
        Worktree victim = remote.add(it, "victim", BranchName.of("victim"));
        write(remote.recordOf(worktree).resolve("gitdir"), victim.path().resolve(".git") + "\n");
        write(victim.path().resolve("n.txt"), "n\n");
        assertCode(ErrorCode.CONFLICT, () -> it.in(victim).commit("n", ANN));
        assertCode(ErrorCode.CONFLICT, () -> it.in(victim).status(MAIN));
        assertCode(ErrorCode.NOT_FOUND, () -> it.in(worktree).status(MAIN));
    }

    @Test
    void a_worktrees_folder_that_became_a_link_is_not_followed_and_only_the_link_is_removed() throws Exception {
        Path secret = write(remote.folder().resolve("home/secret.txt"), "secret\n");
        Files.move(worktree.path(), remote.folder().resolve("aside"));
        Files.createSymbolicLink(worktree.path(), secret.getParent());
        assertCode(ErrorCode.NOT_FOUND, () -> it.in(worktree).status(MAIN));
        assertCode(ErrorCode.NOT_FOUND, () -> it.in(worktree).commit("n", ANN));
        it.removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(Files.exists(worktree.path(), LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(secret).hasContent("secret");
    }

    @Test
    void a_merge_writes_through_no_link_that_git_ignores() throws Exception {
        write(remote.others().resolve(".gitignore"), "build\n");
        remote.commitAll();
        remote.fetch(it);
        it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN));
        Path home = write(remote.folder().resolve("home/x"), "mine\n").getParent();
        Files.createSymbolicLink(worktree.path().resolve("build"), home);
        Files.delete(remote.others().resolve(".gitignore"));
        write(remote.others().resolve("build/x"), "theirs\n");
        write(remote.others().resolve("build/y"), "theirs\n");
        remote.commitAll();
        remote.fetch(it);
        attempt(() -> it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)));
        assertThat(home.resolve("x")).hasContent("mine");
        assertThat(home.resolve("y")).doesNotExist();
    }

    @Test
    void links_that_lead_out_are_committed_as_links() throws Exception {
        Path secret = write(remote.folder().resolve("home/secret.txt"), "secret\n");
        Files.createSymbolicLink(worktree.path().resolve("file"), secret);
        Files.createSymbolicLink(worktree.path().resolve("folder"), secret.getParent());
        Files.createSymbolicLink(worktree.path().resolve(".gitignore"), secret);
        Files.createSymbolicLink(worktree.path().resolve(".gitattributes"), secret);
        it.in(worktree).commit("links", ANN);
        assertThat(git(worktree.path(), "ls-tree", "-r", "--format=%(objectmode) %(path)", "HEAD")
                        .lines())
                .containsExactly(
                        "120000 .gitattributes", "120000 .gitignore", "100644 a.txt", "120000 file", "120000 folder");
        assertThat(git(worktree.path(), "cat-file", "-p", "HEAD:folder"))
                .isEqualTo(secret.getParent().toString());
    }

    @Test
    void pipes_in_the_worktree_are_not_waited_for() throws Exception {
        pipe(worktree.path().resolve(".gitignore"));
        pipe(worktree.path().resolve(".gitattributes"));
        pipe(worktree.path().resolve("pipe"));
        Files.delete(worktree.path().resolve("a.txt"));
        pipe(worktree.path().resolve("a.txt"));
        write(worktree.path().resolve("n.txt"), "n\n");
        assertThat(it.in(worktree).status(MAIN).changed()).containsExactly("a.txt", "n.txt");
        it.in(worktree).commit("n", ANN);
        assertThat(git(worktree.path(), "ls-tree", "-r", "--name-only", "HEAD")).isEqualTo("n.txt");
        it.removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(worktree.path()).doesNotExist();
    }

    @Test
    void folders_that_go_down_and_down_are_told_and_removed() throws Exception {
        Files.createDirectories(worktree.path().resolve("d/".repeat(490)));
        write(worktree.path().resolve("d/".repeat(400) + "n.txt"), "n\n");
        assertThat(it.in(worktree).status(MAIN).changed()).hasSize(1);
        Files.createDirectories(worktree.path().resolve("d/".repeat(600)));
        assertThatThrownBy(() -> it.in(worktree).status(MAIN))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("500");
        it.removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(worktree.path()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "index", "MERGE_HEAD", "gitdir", "locked"})
    void pipes_in_the_caches_record_are_not_waited_for_and_harm_nobody_else(String name) throws Exception {
        Worktree other = remote.add(it, "other", BranchName.of("other"));
        Path file = remote.recordOf(worktree).resolve(name);
        Files.deleteIfExists(file);
        pipe(file);
        assertThatThrownBy(() -> it.in(worktree).status(MAIN)).isInstanceOf(AngeeException.class);
        assertThatThrownBy(() -> it.in(worktree).commit("n", ANN)).isInstanceOf(AngeeException.class);
        assertThat(it.in(other).status(MAIN).changed()).isEmpty();
        assertThat(it.worktrees(remote.cache())).isNotEmpty();
        it.removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(worktree.path()).doesNotExist();
    }

    @Test
    void pipes_in_place_of_our_locks_are_not_waited_for() throws Exception {
        Path lock = remote.cache().resolve("angee.lock");
        Files.deleteIfExists(lock);
        pipe(lock);
        assertCode(ErrorCode.CONFLICT, () -> it.deleteBranch(remote.cache(), BranchName.of("other")));
    }

    @Test
    void a_repository_inside_the_worktree_is_a_folder_like_others_and_not_opened() throws Exception {
        Path nested = worktree.path().resolve("nested");
        git(folder, "init", "-q", nested.toString());
        plantIn(nested.resolve(".git"));
        write(nested.resolve("n.txt"), "n\n");
        Files.delete(nested.resolve(".git/HEAD"));
        pipe(nested.resolve(".git/HEAD"));
        write(worktree.path().resolve("file/.git"), "gitdir: " + evil.resolve(".git") + "\n");
        write(worktree.path().resolve("file/m.txt"), "m\n");
        assertThat(it.in(worktree).status(MAIN).changed()).containsExactly("file/m.txt", "nested/n.txt");
        it.in(worktree).commit("n", ANN);
        assertThat(git(remote.cache(), "ls-tree", "-r", "--format=%(objectmode) %(path)", WORK.fullName())
                        .lines())
                .containsExactly("100644 a.txt", "100644 file/m.txt", "100644 nested/n.txt");
        assertThat(it.in(worktree).status(MAIN).changed()).isEmpty();
    }

    @Test
    void a_remote_changed_in_the_caches_configuration_is_refused() throws Exception {
        git(remote.cache(), "config", "remote.origin.url", "ext::sh -c touch% " + canary);
        assertCode(ErrorCode.INVALID, () -> it.push(remote.cache(), WORK, PushOptions.defaults()));
        assertCode(ErrorCode.CONFLICT, () -> remote.fetch(it));
        git(remote.cache(), "config", "remote.origin.url", remote.origin().toString());
        git(
                remote.cache(),
                "config",
                "url.ext::sh -c touch% " + canary + "% .insteadOf",
                remote.origin().toString());
        remote.fetch(it);
    }

    @ParameterizedTest
    @ValueSource(strings = {".git", ".GIT", ".git ", "git~1", "..", "."})
    void a_tree_with_a_name_that_would_leave_the_worktree_or_reach_git_is_refused(String name) throws Exception {
        String blob = git(remote.others(), "rev-parse", "HEAD:a.txt");
        String hooks = tree("100755", "post-checkout", blob);
        String top = tree("40000", name, hooks);
        String commit = git(remote.others(), "commit-tree", top, "-m", "evil");
        git(remote.others(), "push", "-q", "origin", commit + ":refs/heads/evil");
        attempt(() -> remote.fetch(it));
        Worktree second = new Worktree(remote.cache(), remote.folder().resolve("in/second"));
        Files.createDirectories(second.path().getParent());
        attempt(() -> it.addWorktree(second, BranchName.of("second"), BranchName.of("evil"), FetchProgress.none()));
        assertThat(remote.folder().resolve("in/post-checkout")).doesNotExist();
        assertThat(remote.folder().resolve("in/second/.git/post-checkout")).doesNotExist();
        assertThat(remote.folder().resolve("in/second/post-checkout")).doesNotExist();
    }

    private String tree(String mode, String name, String id) throws Exception {
        ByteArrayOutputStream tree = new ByteArrayOutputStream();
        tree.write((mode + " " + name + "\0").getBytes(StandardCharsets.UTF_8));
        tree.write(HexFormat.of().parseHex(id));
        return gitReading(
                remote.others(), tree.toByteArray(), "hash-object", "-t", "tree", "-w", "--literally", "--stdin");
    }

    @Test
    void submodules_are_left_alone_whatever_they_say() throws Exception {
        String commit = git(remote.others(), "rev-parse", "HEAD");
        write(
                remote.others().resolve(".gitmodules"),
                "[submodule \"s\"]\n\tpath = s\n\turl = ext::sh -c 'touch " + canary + "'\n\tupdate = !touch " + canary
                        + "\n");
        git(remote.others(), "update-index", "--add", "--cacheinfo", "160000," + commit + ",s");
        Files.createDirectories(remote.others().resolve("s"));
        git(remote.others(), "add", ".gitmodules");
        git(remote.others(), "commit", "-q", "-m", "submodule");
        git(remote.others(), "push", "-q", "origin", "main");
        remote.fetch(it);
        Worktree second = remote.add(it, "second", BranchName.of("second"));
        assertThat(it.in(second).status(MAIN).changed()).isEmpty();
        write(second.path().resolve("n.txt"), "n\n");
        it.in(second).commit("n", ANN);
        assertThat(git(second.path(), "ls-tree", "HEAD", "s")).contains(commit);
        git(second.path().resolve("s"), "init", "-q");
        plantIn(second.path().resolve("s/.git"));
        write(second.path().resolve("s/inside.txt"), "i\n");
        assertThat(it.in(second).status(MAIN).changed()).isEmpty();
        assertThat(it.in(second).commit("nothing", ANN)).isEmpty();
        write(remote.others().resolve("b.txt"), "b\n");
        git(remote.others(), "add", "b.txt");
        git(remote.others(), "commit", "-q", "-m", "b");
        git(remote.others(), "push", "-q", "origin", "main");
        remote.fetch(it);
        assertThat(it.in(second).merge(Revision.of(MAIN), MergeOptions.by(ANN)).succeeded())
                .isTrue();
        assertThat(git(second.path(), "ls-tree", "HEAD", "s")).contains(commit);
    }

    protected static void attempt(ThrowingCallable call) {
        try {
            call.call();
        } catch (AngeeException expected) {
            assertThat(expected.getMessage()).isNotBlank();
        } catch (Throwable other) {
            throw new AssertionError("not one of ours", other);
        }
    }

    protected static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
