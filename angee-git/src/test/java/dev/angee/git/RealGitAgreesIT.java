package dev.angee.git;

import static dev.angee.git.RealGit.assertSound;
import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.gitReading;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
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
import dev.angee.source.Worktree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where JGit and git could disagree, and git is right. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RealGitAgreesIT {
    private final SourceControl it = new JGitSourceControl();

    @TempDir
    Path folder;

    private Remote remote;

    @BeforeEach
    void makeTheRemote() throws Exception {
        remote = Remote.in(folder);
        remote.fetch(it);
    }

    @Test
    void a_prune_and_a_list_in_the_middle_of_a_checkout_find_a_locked_worktree_and_leave_it() throws Exception {
        Worktree worktree = new Worktree(remote.cache(), remote.folder().resolve("w"));
        AtomicBoolean asked = new AtomicBoolean();
        it.addWorktree(worktree, WORK, MAIN, (task, percent) -> {
            try {
                assertThat(git(remote.cache(), "worktree", "prune", "-v")).isEmpty();
                assertThat(git(remote.cache(), "worktree", "list", "--porcelain"))
                        .contains("worktree " + worktree.path(), "branch " + WORK.fullName(), "locked initializing");
                asked.set(true);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(asked).isTrue();
        assertThat(git(remote.cache(), "worktree", "list", "--porcelain")).doesNotContain("locked");
        assertThat(git(worktree.path(), "status", "--porcelain", "--branch")).isEqualTo("## " + WORK);
        assertSound(remote.cache());
    }

    @Test
    void the_cache_is_configured_so_that_neither_git_collects_what_a_worktree_still_needs() throws Exception {
        assertThat(git(remote.cache(), "config", "gc.auto")).isEqualTo("0");
        assertThat(git(remote.cache(), "config", "gc.autoPackLimit")).isEqualTo("0");
        assertThat(git(remote.cache(), "config", "--get-all", "remote.origin.fetch"))
                .isEqualTo("+refs/heads/*:refs/remotes/origin/*");
        assertThat(git(remote.cache(), "config", "--list")).doesNotContain("mirror");
    }

    @Test
    void many_fetches_and_pushes_collect_nothing_here_nor_in_an_origin_that_has_worktrees() throws Exception {
        for (Path repository : List.of(remote.origin(), remote.cache())) {
            git(repository, "config", "gc.autoPackLimit", "1");
            git(repository, "config", "gc.autoDetach", "false");
        }
        Path theirs = remote.folder().resolve("theirs");
        git(remote.origin(), "worktree", "add", "-q", "--detach", theirs.toString(), "main");
        String precious = stagedIn(theirs);
        age(remote.origin());
        Worktree detached = remote.add(it, "detached", BranchName.of("detached"));
        String staged = stagedIn(detached.path());
        age(remote.cache());
        Worktree worktree = remote.add(it, "w", WORK);
        for (int i = 0; i < 4; i++) {
            write(worktree.path().resolve("n.txt"), i + "\n");
            assertThat(it.in(worktree).commit("n", ANN)).isPresent();
            assertThat(it.push(remote.cache(), WORK, PushOptions.defaults()).succeeded())
                    .isTrue();
        }
        assertThat(git(remote.origin(), "cat-file", "-t", precious)).isEqualTo("tree");
        for (int i = 0; i < 4; i++) {
            write(remote.others().resolve("b.txt"), i + "\n");
            remote.commitAll();
            remote.fetch(it);
        }
        assertThat(git(remote.cache(), "cat-file", "-t", staged)).isEqualTo("tree");
    }

    private static String stagedIn(Path worktree) throws Exception {
        git(worktree, "checkout", "-q", "--detach");
        write(worktree.resolve("staged.txt"), "staged in " + worktree + "\n");
        git(worktree, "add", "-A");
        return git(worktree, "write-tree");
    }

    private static void age(Path repository) throws Exception {
        Process process = new ProcessBuilder(
                        "find",
                        repository.resolve("objects").toString(),
                        "-type",
                        "f",
                        "-exec",
                        "touch",
                        "-d",
                        "30 days ago",
                        "{}",
                        "+")
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void a_worktree_that_git_made_is_one_like_ours() throws Exception {
        Path path = remote.folder().resolve("by-git");
        git(remote.cache(), "worktree", "add", "-q", "--no-track", "-b", WORK.value(), path.toString(), "origin/main");
        Worktree worktree = new Worktree(remote.cache(), path);
        write(path.resolve("n.txt"), "n\n");
        assertThat(it.in(worktree).status(MAIN).changed()).containsExactly("n.txt");
        CommitId commit = it.in(worktree).commit("n", ANN).orElseThrow();
        assertThat(git(path, "rev-parse", "HEAD")).isEqualTo(commit.value());
        assertThat(git(path, "status", "--porcelain")).isEmpty();
        it.removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(git(remote.cache(), "worktree", "list").lines()).hasSize(1);
        assertSound(remote.cache());
    }

    @Test
    void git_removes_moves_and_locks_a_worktree_of_ours() throws Exception {
        Worktree worktree = remote.add(it, "w", WORK);
        Path moved = remote.folder().resolve("moved");
        git(remote.cache(), "worktree", "lock", worktree.path().toString());
        git(remote.cache(), "worktree", "unlock", worktree.path().toString());
        git(remote.cache(), "worktree", "move", worktree.path().toString(), moved.toString());
        assertThat(it.in(new Worktree(remote.cache(), moved)).status(MAIN).changed())
                .isEmpty();
        git(remote.cache(), "worktree", "remove", moved.toString());
        assertThat(it.worktrees(remote.cache())).isEmpty();
        assertSound(remote.cache());
    }

    @Test
    void a_branch_in_the_middle_of_a_rebase_is_in_use_and_its_worktree_is_not_committed_or_merged() throws Exception {
        Worktree worktree = remote.add(it, "w", WORK);
        write(worktree.path().resolve("a.txt"), "mine\n");
        it.in(worktree).commit("mine", ANN);
        write(remote.others().resolve("a.txt"), "theirs\n");
        remote.commitAll();
        remote.fetch(it);
        assertThatThrownBy(() -> git(worktree.path(), "rebase", "origin/main"));
        assertThat(it.in(worktree).status(MAIN).branch()).isEmpty();
        assertCode(ErrorCode.CONFLICT, () -> remote.add(it, "second", WORK));
        assertCode(ErrorCode.CONFLICT, () -> it.deleteBranch(remote.cache(), WORK));
        assertCode(ErrorCode.CONFLICT, () -> it.in(worktree).commit("no", ANN));
        assertCode(ErrorCode.CONFLICT, () -> it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)));
        git(worktree.path(), "rebase", "--abort");
        assertThat(it.in(worktree).status(MAIN).branch()).contains(WORK);
    }

    @Test
    void a_sparse_checkout_is_neither_committed_nor_merged() throws Exception {
        write(remote.others().resolve("in/i.txt"), "i\n");
        write(remote.others().resolve("out/o.txt"), "o\n");
        remote.commitAll();
        remote.fetch(it);
        Worktree worktree = remote.add(it, "w", WORK);
        git(worktree.path(), "sparse-checkout", "set", "--no-sparse-index", "in");
        assertThat(worktree.path().resolve("out/o.txt"))
                .as("what git knows to be unchanged, it takes away")
                .doesNotExist();
        assertThat(git(worktree.path(), "status", "--porcelain")).isEmpty();
        write(worktree.path().resolve("in/n.txt"), "n\n");
        assertCode(ErrorCode.UNSUPPORTED, () -> it.in(worktree).commit("n", ANN));
        assertCode(ErrorCode.UNSUPPORTED, () -> it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)));
        assertThat(git(remote.cache(), "ls-tree", "-r", "--name-only", WORK.fullName()))
                .contains("out/o.txt");
        Worktree other = remote.add(it, "other", BranchName.of("other"));
        assertThat(it.in(other).status(MAIN).changed())
                .as("others are not concerned")
                .isEmpty();
    }

    @Test
    void an_index_that_another_git_has_locked_is_a_conflict_and_not_broken() throws Exception {
        Worktree worktree = remote.add(it, "w", WORK);
        write(worktree.path().resolve("n.txt"), "n\n");
        Path lock = write(remote.recordOf(worktree).resolve("index.lock"), "");
        assertCode(ErrorCode.CONFLICT, () -> it.in(worktree).commit("n", ANN));
        assertThat(it.in(worktree).status(MAIN).changed()).containsExactly("n.txt");
        Files.delete(lock);
        assertThat(it.in(worktree).commit("n", ANN)).isPresent();
    }

    @Test
    void line_ends_and_attributes_of_the_tree_count() throws Exception {
        write(remote.others().resolve(".gitattributes"), "*.bat text eol=crlf\n*.txt text=auto\n*.bin binary\n");
        write(remote.others().resolve("run.bat"), "a\r\nb\r\n");
        Files.write(remote.others().resolve("data.bin"), new byte[] {0, 13, 10, 0, 13, 10});
        remote.commitAll();
        remote.fetch(it);
        Worktree worktree = remote.add(it, "w", WORK);
        assertThat(Files.readString(worktree.path().resolve("run.bat"))).isEqualTo("a\r\nb\r\n");
        assertThat(git(worktree.path(), "status", "--porcelain")).isEmpty();
        write(worktree.path().resolve("run.bat"), "a\r\nc\r\n");
        it.in(worktree).commit("c", ANN);
        assertThat(git(worktree.path(), "status", "--porcelain")).isEmpty();
        assertThat(git(worktree.path(), "cat-file", "-p", "HEAD:run.bat")).isEqualTo("a\nc");
    }

    @Test
    void a_merge_that_fails_half_way_through_the_files_leaves_everything_as_it_was() throws Exception {
        Worktree worktree = remote.add(it, "w", WORK);
        write(worktree.path().resolve("mine.txt"), "mine\n");
        CommitId mine = it.in(worktree).commit("mine", ANN).orElseThrow();
        String blob = git(remote.others(), "rev-parse", "HEAD:a.txt");
        String changed = gitReading(
                remote.others(), "changed\n".getBytes(StandardCharsets.UTF_8), "hash-object", "-w", "--stdin");
        String entries = "100644 blob " + changed + "\ta.txt\n100644 blob " + blob + "\tb.txt\n100644 blob " + blob
                + "\t" + "x".repeat(300) + "\n";
        String tree = gitReading(remote.others(), entries.getBytes(StandardCharsets.UTF_8), "mktree");
        String commit = git(remote.others(), "commit-tree", tree, "-p", "HEAD", "-m", "too long a name");
        git(remote.others(), "push", "-q", "origin", commit + ":refs/heads/bad");
        remote.fetch(it);
        assertCode(
                ErrorCode.FAILED, () -> it.in(worktree).merge(Revision.of(BranchName.of("bad")), MergeOptions.by(ANN)));
        assertThat(it.in(worktree).status(MAIN).head()).isEqualTo(mine);
        assertThat(it.in(worktree).status(MAIN).changed()).isEmpty();
        assertThat(git(worktree.path(), "status", "--porcelain", "--ignored")).isEmpty();
        assertThat(worktree.path().resolve("a.txt")).hasContent("one\ntwo\nthree");
        assertThat(worktree.path().resolve("b.txt")).doesNotExist();
        write(remote.others().resolve("c.txt"), "c\n");
        remote.commitAll();
        remote.fetch(it);
        assertThat(it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.Merged.class);
    }

    @Test
    void a_file_that_git_ignores_is_not_overwritten_by_a_merge() throws Exception {
        write(remote.others().resolve(".gitignore"), "*.env\n");
        remote.commitAll();
        remote.fetch(it);
        Worktree worktree = remote.add(it, "w", WORK);
        write(worktree.path().resolve("my.env"), "mine\n");
        write(remote.others().resolve("my.env"), "theirs\n");
        git(remote.others(), "add", "-f", "my.env");
        remote.commitAll();
        remote.fetch(it);
        CommitId before = it.in(worktree).status(MAIN).head();
        assertThatThrownBy(() -> it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("my.env");
        assertThat(it.in(worktree).status(MAIN).head()).isEqualTo(before);
        assertThat(worktree.path().resolve("my.env")).hasContent("mine");
        Files.delete(worktree.path().resolve("my.env"));
        assertThat(it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.FastForward.class);
    }

    @Test
    void a_merge_may_turn_a_file_into_a_folder_and_a_folder_into_a_file() throws Exception {
        write(remote.others().resolve("file"), "f\n");
        write(remote.others().resolve("folder/f.txt"), "f\n");
        remote.commitAll();
        remote.fetch(it);
        Worktree worktree = remote.add(it, "w", WORK);
        Files.delete(remote.others().resolve("file"));
        write(remote.others().resolve("file/f.txt"), "f\n");
        Files.delete(remote.others().resolve("folder/f.txt"));
        Files.delete(remote.others().resolve("folder"));
        write(remote.others().resolve("folder"), "f\n");
        remote.commitAll();
        remote.fetch(it);
        assertThat(it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.FastForward.class);
        assertThat(worktree.path().resolve("file/f.txt")).hasContent("f");
        assertThat(worktree.path().resolve("folder")).isRegularFile();
        assertThat(git(worktree.path(), "status", "--porcelain")).isEmpty();
    }

    @Test
    void sides_without_a_common_commit_are_not_merged_and_a_shallow_origin_is_named() throws Exception {
        Worktree worktree = remote.add(it, "w", WORK);
        git(remote.others(), "checkout", "-q", "--orphan", "island");
        git(remote.others(), "commit", "-q", "-m", "island");
        git(remote.others(), "push", "-q", "origin", "island");
        remote.fetch(it);
        assertThatThrownBy(() -> it.in(worktree).merge(Revision.of(BranchName.of("island")), MergeOptions.by(ANN)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("no commit in common");
    }

    @Test
    void a_remote_over_http_is_cloned_fetched_pushed_to_and_landed_on() throws Exception {
        git(remote.origin(), "config", "http.receivepack", "true");
        try (GitOverHttp http = new GitOverHttp(remote.folder())) {
            GitUrl url = GitUrl.of(http.url("origin.git"));
            Path cache = remote.folder().resolve("caches/http.git");
            it.fetch(url, cache, FetchOptions.defaults());
            assertThat(it.history(cache).defaultBranch()).isEqualTo(MAIN);
            Worktree worktree = new Worktree(cache, remote.folder().resolve("w"));
            it.addWorktree(worktree, WORK, MAIN, FetchProgress.none());
            write(worktree.path().resolve("n.txt"), "n\n");
            CommitId commit = it.in(worktree).commit("n", ANN).orElseThrow();
            assertThat(it.push(cache, WORK, PushOptions.defaults())).isEqualTo(new PushOutcome.Pushed(commit));
            assertThat(git(remote.origin(), "rev-parse", WORK.fullName())).isEqualTo(commit.value());
            assertThat(it.land(cache, WORK, MAIN, ANN, Credentials.none())).isInstanceOf(MergeOutcome.Merged.class);
            it.fetch(url, cache, FetchOptions.defaults());
            assertThat(it.in(worktree).status(MAIN).behind()).isEqualTo(1);
            assertCode(
                    ErrorCode.UNAVAILABLE,
                    () -> it.fetch(
                            GitUrl.of(http.url("none.git")), remote.folder().resolve("none"), FetchOptions.defaults()));
            assertSound(cache);
        }
    }

    @Test
    void a_shallow_remote_over_http_is_fetched_with_its_boundary() throws Exception {
        write(remote.others().resolve("b.txt"), "b\n");
        remote.commitAll();
        Path shallow = remote.folder().resolve("shallow.git");
        git(folder, "clone", "-q", "--bare", "--depth", "1", "file://" + remote.origin(), shallow.toString());
        try (GitOverHttp http = new GitOverHttp(remote.folder())) {
            Path cache = remote.folder().resolve("caches/http.git");
            it.fetch(GitUrl.of(http.url("shallow.git")), cache, FetchOptions.defaults());
            Worktree worktree = new Worktree(cache, remote.folder().resolve("w"));
            it.addWorktree(worktree, WORK, MAIN, FetchProgress.none());
            assertThat(it.in(worktree).status(MAIN).changed()).isEmpty();
            assertSound(cache);
        }
    }

    @Test
    void a_remote_that_declines_is_quoted_C15() throws Exception {
        git(remote.origin(), "config", "http.receivepack", "true");
        Path hook = write(
                remote.origin().resolve("hooks/pre-receive"), "#!/bin/sh\necho 'main is protected' >&2\nexit 1\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (GitOverHttp http = new GitOverHttp(remote.folder())) {
            Path cache = remote.folder().resolve("caches/http.git");
            it.fetch(GitUrl.of(http.url("origin.git")), cache, FetchOptions.defaults());
            Worktree worktree = new Worktree(cache, remote.folder().resolve("w"));
            it.addWorktree(worktree, WORK, MAIN, FetchProgress.none());
            write(worktree.path().resolve("n.txt"), "n\n");
            it.in(worktree).commit("n", ANN);
            PushOutcome outcome = it.push(cache, WORK, PushOptions.defaults());
            assertThat(outcome).isInstanceOf(PushOutcome.Rejected.class);
            assertThat(((PushOutcome.Rejected) outcome).reason()).contains("main is protected");
            assertThat(it.history(cache).remoteBranch(WORK)).isEmpty();
            assertThatThrownBy(() -> it.land(cache, WORK, MAIN, ANN, Credentials.none()))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                    .hasMessageContaining("main is protected");
        }
    }

    @Test
    void a_branch_that_is_checked_out_in_the_remote_is_not_pushed_to() throws Exception {
        Path cache = remote.folder().resolve("caches/others.git");
        it.fetch(GitUrl.of(remote.others().toString()), cache, FetchOptions.defaults());
        Worktree worktree = new Worktree(cache, remote.folder().resolve("w"));
        it.addWorktree(worktree, WORK, MAIN, FetchProgress.none());
        write(worktree.path().resolve("n.txt"), "n\n");
        it.in(worktree).commit("n", ANN);
        assertThat(it.push(cache, WORK, PushOptions.defaults()).succeeded()).isTrue();
        assertThatThrownBy(() -> it.land(cache, WORK, MAIN, ANN, Credentials.none()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("checked out");
        assertThat(git(remote.others(), "status", "--porcelain")).isEmpty();
    }

    @Test
    void some_thousand_files_are_no_trouble_and_no_thread_stays() throws Exception {
        for (int i = 0; i < 3000; i++) {
            write(remote.others().resolve("d" + i % 60 + "/f" + i + ".txt"), "file " + i + "\n");
        }
        remote.commitAll();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        remote.fetch(it);
        Worktree worktree = remote.add(it, "w", WORK);
        assertThat(it.in(worktree).status(MAIN).changed()).isEmpty();
        assertThat(git(worktree.path(), "status", "--porcelain")).isEmpty();
        Set<String> added = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("ForkJoinPool.commonPool"))
                .collect(Collectors.toSet());
        assertThat(added).isEmpty();
        assertSound(remote.cache());
    }

    @Test
    void formats_that_jgit_would_read_wrongly_are_refused() throws Exception {
        for (List<String> setting : List.of(
                List.of("extensions.objectFormat", "sha256"),
                List.of("extensions.refStorage", "reftable"),
                List.of("extensions.partialClone", "origin"),
                List.of("remote.origin.promisor", "true"))) {
            git(remote.cache(), "config", setting.get(0), setting.get(1));
            assertCode(ErrorCode.UNSUPPORTED, () -> it.history(remote.cache()).defaultBranch());
            assertCode(ErrorCode.UNSUPPORTED, () -> remote.fetch(it));
            // Git itself no longer understands the repository.
            Path config = remote.cache().resolve("config");
            git(folder, "config", "--file", config.toString(), "--unset", setting.get(0));
        }
        assertThat(it.history(remote.cache()).defaultBranch()).isEqualTo(MAIN);
        Path sha256 = remote.folder().resolve("sha256");
        git(folder, "init", "-q", "--object-format=sha256", "-b", "main", sha256.toString());
        git(sha256, "commit", "-q", "--allow-empty", "-m", "one");
        Path cache = remote.folder().resolve("caches/sha256.git");
        assertCode(ErrorCode.UNSUPPORTED, () -> it.fetch(GitUrl.of(sha256.toString()), cache, FetchOptions.defaults()));
        assertThat(cache).doesNotExist();
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
