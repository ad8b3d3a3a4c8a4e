package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.secret.SecretValue;
import dev.angee.source.BranchName;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoteProbe;
import dev.angee.source.SourceControl;
import dev.angee.source.SourceControlInfo.Ability;
import dev.angee.source.Worktree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Remotes that want credentials: git's own smart HTTP with a password, and OpenSSH. What is shown to them is written
 * nowhere: not into the cache, a worktree, a home or a temporary folder, not on a command line, in a log or in an error.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RemoteAccessIT {
    private static final String USER = "ann";
    private static final String CANARY = "canary-7f3a'\"$x`y %41";
    private static final Credentials GOOD = new Credentials.Password(USER, SecretValue.of(CANARY));
    private static final Credentials BAD = new Credentials.Password(USER, SecretValue.of(CANARY + "-wrong"));
    private static final BranchName WORK = BranchName.of("workspace/x");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final List<String> errors = new ArrayList<>();
    private final Logger http = Logger.getLogger("sun.net.www.protocol.http.HttpURLConnection");
    private PrintStream stderr;
    private ConsoleHandler console;
    private CommandLines commandLines;
    private Remote remote;

    static Stream<String> engines() {
        return Engines.names().stream();
    }

    @BeforeEach
    void watch() throws Exception {
        remote = Remote.in(folder);
        stderr = System.err;
        System.setErr(new PrintStream(said, true, UTF_8));
        console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        http.addHandler(console);
        http.setLevel(Level.ALL);
        commandLines = new CommandLines();
    }

    @AfterEach
    void nothing_is_found() throws Exception {
        System.setErr(stderr);
        http.removeHandler(console);
        http.setLevel(null);
        List<String> lines = commandLines.stop();
        String basic = Base64.getEncoder().encodeToString((USER + ":" + CANARY).getBytes(UTF_8));
        for (String secret : List.of(CANARY, basic, "canary-7f3a", "BEGIN OPENSSH PRIVATE KEY")) {
            assertThat(said.toString(UTF_8)).as("what was logged").doesNotContain(secret);
            assertThat(errors).as("what errors say").noneMatch(text -> text.contains(secret));
            assertThat(lines).as("command lines").noneMatch(text -> text.contains(secret));
        }
        try (Stream<Path> files = Files.walk(remote.folder())) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(each -> !each.startsWith(remote.folder().resolve("ssh")))
                    .toList()) {
                String text = new String(Files.readAllBytes(file), ISO_8859_1);
                assertThat(text).as(file.toString()).doesNotContain("canary-7f3a", basic, "OPENSSH PRIVATE");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void over_http_a_good_password_fetches_and_pushes_and_the_next_call_without_it_does_not(String engine)
            throws Exception {
        SourceControl control = Engines.of(engine);
        try (GitOverHttp server = new GitOverHttp(remote.folder(), USER, CANARY)) {
            GitUrl url = GitUrl.of(server.url("origin.git"));
            assertThat(control.probe(url, GOOD)).isInstanceOfSatisfying(RemoteProbe.Reached.class, reached -> {
                assertThat(reached.defaultBranch()).contains(MAIN);
                assertThat(reached.branches()).containsOnlyKeys(MAIN);
            });
            circle(control, url, GOOD);
            refused(() -> control.fetch(url, remote.cache(), FetchOptions.defaults()), "credentials");
            refused(() -> control.push(remote.cache(), WORK, PushOptions.defaults()), "credentials");
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void over_http_bad_credentials_no_repository_and_nobody_there_are_told_apart(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        try (GitOverHttp server = new GitOverHttp(remote.folder(), USER, CANARY)) {
            GitUrl url = GitUrl.of(server.url("origin.git"));
            assertThat(probe(control, url, BAD)).isInstanceOf(RemoteProbe.BadCredentials.class);
            assertThat(probe(control, url, Credentials.none())).isInstanceOf(RemoteProbe.BadCredentials.class);
            assertThat(probe(control, GitUrl.of(server.url("other.git")), GOOD))
                    .isInstanceOf(RemoteProbe.NoAccess.class);
            refused(
                    () -> control.fetch(
                            url, remote.cache(), FetchOptions.defaults().with(BAD)),
                    "credentials");
            assertThat(Files.exists(remote.cache())).isFalse();
        }
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        GitUrl gone = GitUrl.of("http://127.0.0.1:" + nobody + "/origin.git");
        assertThat(probe(control, gone, GOOD)).isInstanceOf(RemoteProbe.Unreachable.class);
        assertThat(probe(control, GitUrl.of("http://no-such-host.invalid/x.git"), GOOD))
                .isInstanceOf(RemoteProbe.Unreachable.class);
        refused(
                () -> control.fetch(
                        gone, remote.cache(), FetchOptions.defaults().with(GOOD)),
                "127.0.0.1");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_server_that_sends_us_elsewhere_does_not_get_our_password_there(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        try (GitOverHttp server = new GitOverHttp(remote.folder(), USER, CANARY);
                RedirectingServer first = new RedirectingServer(server.url(""))) {
            RemoteProbe probe = probe(control, GitUrl.of(first.url("origin.git")), GOOD);
            assertThat(probe.succeeded()).as(probe.toString()).isFalse();
            assertThat(server.authorizations())
                    .as("what the second server was shown")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void over_ssh_a_good_key_fetches_and_pushes_and_others_are_told_apart(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        try (SshServer server = new SshServer(remote.folder().resolve("ssh"))) {
            GitUrl url = GitUrl.of(server.url(remote.origin()));
            Credentials good = new Credentials.SshKey(server.secret("good"), server.file("known"));
            if (!control.describe().abilities().contains(Ability.SSH_KEYS)) {
                assertThatThrownBy(() -> control.probe(url, good))
                        .isInstanceOfSatisfying(
                                AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
                return;
            }
            assertThat(control.probe(url, good)).isInstanceOf(RemoteProbe.Reached.class);
            circle(control, url, good);
            Credentials bad = new Credentials.SshKey(server.secret("bad"), server.file("known"));
            assertThat(probe(control, url, bad)).isInstanceOf(RemoteProbe.BadCredentials.class);
            assertThat(probe(control, url, Credentials.none()).succeeded()).isFalse();
            assertThat(probe(control, url, new Credentials.SshKey(server.secret("good"), server.file("others"))))
                    .as("a host that is not known")
                    .isInstanceOf(RemoteProbe.Unreachable.class);
            assertThat(probe(control, GitUrl.of(server.url(remote.folder().resolve("nothing.git"))), good))
                    .isInstanceOf(RemoteProbe.NoAccess.class);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void over_ssh_an_agent_is_asked_where_it_is_named(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        if (!control.describe().abilities().contains(Ability.SSH_KEYS)) {
            return; // as the test above says of it
        }
        try (SshServer server = new SshServer(remote.folder().resolve("ssh"));
                SshAgent agent = new SshAgent(remote.folder().resolve("ssh"), server.file("good"))) {
            GitUrl url = GitUrl.of(server.url(remote.origin()));
            assertThat(control.probe(url, new Credentials.SshAgent(Optional.of(agent.socket()), server.file("known"))))
                    .isInstanceOf(RemoteProbe.Reached.class);
            assertThat(probe(
                                    control,
                                    url,
                                    new Credentials.SshAgent(
                                            Optional.of(remote.folder().resolve("no-agent")), server.file("known")))
                            .succeeded())
                    .isFalse();
        }
    }

    private void circle(SourceControl control, GitUrl url, Credentials shown) throws Exception {
        control.fetch(url, remote.cache(), FetchOptions.defaults().with(shown));
        Worktree worktree = new Worktree(remote.cache(), remote.folder().resolve("w"));
        control.addWorktree(worktree, WORK, MAIN, FetchProgress.none());
        write(worktree.path().resolve("n.txt"), "new\n");
        control.in(worktree).commit("new", ANN);
        assertThat(control.push(remote.cache(), WORK, PushOptions.defaults().with(shown))
                        .succeeded())
                .isTrue();
        assertThat(control.land(remote.cache(), WORK, MAIN, ANN, shown)).isInstanceOf(MergeOutcome.Merged.class);
        assertThat(git(remote.origin(), "show", "main:n.txt")).isEqualTo("new");
        assertThat(git(remote.origin(), "rev-parse", WORK.fullName()))
                .isEqualTo(git(worktree.path(), "rev-parse", "HEAD"));
        assertThat(control.in(worktree).status(MAIN).pushed()).isTrue();
    }

    private RemoteProbe probe(SourceControl control, GitUrl url, Credentials shown) {
        RemoteProbe probe = control.probe(url, shown);
        errors.add(probe.toString());
        return probe;
    }

    private void refused(ThrowingCallable call, String saying) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining(saying)
                .satisfies(e -> {
                    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                        errors.add(String.valueOf(cause));
                    }
                });
    }

    /** The command lines of all processes that are there at some moment. */
    private static final class CommandLines {
        private final List<String> lines = new ArrayList<>();
        private final Thread thread = new Thread(this::collect);
        private volatile boolean stopped;

        CommandLines() {
            thread.setDaemon(true);
            thread.start();
        }

        private void collect() {
            while (!stopped) {
                try (Stream<Path> all = Files.list(Path.of("/proc"))) {
                    all.filter(each -> each.getFileName().toString().matches("\\d+"))
                            .forEach(this::add);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private void add(Path process) {
            try {
                String line = Files.readString(process.resolve("cmdline"), ISO_8859_1);
                synchronized (lines) {
                    if (!lines.contains(line)) {
                        lines.add(line);
                    }
                }
            } catch (IOException e) {
                // It has ended.
            }
        }

        List<String> stop() throws InterruptedException {
            stopped = true;
            thread.join();
            return lines;
        }
    }
}
