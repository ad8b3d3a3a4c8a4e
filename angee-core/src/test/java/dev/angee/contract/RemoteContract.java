package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.secret.SecretValue;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import dev.angee.source.RemoteProbe;
import dev.angee.source.SourceControl;
import dev.angee.source.SourceControlInfo;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a {@link SourceControl} promises of its dealings with remotes: probing, fetching, pushing, and taking back. */
public abstract class RemoteContract extends SourceControlFixture {
    private static final String SECRET = "s3cr3t-t0ken";

    @Test
    void probe_tells_the_branches_with_their_commits_and_the_default_one_and_writes_nothing() throws Exception {
        CommitId first = there("main");
        CommitId topic = othersCommit("topic", "t.txt", "t\n");
        git(others, "push", "-q", "origin", "HEAD:refs/tags/v1", "HEAD:refs/odd/place");
        Map<String, String> before = contentOf(folder);
        assertThat(it().probe(url(), Credentials.none()))
                .isEqualTo(
                        new RemoteProbe.Reached(Optional.of(MAIN), Map.of(MAIN, first, BranchName.of("topic"), topic)));
        assertThat(contentOf(folder)).isEqualTo(before);
    }

    @Test
    void probe_of_a_remote_without_commits_finds_no_branch() throws Exception {
        Path empty = folder.resolve("empty.git");
        git(folder, "init", "-q", "--bare", "-b", "main", empty.toString());
        assertThat(it().probe(GitUrl.of(empty.toString()), Credentials.none()))
                .isEqualTo(new RemoteProbe.Reached(Optional.empty(), Map.of()));
    }

    @Test
    void probe_of_what_is_no_repository_has_no_access() throws Exception {
        Path plain = Files.createDirectories(folder.resolve("plain"));
        for (Path nothing : List.of(plain, folder.resolve("no-such.git"))) {
            assertThat(it().probe(GitUrl.of(nothing.toString()), Credentials.none()))
                    .isInstanceOfSatisfying(
                            RemoteProbe.NoAccess.class,
                            probe -> assertThat(probe.reason()).isNotBlank());
        }
    }

    @Test
    void probe_of_where_nobody_answers_or_something_else_than_git_is_unreachable() throws Exception {
        assertThat(it().probe(GitUrl.of("http://127.0.0.1:1/app.git"), Credentials.none()))
                .isInstanceOfSatisfying(
                        RemoteProbe.Unreachable.class,
                        probe -> assertThat(probe.reason()).isNotBlank());
        try (Answers answers = new Answers(200, Map.of("Content-Type", "text/html"), "<h1>Welcome</h1>")) {
            assertThat(it().probe(answers.url(), Credentials.none())).isInstanceOf(RemoteProbe.Unreachable.class);
        }
        try (Answers answers = new Answers(503, Map.of(), "later")) {
            assertThat(it().probe(answers.url(), Credentials.none())).isInstanceOf(RemoteProbe.Unreachable.class);
        }
    }

    @Test
    void probe_tells_bad_credentials_from_no_access_and_no_error_holds_the_secret() throws Exception {
        try (Answers answers = new Answers(401, Map.of("WWW-Authenticate", "Basic realm=\"git\""), "who are you")) {
            assertThat(it().probe(answers.url(), Credentials.none())).isInstanceOf(RemoteProbe.BadCredentials.class);
            assertThat(answers.authorizations).as("nobody was named").isEmpty();
            assertThat(it().probe(answers.url(), token()))
                    .isInstanceOfSatisfying(
                            RemoteProbe.BadCredentials.class,
                            probe -> assertThat(probe.reason()).isNotBlank().doesNotContain(SECRET));
            assertThat(answers.authorizations).as("it was shown").isNotEmpty();
            assertThatThrownBy(() -> it().fetch(
                                    answers.url(),
                                    cache,
                                    FetchOptions.defaults().with(token())))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining(answers.url().value())
                    .hasMessageContaining("credentials")
                    .hasMessageNotContaining(SECRET);
        }
        for (int status : new int[] {403, 404}) {
            try (Answers answers = new Answers(status, Map.of(), "no")) {
                assertThat(it().probe(answers.url(), token())).isInstanceOf(RemoteProbe.NoAccess.class);
            }
        }
    }

