package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.MAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process has died, or failed, at a known moment of a change, and then somebody goes on in the worktree as git tells them
 * to, or only looks at it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AfterDeathIT {
    @TempDir
    Path folder;

    private Remote remote;
    private Worktree worktree;
    private Path files;
    private Path record;

    static List<String> engines() {
        return Engines.names();
    }

    @BeforeEach
    void makeTheRemote() throws Exception {
        remote = Remote.in(folder);
        write(remote.others().resolve("b.bin"), "a\0base");
        write(remote.others().resolve("c.txt"), "base\n");
        remote.commitAll();
        SourceControl control = new JGitSourceControl();
        remote.fetch(control);
        worktree = remote.add(control, "w", Remote.WORK);
        files = worktree.path();
        record = remote.recordOf(worktree);
        write(remote.others().resolve("a.txt"), "theirs\n");
        write(remote.others().resolve("b.bin"), "a\0theirs");
        write(remote.others().resolve("c.txt"), "theirs\n");
        remote.commitAll();
        remote.fetch(control);
    }

    private OpenWorktree open() throws IOException {
        return new OpenWorktree(worktree, new AdminFolder(record));
    }

    private ObjectId id(String revision) throws Exception {
        return ObjectId.fromString(git(files, "rev-parse", revision));
    }

    private Path journal() {
        return remote.cache().resolve("angee-locks/w~change");
    }

    /** As it is found when the process is no more. */
    private void assertDies(ThrowingCallable change) throws Exception {
        assertThatThrownBy(change).isInstanceOf(Killed.class);
        Files.writeString(journal().resolve("owner"), "999999999 1\n");
        assertThat(new JGitSourceControl().in(worktree).status(MAIN).unfinished())
                .isEqualTo(Unfinished.CHANGE);
        assertThat(new JGitSourceControl().in(worktree).files().pending()).contains(journal());
    }

    /** Dies when all files are written, and the branch is about to move. */
    private void dieOverAMerge(SourceControl control) throws Exception {
        write(files.resolve("mine.txt"), "mine\n");
        assertThat(control.in(worktree).commit("mine", Remote.ANN)).isPresent();
        ObjectId head = id("HEAD");
        ObjectId from = id("HEAD^{tree}");
        ObjectId tree = ObjectId.fromString(git(files, "merge-tree", "--write-tree", "HEAD", "origin/main"));
        ObjectId merge = ObjectId.fromString(
                git(files, "commit-tree", tree.name(), "-p", "HEAD", "-p", "origin/main", "-m", "merge"));
        try (OpenWorktree open = open()) {
            PendingChange change = open.moving(PendingChange.of("merge").files(from, tree), head, merge);
            assertDies(() -> open.journal.around(change, open, () -> {
                new WorktreeCheckout(open).change(from, tree, () -> {
                    throw new Killed();
                });
                return merge;
            }));
        }
        assertThat(files.resolve("c.txt")).hasContent("theirs");
    }

    private void keepAConflict(SourceControl control) throws Exception {
        write(files.resolve("b.bin"), "a\0mine");
        write(files.resolve("c.txt"), "mine\n");
        assertThat(control.in(worktree).commit("mine", Remote.ANN)).isPresent();
        MergeOptions keep = MergeOptions.by(Remote.ANN).keepingConflicts();
        assertThat(control.in(worktree).merge(Revision.of(MAIN), keep)).isInstanceOf(MergeOutcome.Conflicted.class);
    }

    /** Goes wrong when the files are written, and the index is not yet in its place. */
    private void abortUntil(GitWork<?> end) throws Exception {
        try (OpenWorktree open = open()) {
            ObjectId before = id("HEAD^{tree}");
            PendingChange change = PendingChange.of("abort of a merge")
                    .files(Snapshot.of(open, before), before)
                    .standing(PendingChange.Standing.MERGE, PendingChange.Standing.NOTHING);
            open.journal.around(
                    change,
                    open,
                    () -> new IndexReplacement(open, folder.resolve("index")).around(() -> {
                        for (String name : List.of("a.txt", "b.bin", "c.txt")) {
                            Files.delete(files.resolve(name));
                        }
                        write(files.resolve("a.txt"), "one\ntwo\nthree\n");
                        write(files.resolve("b.bin"), "a\0mine");
                        write(files.resolve("c.txt"), "mine\n");
                        return end.run();
                    }));
        }
    }

    private static void assertGoneOn(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("somebody has gone on");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_merge_that_somebody_made_after_ours_was_cut_off_stays(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        dieOverAMerge(control);
        Files.delete(record.resolve("index.lock"));
        git(files, "reset", "-q", "--hard");
        git(files, "merge", "-q", "--no-edit", "origin/main");
        String merged = git(files, "rev-parse", "HEAD");
        write(files.resolve("more.txt"), "more\n");
        assertGoneOn(() -> control.in(worktree).commit("more work", Remote.ANN));
        assertThat(git(files, "rev-parse", "HEAD")).isEqualTo(merged);
        assertThat(git(files, "status", "--porcelain")).isEqualTo("?? more.txt");
        assertThat(control.in(worktree).status(MAIN).unfinished()).isEqualTo(Unfinished.NOTHING);
        assertThat(control.in(worktree).commit("more work", Remote.ANN)).isPresent();
        assertThat(git(files, "diff", "--name-only", "HEAD^", "HEAD")).isEqualTo("more.txt");
        assertThat(journal()).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_somebody_staged_after_a_merge_was_cut_off_stays(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        dieOverAMerge(control);
        Files.delete(record.resolve("index.lock"));
        git(files, "add", "c.txt");
        assertGoneOn(() -> control.in(worktree).abort());
        assertThat(files.resolve("c.txt")).hasContent("theirs");
        assertThat(git(files, "diff", "--cached", "--name-only")).isEqualTo("c.txt");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void looking_at_a_merge_that_was_cut_off_is_not_going_on(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        dieOverAMerge(control);
        Files.delete(record.resolve("index.lock"));
        Object index = Files.getAttribute(record.resolve("index"), "unix:ino");
        Files.setLastModifiedTime(files.resolve("mine.txt"), FileTime.fromMillis(1));
        assertThat(git(files, "status", "--porcelain")).contains("c.txt");
        assertThat(Files.getAttribute(record.resolve("index"), "unix:ino"))
                .as("the index was written anew")
                .isNotEqualTo(index);
        control.in(worktree).abort();
        assertThat(git(files, "status", "--porcelain")).isEmpty();
        assertThat(files.resolve("c.txt")).hasContent("base");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_somebody_did_after_an_abort_was_cut_off_stays(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        keepAConflict(control);
        assertDies(() -> abortUntil(() -> {
            throw new Killed();
        }));
        Files.delete(record.resolve("index.lock"));
        git(files, "reset", "-q", "--hard");
        write(files.resolve("more.txt"), "more\n");
        assertGoneOn(() -> control.in(worktree).commit("more work", Remote.ANN));
        assertThat(files.resolve("c.txt")).hasContent("mine");
        assertThat(control.in(worktree).commit("more work", Remote.ANN)).isPresent();
        assertThat(git(files, "diff", "--name-only", "HEAD^", "HEAD")).isEqualTo("more.txt");
    }

    @Test
    void a_merge_that_somebody_began_after_ours_was_ended_is_not_forgotten() throws Exception {
        SourceControl control = new JGitSourceControl();
        keepAConflict(control);
        write(files.resolve("b.bin"), "a\0both");
        write(files.resolve("c.txt"), "both\n");
        git(files, "add", "b.bin", "c.txt");
        ObjectId head = id("HEAD");
        ObjectId merge = ObjectId.fromString(
                git(files, "commit-tree", git(files, "write-tree"), "-p", "HEAD", "-p", "origin/main", "-m", "merge"));
        try (OpenWorktree open = open()) {
            PendingChange change = open.moving(PendingChange.of("commit"), head, merge)
                    .standing(PendingChange.Standing.MERGE, PendingChange.Standing.NOTHING);
            assertDies(() -> open.journal.around(change, open, () -> {
                open.moveHead(head, merge, "commit");
                throw new Killed();
            }));
        }
        git(files, "reset", "-q", "--hard");
        String other = git(files, "commit-tree", "HEAD~1^{tree}", "-p", "HEAD~1", "-m", "other");
        git(files, "merge", "-q", "--no-commit", "-s", "ours", other);
        control.in(worktree).abort();
        assertThat(record.resolve("MERGE_HEAD")).hasContent(other);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void after_an_abort_that_failed_a_conflict_that_nobody_has_seen_to_is_still_one(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        keepAConflict(control);
        write(files.resolve("c.txt"), "resolved\n");
        assertThatThrownBy(() -> abortUntil(() -> {
                    throw new IOException("the disk is full");
                }))
                .hasMessage("the disk is full");
        assertThat(journal()).doesNotExist();
        assertThat(control.in(worktree).status(MAIN).unfinished()).isEqualTo(Unfinished.MERGE);
        assertThat(files.resolve("c.txt")).hasContent("resolved");
        assertThatThrownBy(() -> control.in(worktree).resume(Remote.ANN))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("(b.bin)");
        write(files.resolve("b.bin"), "a\0both");
        assertThat(control.in(worktree).resume(Remote.ANN)).isInstanceOf(MergeOutcome.Merged.class);
        assertThat(git(files, "show", "HEAD:c.txt")).isEqualTo("resolved");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_somebody_made_of_a_conflict_after_an_abort_was_cut_off_counts_as_seen_to(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        keepAConflict(control);
        write(files.resolve("c.txt"), "resolved\n");
        assertDies(() -> abortUntil(() -> {
            throw new Killed();
        }));
        write(files.resolve("b.bin"), "a\0both, then");
        control.in(worktree).abort();
        assertThat(files.resolve("c.txt")).hasContent("resolved");
        assertThat(control.in(worktree).resume(Remote.ANN)).isInstanceOf(MergeOutcome.Merged.class);
        assertThat(git(files, "show", "HEAD:b.bin")).contains("both, then");
    }

    @Test
    void a_change_that_goes_on_is_not_taken_for_one_that_was_cut_off() throws Exception {
        SourceControl control = new JGitSourceControl();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        Thread looking = new Thread(() -> {
            while (!over.get()) {
                looks.incrementAndGet();
                if (control.in(worktree).head().unfinished() != Unfinished.NOTHING) {
                    wrong.incrementAndGet();
                }
            }
        });
        looking.start();
        for (int i = 0; i < 100; i++) {
            write(files.resolve("x.txt"), "x" + i);
            assertThat(control.in(worktree).commit("c" + i, Remote.ANN)).isPresent();
        }
        over.set(true);
        looking.join();
        assertThat(looks.get()).isPositive();
        assertThat(wrong).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void an_abort_that_is_interrupted_before_it_begins_leaves_all_as_it_was(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        keepAConflict(control);
        try (OpenWorktree open = open()) {
            PendingChange change = PendingChange.of("abort of a merge")
                    .standing(PendingChange.Standing.MERGE, PendingChange.Standing.NOTHING);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> open.journal.around(change, open, () -> 1)).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(journal()).doesNotExist();
        assertThat(control.in(worktree).status(MAIN).unfinished()).isEqualTo(Unfinished.MERGE);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void an_abort_does_its_own_work_where_nothing_but_a_lock_was_left(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        keepAConflict(control);
        Files.createDirectory(journal());
        Files.writeString(journal().resolve("owner"), "999999999 1\n");
        control.in(worktree).abort();
        assertThat(control.in(worktree).status(MAIN).unfinished()).isEqualTo(Unfinished.NOTHING);
        assertThat(files.resolve("c.txt")).hasContent("mine");
    }

    @Test
    void what_a_process_left_that_died_while_it_wrote_nothing_down_yet_goes() throws Exception {
        Path unseen = Files.createDirectory(journal().resolveSibling("w~unseen"));
        Files.writeString(unseen.resolve("owner"), "999999999 1\n");
        SourceControl control = new JGitSourceControl();
        assertThat(control.in(worktree).status(MAIN).unfinished()).isEqualTo(Unfinished.NOTHING);
        assertThat(unseen).exists();
        assertThat(control.in(worktree).commit("nothing", Remote.ANN)).isEmpty();
        assertThat(unseen).doesNotExist();
    }

    /** An agent can have a process say what it likes of itself. */
    @Test
    void a_process_that_only_says_it_is_a_git_of_ours_holds_nothing_up_and_is_left_alone() throws Exception {
        Path named = Files.createDirectory(files.resolve("angee-git-1"));
        RealGit.pipe(named.resolve("in-use"));
        SourceControl control = new JGitSourceControl();
        try (PrivateFolder ours = PrivateFolder.make()) {
            Path link = ours.path().resolveSibling("angee-git-" + System.nanoTime());
            Files.createSymbolicLink(link, ours.path());
            String aside = ours.path().getParent() + "/./" + ours.path().getFileName();
            for (String gitDir : List.of(
                    named.toString(), link.toString(), aside, ours.path().toString(), "", "angee-git-1", "/")) {
                Files.createDirectory(journal());
                Process other = saying(gitDir, "exec sleep 300");
                try {
                    write(files.resolve("x.txt"), gitDir);
                    assertThat(control.in(worktree).commit("x", Remote.ANN)).isPresent();
                    assertThat(other.isAlive()).as(gitDir).isTrue();
                } finally {
                    other.destroyForcibly();
                }
            }
            Files.delete(link);
            assertThat(isLockedForOthers(ours.path().resolve("in-use"))).isTrue();
        }
    }

    /** A lock of this process is none for itself, so the system is asked. */
    private static boolean isLockedForOthers(Path file) throws IOException {
        return Files.readString(Path.of("/proc/locks")).contains(":" + Files.getAttribute(file, "unix:ino") + " ");
    }

    private Process saying(String gitDir, String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script);
        builder.environment().put("GIT_WORK_TREE", files.toString());
        builder.environment().put("GIT_DIR", gitDir);
        return builder.start();
    }

    /** In a container, the process that the others are left to may not care for those that end. */
    @Test
    void a_left_git_has_ended_though_nobody_asks_for_its_end() throws Exception {
        Path gone = Path.of(System.getProperty("java.io.tmpdir"), "angee-git-" + System.nanoTime());
        Process careless = saying(gone.toString(), "sleep 300 & echo $!; unset GIT_DIR; exec sleep 300");
        try {
            long left = Long.parseLong(careless.inputReader().readLine());
            Path environ = Path.of("/proc/" + left + "/environ");
            await().until(() -> says(environ, gone) && !says(Path.of("/proc/" + careless.pid() + "/environ"), gone));
            long begin = System.nanoTime();
            LeftPrograms.end(files);
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(25));
            assertThat(Files.readString(Path.of("/proc/" + left + "/stat")))
                    .as("it is a zombie")
                    .contains(") Z ");
            assertThat(careless.isAlive()).isTrue();
        } finally {
            careless.destroyForcibly();
        }
    }

    private static boolean says(Path environ, Path gitDir) throws IOException {
        return Files.readString(environ, StandardCharsets.ISO_8859_1).contains(gitDir.toString());
    }

    /** The end of a process, which nothing in it hears of. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }
}
