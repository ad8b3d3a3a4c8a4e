package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOutcome;
import dev.angee.source.SourceControl;
import dev.angee.source.SourceControlInfo;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the contracts of {@link SourceControl} work with: a remote, a clone of it in which others work, and the place for a
 * cache. The remotes are made, and the results are judged, by the real {@code git}, without any configuration of the user's.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
public abstract class SourceControlFixture {
    /** The branch everything begins at. */
    protected static final BranchName MAIN = BranchName.of("main");

    /** The branch a workspace works on. */
    protected static final BranchName WORK = BranchName.of("workspace/x");

    /** Who commits. */
    protected static final Author ANN = new Author("Ann Ång", "ann@example.invalid");

    /** Parent of all that a test makes. */
    @TempDir
    protected Path folder;

    /** The remote, a bare repository. */
    protected Path origin;

    /** A clone of the remote in which "others" work. */
    protected Path others;

    /** Where the cache goes. */
    protected Path cache;

    private SourceControl sourceControl;

    /** Opens the implementation under test. */
    protected abstract SourceControl open();

    /** The implementation under test. */
    protected final SourceControl it() {
        return sourceControl;
    }

    @BeforeEach
    final void makeTheRemote() throws Exception {
        sourceControl = open();
        folder = folder.toRealPath();
        origin = folder.resolve("origin.git");
        others = folder.resolve("others");
        cache = folder.resolve("caches").resolve("app.git");
        git(folder, "init", "-q", "--bare", "-b", "main", origin.toString());
        git(folder, "init", "-q", "-b", "main", others.toString());
        git(others, "remote", "add", "origin", origin.toString());
        othersCommit("main", "a.txt", "one\ntwo\nthree\n");
    }

    /** Makes the cache hold what the remote has. */
    protected final void fetch() {
        it().fetch(url(), cache, FetchOptions.defaults());
    }

    /** The remote's URL. */
    protected final GitUrl url() {
        return GitUrl.of(origin.toString());
    }

    /** Makes a worktree with this name, on the branch, or on a new one at main. */
    protected final Worktree add(String name, BranchName branch) {
        Worktree worktree = worktree(name);
        it().addWorktree(worktree, branch, MAIN, FetchProgress.none());
        return worktree;
    }

    /** The worktree with this name. */
    protected final Worktree worktree(String name) {
        return new Worktree(cache, folder.resolve(name));
    }

    /** Writes a file in a worktree and commits it, with all that is uncommitted. */
    protected final CommitId commit(Worktree worktree, String file, String text) throws IOException {
        write(worktree.path().resolve(file), text);
        return it().in(worktree).commit("change " + file, ANN).orElseThrow();
    }

    /** The commit that a merge or rebase ended at; it has to have succeeded. */
    protected static CommitId headOf(MergeOutcome outcome) {
        if (outcome instanceof MergeOutcome.Merged merged) {
            return merged.head();
        }
        if (outcome instanceof MergeOutcome.Rebased rebased) {
            return rebased.head();
        }
        if (outcome instanceof MergeOutcome.FastForward forward) {
            return forward.head();
        }
        assertThat(outcome).isInstanceOf(MergeOutcome.UpToDate.class);
        return ((MergeOutcome.UpToDate) outcome).head();
    }

    /** Whether it says that it can. */
    protected final boolean can(SourceControlInfo.Ability ability) {
        return it().describe().abilities().contains(ability);
    }

    /** Waits until something is so, for a minute at most. */
    protected static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it took too long").isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    /** The commit of a branch in the remote itself. */
    protected final CommitId there(String branch) {
        try {
            return new CommitId(git(origin, "rev-parse", "refs/heads/" + branch));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Somebody else commits a file on a branch of the remote, together with whatever lies about in {@link #others}. */
    protected final CommitId othersCommit(String branch, String file, String text)
            throws IOException, InterruptedException {
        if (!git(others, "branch", "--show-current").equals(branch)) {
            boolean known = !git(others, "branch", "--list", branch).isEmpty();
            git(
                    others,
                    known ? new String[] {"checkout", "-q", branch} : new String[] {"checkout", "-q", "-b", branch});
        }
        write(others.resolve(file), text);
        git(others, "add", "-A");
        git(others, "commit", "-q", "-m", "change " + file);
        git(others, "push", "-q", "origin", branch);
        return new CommitId(git(others, "rev-parse", "HEAD"));
    }

    /** Real git has nothing to say against the cache and its worktrees, and sees the same changes. */
    protected final void gitAgrees() throws IOException, InterruptedException {
        assertThat(git(cache, "fsck", "--full", "--strict", "--no-dangling")).doesNotContain("error", "missing");
        assertThat(git(cache, "worktree", "prune", "--dry-run", "-v")).isEmpty();
        List<WorktreeRecord> records = it().worktrees(cache);
        assertThat(git(cache, "worktree", "list", "--porcelain").lines().filter(line -> line.startsWith("worktree ")))
                .as("git worktree list")
                .containsAll(records.stream()
                        .map(record -> "worktree " + record.path())
                        .toList())
                .hasSize(records.size() + 1);
        for (WorktreeRecord record : records) {
            String[] changed = git(record.path(), "status", "--porcelain", "--no-renames", "-uall", "-z")
                    .split("\0");
            assertThat(it().in(new Worktree(cache, record.path())).status(MAIN).changed())
                    .as("git status in " + record.path())
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(changed)
                            .filter(line -> !line.isEmpty())
                            .map(line -> line.substring(3))
                            .toList());
        }
    }

    /** Runs git, which has to succeed, and returns what it printed. */
    protected static String git(Path folder, String... arguments) throws IOException, InterruptedException {
        return gitReading(folder, "", arguments);
    }

    /** The same, with something to read. */
    protected static String gitReading(Path folder, String input, String... arguments)
            throws IOException, InterruptedException {
        return OthersGit.run(folder, input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    /** Writes a file, making the folders above it. */
    protected static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Every file below a folder with its text. */
    protected static Map<String, String> contentOf(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(folder.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return content;
    }

    /** The call fails with this code, and says this. */
    protected static void assertCode(ErrorCode code, ThrowingCallable call, String said) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(said);
    }

    /** Does it in many threads at once; all have to succeed. */
    protected static void inThreads(int count, Numbered work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int n = i;
                running.add(threads.submit(() -> {
                    work.run(n);
                    return n;
                }));
            }
            for (Future<?> each : running) {
                each.get(2, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What one of many threads does. */
    @FunctionalInterface
    protected interface Numbered {
        void run(int n) throws Exception;
    }
}