    @Test
    void credentials_are_not_shown_to_a_server_that_the_remote_sends_us_to() throws Exception {
        Map<String, String> challenge = Map.of("WWW-Authenticate", "Basic realm=\"git\"");
        try (Answers elsewhere = new Answers(401, challenge, "who are you")) {
            String target = elsewhere.url().value() + "/info/refs?service=git-upload-pack";
            try (Answers remote = new Answers(302, Map.of("Location", target), "")) {
                assertThat(it().probe(remote.url(), token()).succeeded()).isFalse();
            }
            try (Answers remote = new Answers(302, Map.of("Location", target), "")) {
                remote.asking();
                assertThat(it().probe(remote.url(), token()).succeeded()).isFalse();
                assertThat(remote.authorizations).as("it is for this one").isNotEmpty();
            }
            assertThat(elsewhere.authorizations).isEmpty();
        }
    }

    @Test
    void a_remote_on_this_machine_is_shown_no_credentials_and_nothing_is_kept_of_them() throws Exception {
        Path hosts = write(folder.resolve("known_hosts"), "");
        List<Credentials> all = List.of(
                token(),
                new Credentials.Password("ann", SecretValue.of(SECRET)),
                new Credentials.SshKey(SecretValue.of(SECRET), hosts),
                new Credentials.SshAgent(Optional.of(folder.resolve("no-agent")), hosts));
        for (Credentials credentials : all) {
            assertThat(it().probe(url(), credentials).succeeded()).isTrue();
            it().fetch(url(), cache, FetchOptions.defaults().with(credentials));
        }
        Worktree worktree = add("w", WORK);
        commit(worktree, "n.txt", "n\n");
        assertThat(it().push(cache, WORK, PushOptions.defaults().with(token())).succeeded())
                .isTrue();
        assertThat(it().land(cache, WORK, MAIN, ANN, token()).succeeded()).isTrue();
        assertThat(contentOf(folder))
                .allSatisfy((file, text) -> assertThat(text).doesNotContain(SECRET));
        gitAgrees();
    }

    @Test
    void a_key_for_ssh_is_used_or_refused_with_what_to_do() throws Exception {
        GitUrl remote = GitUrl.of("ssh://git@127.0.0.1:1/app.git");
        Credentials key = new Credentials.SshKey(SecretValue.of(SECRET), write(folder.resolve("known_hosts"), ""));
        if (can(SourceControlInfo.Ability.SSH_KEYS)) {
            assertThat(it().probe(remote, key))
                    .isInstanceOfSatisfying(
                            RemoteProbe.Unreachable.class,
                            probe -> assertThat(probe.reason()).doesNotContain(SECRET));
        } else {
            assertCode(ErrorCode.UNSUPPORTED, () -> it().probe(remote, key), "install git");
            assertCode(
                    ErrorCode.UNSUPPORTED,
                    () -> it().fetch(remote, cache, FetchOptions.defaults().with(key)),
                    "install git");
        }
        assertThat(contentOf(folder))
                .allSatisfy((file, text) -> assertThat(text).doesNotContain(SECRET));
    }

