package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** While a remote does not answer somebody, all others go on with what the cache has. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HangingRemoteIT {
    private static final BranchName OTHER = BranchName.of("workspace/other");
    private static final BranchName NEW = BranchName.of("workspace/new");

    @TempDir
    Path folder;

    private final AtomicInteger numbers = new AtomicInteger();
    private Remote remote;
    private GitOverHttp server;
    private GitUrl url;

    @BeforeEach
    void serve() throws Exception {
        remote = Remote.in(folder);
        git(remote.origin(), "config", "http.receivepack", "true");
        server = new GitOverHttp(remote.folder());
        url = GitUrl.of(server.url("origin.git"));
    }

    @AfterEach
    void end() {
        server.close();
    }

    static Stream<Arguments> fetches() {
        return Engines.names().stream()
                .flatMap(engine -> Stream.of("info/refs?service=git-upload-pack", "POST /origin.git/git-upload-pack")
                        .map(part -> Arguments.of(engine, part)));
    }

    static Stream<Arguments> pushes() {
        return Engines.names().stream()
                .flatMap(engine -> Stream.of("info/refs?service=git-receive-pack", "POST /origin.git/git-receive-pack")
                        .map(part -> Arguments.of(engine, part)));
    }

    private CommitId commit(SourceControl it, Worktree worktree, String file) throws Exception {
        write(worktree.path().resolve(file), file + "\n");
        return it.in(worktree).commit("change " + file, ANN).orElseThrow();
    }

    private static <T> FutureTask<T> begun(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "who talks to the remote");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Everything there is to do without the remote. */
    private void everythingElse(SourceControl it, Worktree other) throws Exception {
        Worktree made = remote.add(it, "new", NEW);
        int number = numbers.incrementAndGet();
        commit(it, made, "new" + number + ".txt");
        commit(it, other, "other" + number + ".txt");
        assertThat(it.in(other).merge(Revision.of(NEW.value()), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.Merged.class);
        assertThat(it.in(other).rebase(Revision.of(MAIN), MergeOptions.by(ANN)).succeeded())
                .isTrue();
        assertThat(it.in(other).status(MAIN).changed()).isEmpty();
        it.removeWorktree(made, RemoveOptions.whatever());
        it.deleteBranch(remote.cache(), NEW);
        assertThat(it.history(remote.cache()).localBranch(NEW)).isEmpty();
        assertThat(it.worktrees(remote.cache())).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("fetches")
    void nobody_waits_for_a_fetch_that_hangs(String engine, String part) throws Exception {
        SourceControl it = Engines.of(engine);
        it.fetch(url, remote.cache(), FetchOptions.defaults());
        Worktree other = remote.add(it, "other", OTHER);
        write(remote.others().resolve("b.txt"), "b\n");
        remote.commitAll();
        try (GitOverHttp.Hold hold = server.holding(part)) {
            FutureTask<String> fetch = begun(() -> {
                it.fetch(url, remote.cache(), FetchOptions.defaults());
                return "fetched";
            });
            hold.awaitRequest();
            everythingElse(it, other);
            assertThat(fetch).isNotDone();
            hold.letGo();
            assertThat(fetch.get(1, TimeUnit.MINUTES)).isEqualTo("fetched");
        }
        assertThat(it.history(remote.cache()).remoteBranch(MAIN).orElseThrow().value())
                .isEqualTo(git(remote.origin(), "rev-parse", "main"));
        RealGit.assertSound(remote.cache());
    }

    @ParameterizedTest
    @MethodSource("pushes")
    void nobody_waits_for_a_push_or_a_landing_that_hangs_and_a_fetch_does_not_either(String engine, String part)
            throws Exception {
        SourceControl it = Engines.of(engine);
        it.fetch(url, remote.cache(), FetchOptions.defaults());
        Worktree other = remote.add(it, "other", OTHER);
        CommitId mine = commit(it, remote.add(it, "mine", WORK), "mine.txt");
        try (GitOverHttp.Hold hold = server.holding(part)) {
            FutureTask<Boolean> push = begun(
                    () -> it.push(remote.cache(), WORK, PushOptions.defaults()).succeeded());
            hold.awaitRequest();
            everythingElse(it, other);
            it.fetch(url, remote.cache(), FetchOptions.defaults());
            assertThat(push).isNotDone();
            hold.letGo();
            assertThat(push.get(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(it.history(remote.cache()).remoteBranch(WORK)).contains(mine);
        try (GitOverHttp.Hold hold = server.holding(part)) {
            FutureTask<MergeOutcome> landing =
                    begun(() -> it.land(remote.cache(), WORK, MAIN, ANN, Credentials.none()));
            hold.awaitRequest();
            everythingElse(it, other);
            it.fetch(url, remote.cache(), FetchOptions.defaults());
            assertThat(landing).isNotDone();
            hold.letGo();
            assertThat(landing.get(1, TimeUnit.MINUTES)).isInstanceOf(MergeOutcome.Merged.class);
        }
        assertThat(it.history(remote.cache()).remoteBranch(MAIN).orElseThrow().value())
                .isEqualTo(git(remote.origin(), "rev-parse", "main"));
        RealGit.assertSound(remote.cache());
    }

    @ParameterizedTest
    @MethodSource("engineNames")
    void of_many_landings_at_once_each_waits_for_the_one_before_and_all_go_through(String engine) throws Exception {
        SourceControl it = Engines.of(engine);
        it.fetch(url, remote.cache(), FetchOptions.defaults());
        int many = 4;
        for (int i = 0; i < many; i++) {
            Worktree worktree = new Worktree(remote.cache(), remote.folder().resolve("w" + i));
            it.addWorktree(worktree, branch(i), MAIN, FetchProgress.none());
            commit(it, worktree, "w" + i + ".txt");
        }
        FutureTask<?>[] landings = new FutureTask<?>[many];
        for (int i = 0; i < many; i++) {
            BranchName branch = branch(i);
            landings[i] = begun(() -> {
                assertThat(it.land(remote.cache(), branch, MAIN, ANN, Credentials.none()))
                        .isInstanceOf(MergeOutcome.Merged.class);
                return branch;
            });
        }
        for (FutureTask<?> landing : landings) {
            landing.get(1, TimeUnit.MINUTES);
        }
        assertThat(git(remote.origin(), "ls-tree", "--name-only", "main").lines())
                .containsExactly("a.txt", "w0.txt", "w1.txt", "w2.txt", "w3.txt");
        assertThat(it.history(remote.cache()).remoteBranch(MAIN).orElseThrow().value())
                .isEqualTo(git(remote.origin(), "rev-parse", "main"));
    }

    static Stream<String> engineNames() {
        return Engines.names().stream();
    }

    private static BranchName branch(int i) {
        return BranchName.of("workspace/w" + i);
    }
}
