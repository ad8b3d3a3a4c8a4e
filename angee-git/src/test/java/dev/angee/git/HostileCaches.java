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
import dev.angee.ErrorCode;
import dev.angee.internal.FolderRemoval;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOptions;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent that can write to the cache puts into it: nothing outside is written, read or waited for. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class HostileCaches {
    private static final String PRECIOUS = "a key\n";

    protected final SourceControl it = open();

    /** The engine that is attacked. */
    protected abstract SourceControl open();

    @TempDir
    Path folder;

    private Remote remote;
    private Worktree worktree;
    private Path home;
    private Path cache;

    @BeforeEach
    void makeAWorktreeAndAHome() throws Exception {
        remote = Remote.in(folder);
        remote.fetch(it);
        cache = remote.cache();
        worktree = remote.add(it, "w", WORK);
        home = Files.createDirectory(remote.folder().resolve("home"));
    }

    private void everything() throws Exception {
        attempt(() -> it.in(worktree).status(MAIN));
        write(worktree.path().resolve("a.txt"), "mine\n");
        attempt(() -> it.in(worktree).commit("mine", ANN));
        write(remote.others().resolve("a.txt"), "theirs\n");
        write(remote.others().resolve("b.txt"), "theirs\n");
        remote.commitAll();
        attempt(() -> remote.fetch(it));
        attempt(() ->
                it.in(worktree).rebase(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()));
        write(worktree.path().resolve("a.txt"), "both\n");
        attempt(() -> it.in(worktree).resume(ANN));
        attempt(() -> it.push(cache, WORK, PushOptions.defaults()));
        attempt(() -> it.land(cache, WORK, MAIN, ANN, Credentials.none()));
        attempt(() -> it.removeWorktree(worktree, RemoveOptions.whatever()));
        attempt(() -> it.deleteBranch(cache, WORK));
    }

    @Test
    void a_folder_of_locks_that_is_a_link_makes_no_lock_of_what_is_there() throws Exception {
        Path key = write(home.resolve(remote.recordOf(worktree).getFileName().toString()), PRECIOUS);
        FolderRemoval.of(cache.resolve("angee-locks"));
        Files.createSymbolicLink(cache.resolve("angee-locks"), home);
        everything();
        assertThat(key).hasContent(PRECIOUS);
        assertThat(RealGit.namesIn(home)).containsExactly(key.getFileName().toString());
    }

    @Test
    void a_lock_that_is_a_link_or_another_file_is_left_as_it_is() throws Exception {
        Path key = write(home.resolve("key"), PRECIOUS);
        String id = remote.recordOf(worktree).getFileName().toString();
        Path lock = cache.resolve("angee-locks").resolve(id);
        Files.deleteIfExists(lock);
        Files.createSymbolicLink(lock, key);
        attempt(() -> it.in(worktree).commit("mine", ANN));
        Files.delete(lock);
        Files.createLink(lock, key);
        assertThat(it.in(worktree).commit("mine", ANN)).isEmpty();
        assertThat(key).hasContent(PRECIOUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/heads/workspace/x", "HEAD", "refs/remotes/origin/main"})
    void a_log_of_a_branch_that_is_a_link_is_not_written(String name) throws Exception {
        Path key = write(home.resolve("key"), PRECIOUS);
        git(cache, "config", "core.logAllRefUpdates", "always");
        Path logs = name.equals("HEAD") ? remote.recordOf(worktree).resolve("logs") : cache.resolve("logs");
        Files.createDirectories(logs.resolve(name).getParent());
        Files.deleteIfExists(logs.resolve(name));
        Files.createSymbolicLink(logs.resolve(name), key);
        everything();
        assertThat(key).hasContent(PRECIOUS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD",
                "config",
                "packed-refs",
                "shallow",
                "refs/heads/workspace/x",
                "refs/remotes/origin/main",
                "logs/refs/heads/workspace/x",
                "info/exclude",
                "info/attributes",
                "objects/12",
                "objects/pack/pack-1.idx",
                "objects/info/alternates",
                "objects/info/commit-graph"
            })
    void a_pipe_in_the_cache_is_refused_at_once(String name) throws Exception {
        FolderRemoval.of(cache.resolve(name));
        Files.createDirectories(cache.resolve(name).getParent());
        pipe(cache.resolve(name));
        assertRefused(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD",
                "config",
                "packed-refs",
                "refs/heads/workspace/x",
                "refs/heads",
                "logs",
                "info",
                "objects",
                "objects/pack",
                "worktrees"
            })
    void a_link_in_the_cache_is_refused(String name) throws Exception {
        Path there = home.resolve("there");
        if (Files.exists(cache.resolve(name))) {
            Files.move(cache.resolve(name), there);
        }
        Files.createSymbolicLink(cache.resolve(name), there);
        assertRefused(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alternates", "http-alternates"})
    void objects_of_another_repository_are_not_lent(String name) throws Exception {
        write(cache.resolve("objects/info").resolve(name), home + "\n");
        assertRefused(name);
    }

    private void assertRefused(String name) throws Exception {
        write(worktree.path().resolve("n.txt"), "n\n");
        List<ThrowingCallable> calls = List.of(
                () -> it.in(worktree).status(MAIN),
                () -> it.in(worktree).commit("n", ANN),
                () -> it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)),
                () -> it.history(cache).remoteBranch(MAIN),
                () -> it.push(cache, WORK, PushOptions.defaults()),
                () -> remote.fetch(it));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining(name)
                    .hasMessageContaining("remove it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"include.path", "includeIf.gitdir:/.path"})
    void a_configuration_that_includes_another_is_refused(String key) throws Exception {
        git(folder, "config", "--file", cache.resolve("config").toString(), key, "/dev/zero");
        assertRefused("config");
    }

    @Test
    void a_configuration_without_end_is_not_read_to_its_end() throws Exception {
        Files.writeString(cache.resolve("config"), "# and so on\n".repeat(100_000), StandardOpenOption.APPEND);
        assertRefused("config");
    }

    @Test
    void what_the_cache_says_about_http_is_nothing_to_us() throws Exception {
        Path key = write(home.resolve("key"), PRECIOUS);
        try (GitOverHttp server = new GitOverHttp(remote.folder());
                GitOverHttp other = new GitOverHttp(remote.folder())) {
            GitUrl url = GitUrl.of(server.url("origin.git"));
            Path fetched = remote.folder().resolve("caches/http.git");
            it.fetch(url, fetched, FetchOptions.defaults());
            git(fetched, "config", "http.extraHeader", "X-Planted: 1");
            git(fetched, "config", "http.userAgent", "planted");
            git(fetched, "config", "http.cookieFile", key.toString());
            git(fetched, "config", "http.saveCookies", "true");
            git(fetched, "config", "url." + other.url("") + ".insteadOf", server.url(""));
            git(fetched, "config", "remote.origin.pushurl", other.url("origin.git"));
            git(fetched, "config", "remote.origin.proxy", other.url(""));
            git(fetched, "update-ref", WORK.fullName(), "refs/remotes/origin/main");
            int before = server.headers().size();
            it.fetch(url, fetched, FetchOptions.defaults());
            assertThat(it.push(fetched, WORK, PushOptions.defaults()).succeeded())
                    .isTrue();
            assertThat(server.headers()).hasSizeGreaterThan(before).noneMatch(header -> header.contains("planted"));
            assertThat(other.headers()).isEmpty();
        }
        assertThat(key).hasContent(PRECIOUS);
    }

    private static void attempt(ThrowingCallable call) {
        HostileWorktrees.attempt(call);
    }
}