    @Test
    void a_cache_that_is_fresh_enough_is_left_as_it_is() throws Exception {
        FetchOptions lately = FetchOptions.defaults().unlessWithin(Duration.ofHours(1));
        it().fetch(url(), cache, lately);
        CommitId before = there("main");
        assertThat(it().history(cache).remoteBranch(MAIN))
                .as("an absent one is none")
                .contains(before);
        CommitId moved = othersCommit("main", "b.txt", "b\n");
        it().fetch(url(), cache, lately);
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(before);
        it().fetch(url(), cache, FetchOptions.defaults().unlessWithin(Duration.ofNanos(1)));
        assertThat(it().history(cache).remoteBranch(MAIN)).as("too old").contains(moved);
        CommitId again = othersCommit("main", "b.txt", "c\n");
        fetch();
        assertThat(it().history(cache).remoteBranch(MAIN)).as("now").contains(again);
        Files.move(origin, folder.resolve("away.git"));
        it().fetch(url(), cache, lately);
        assertCode(ErrorCode.UNAVAILABLE, this::fetch, origin.toString());
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().fetch(GitUrl.of(folder.resolve("away.git").toString()), cache, lately),
                "away.git");
        gitAgrees();
    }

    @Test
    void of_many_who_fetch_at_once_one_does_and_the_others_take_what_it_brought() throws Exception {
        fetch();
        othersCommit("main", "b.txt", "b\n");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread first = new Thread(() -> it().fetch(
                        url(), cache, FetchOptions.defaults().telling((task, percent) -> {
                            inside.countDown();
                            await(go);
                        })));
        first.start();
        await(inside);
        ConcurrentLinkedQueue<CommitId> later = new ConcurrentLinkedQueue<>();
        AtomicInteger told = new AtomicInteger();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Thread thread = new Thread(() -> it().fetch(
                            url(), cache, FetchOptions.defaults().telling((task, percent) -> {
                                if (told.getAndIncrement() == 0) {
                                    later.add(othersCommitNow("too late for this fetch\n"));
                                }
                            })));
            thread.start();
            waiting.add(thread);
        }
        until(() -> waiting.stream()
                .allMatch(thread ->
                        thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING));
        CommitId moved = othersCommit("main", "b.txt", "c\n");
        go.countDown();
        first.join();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(told.get()).as("one of them asked the remote").isPositive();
        assertThat(later).hasSize(1);
        assertThat(it().history(cache).remoteBranch(MAIN))
                .as("what the first began before they had come is not enough, and what one of them brought is")
                .contains(moved);
        gitAgrees();
    }

    private CommitId othersCommitNow(String text) {
        try {
            return othersCommit("main", "b.txt", text);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_cache_may_hold_only_the_newest_commits() throws Exception {
        for (int i = 0; i < 5; i++) {
            othersCommit("main", "b.txt", i + "\n");
        }
        othersCommit("topic", "t.txt", "t\n");
        if (!can(SourceControlInfo.Ability.SHALLOW_CACHES)) {
            assertCode(
                    ErrorCode.UNSUPPORTED,
                    () -> it().fetch(url(), cache, FetchOptions.defaults().newest(1)),
                    "install git");
            return;
        }
        it().fetch(url(), cache, FetchOptions.defaults().newest(1));
        assertThat(git(cache, "rev-list", "--count", "origin/main")).isEqualTo("1");
        assertThat(git(cache, "rev-list", "--count", "origin/topic")).isEqualTo("1");
        Worktree worktree = add("w", WORK);
        assertThat(worktree.path().resolve("b.txt")).hasContent("4");
        CommitId mine = commit(worktree, "n.txt", "n\n");
        assertThat(it().in(worktree).status(MAIN).ahead()).isEqualTo(1);
        assertThat(it().push(cache, WORK, PushOptions.defaults())).isEqualTo(new PushOutcome.Pushed(mine));
        gitAgrees();
        CommitId moved = othersCommit("main", "c.txt", "c\n");
        it().fetch(url(), cache, FetchOptions.defaults().newest(3));
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(moved);
        assertThat(git(cache, "rev-list", "--count", "origin/main")).isEqualTo("3");
        gitAgrees();
        fetch();
        assertThat(git(cache, "rev-list", "--count", "origin/main")).isEqualTo("7");
        assertThat(git(cache, "rev-parse", "--is-shallow-repository")).isEqualTo("false");
        assertThat(it().in(worktree).status(MAIN).behind()).isEqualTo(1);
        gitAgrees();
    }

    @Test
    void push_to_another_branch_of_the_remote_leaves_the_one_of_the_same_name_alone() throws Exception {
        fetch();
        CommitId mine = commit(add("w", WORK), "n.txt", "n\n");
        BranchName review = BranchName.of("review/7");
        assertThat(it().push(cache, WORK, PushOptions.defaults().to(review))).isEqualTo(new PushOutcome.Pushed(mine));
        assertThat(there("review/7")).isEqualTo(mine);
        assertThat(it().history(cache).remoteBranch(review)).contains(mine);
        assertThat(it().history(cache).remoteBranch(WORK)).isEmpty();
        assertThat(git(origin, "for-each-ref", "--format=%(refname)").lines())
                .containsExactly("refs/heads/main", "refs/heads/review/7");
        gitAgrees();
    }

    @Test
    void push_replaces_only_the_commit_that_may_be_replaced() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId before = commit(worktree, "n.txt", "n\n");
        it().push(cache, WORK, PushOptions.defaults());
        git(worktree.path(), "commit", "-q", "--amend", "-m", "better");
        CommitId better = it().in(worktree).status(MAIN).head();
        assertThat(it().push(cache, WORK, PushOptions.defaults())).isInstanceOf(PushOutcome.Rejected.class);
        assertThat(it().push(cache, WORK, PushOptions.defaults().replacing(there("main"))))
                .as("it is at another one")
                .isInstanceOf(PushOutcome.Rejected.class);
        assertThat(there(WORK.value())).isEqualTo(before);
        assertThat(it().push(cache, WORK, PushOptions.defaults().replacing(before)))
                .isEqualTo(new PushOutcome.Pushed(better));
        assertThat(there(WORK.value())).isEqualTo(better);
        assertThat(it().history(cache).remoteBranch(WORK)).contains(better);
        git(others, "fetch", "-q", "origin");
        git(others, "checkout", "-q", "-B", WORK.value(), "origin/" + WORK);
        CommitId theirs = othersCommit(WORK.value(), "theirs.txt", "t\n");
        git(worktree.path(), "commit", "-q", "--amend", "-m", "best");
        assertThat(it().push(cache, WORK, PushOptions.defaults().replacing(better)))
                .isInstanceOfSatisfying(
                        PushOutcome.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isNotBlank());
        assertThat(there(WORK.value())).as("it moved meanwhile").isEqualTo(theirs);
        gitAgrees();
    }

    @Test
    void push_of_a_branch_that_is_not_where_it_was_looked_at_is_a_conflict_and_pushes_nothing() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId looked = commit(worktree, "n.txt", "n\n");
        CommitId moved = commit(worktree, "wip.txt", "w\n");
        PushOptions options = PushOptions.defaults().expecting(looked).settingUpstream();
        assertThatThrownBy(() -> it().push(cache, WORK, options))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(git(origin, "for-each-ref", "--format=%(refname)")).isEqualTo("refs/heads/main");
        assertThat(it().push(cache, WORK, options.expecting(moved))).isEqualTo(new PushOutcome.Pushed(moved));
    }

    @Test
    void an_upstream_is_set_only_on_request_and_many_at_once_are_all_kept() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "n.txt", "n\n");
        it().push(cache, WORK, PushOptions.defaults());
        assertThat(git(cache, "config", "--list")).doesNotContain("branch.");
        BranchName review = BranchName.of("review/7");
        it().push(cache, WORK, PushOptions.defaults().to(review).settingUpstream());
        assertThat(git(worktree.path(), "rev-parse", "--abbrev-ref", "@{u}")).isEqualTo("origin/review/7");
        inThreads(6, n -> {
            BranchName branch = BranchName.of("many/" + n);
            add("many" + n, branch);
            assertThat(it().push(cache, branch, PushOptions.defaults().settingUpstream())
                            .succeeded())
                    .isTrue();
        });
        for (int n = 0; n < 6; n++) {
            assertThat(git(worktree("many" + n).path(), "rev-parse", "--abbrev-ref", "@{u}"))
                    .isEqualTo("origin/many/" + n);
        }
        gitAgrees();
    }

    @Test
    void a_push_that_is_refused_sets_no_upstream() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        othersCommit(WORK.value(), "theirs.txt", "t\n");
        commit(worktree, "n.txt", "n\n");
        assertThat(it().push(cache, WORK, PushOptions.defaults().settingUpstream()))
                .isInstanceOf(PushOutcome.Rejected.class);
        assertThat(git(cache, "config", "--list")).doesNotContain("branch.");
    }

    @Test
    void retract_takes_a_landing_back_unless_the_branch_moved_meanwhile() throws Exception {
        fetch();
        CommitId base = there("main");
        commit(add("w", WORK), "n.txt", "n\n");
        CommitId landed = landed(it().land(cache, WORK, MAIN, ANN, Credentials.none()));
        assertThat(it().retract(cache, MAIN, landed, base, Credentials.none())).isEqualTo(new PushOutcome.Pushed(base));
        assertThat(there("main")).isEqualTo(base);
        assertThat(it().history(cache).remoteBranch(MAIN)).contains(base);
        CommitId second = landed(it().land(cache, WORK, MAIN, ANN, Credentials.none()));
        git(others, "pull", "-q", "--ff-only", "origin", "main");
        CommitId theirs = othersCommit("main", "b.txt", "b\n");
        assertThat(it().retract(cache, MAIN, second, base, Credentials.none()))
                .isInstanceOfSatisfying(
                        PushOutcome.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isNotBlank());
        assertThat(there("main")).isEqualTo(theirs);
        gitAgrees();
    }

    private static CommitId landed(MergeOutcome outcome) {
        assertThat(outcome).isInstanceOf(MergeOutcome.Merged.class);
        return ((MergeOutcome.Merged) outcome).head();
    }

    private static Credentials token() {
        return Credentials.token(SecretValue.of(SECRET));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A server with one answer to everything; it remembers which credentials it was shown. */
    private static final class Answers implements AutoCloseable {
        private final ConcurrentLinkedQueue<String> authorizations = new ConcurrentLinkedQueue<>();
        private final HttpServer server;
        private final int status;
        private final Map<String, String> headers;
        private final String body;
        private volatile boolean asking;

        Answers(int status, Map<String, String> headers, String body) throws IOException {
            this.status = status;
            this.headers = headers;
            this.body = body;
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
        }

        /** First asks who it is. */
        void asking() {
            asking = true;
        }

        GitUrl url() {
            return GitUrl.of("http://127.0.0.1:" + server.getAddress().getPort() + "/app.git");
        }

        private void answer(HttpExchange exchange) throws IOException {
            List<String> shown = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
            authorizations.addAll(shown);
            boolean ask = asking && shown.isEmpty();
            if (ask) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
            } else {
                headers.forEach(exchange.getResponseHeaders()::add);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(ask ? 401 : status, bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
