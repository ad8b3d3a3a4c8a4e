package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.secret.SecretValue;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoteProbe;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A remote behind a password, served by git's own {@code http-backend}. */
class CredentialsOverHttpIT {
    private static final String SECRET = "s3cr3t-t0ken";
    private static final String HEADER = "Basic "
            + Base64.getEncoder().encodeToString(("x-access-token:" + SECRET).getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path folder;

    private Remote remote;
    private final SourceControl git = new JGitSourceControl();

    @BeforeEach
    void makeTheRemote() throws Exception {
        remote = Remote.in(folder);
        git(remote.origin(), "config", "http.receivepack", "true");
    }

    @Test
    void a_token_opens_fetch_push_land_and_retract_and_is_written_nowhere() throws Exception {
        Credentials token = Credentials.token(SecretValue.of(SECRET));
        String encoded = HEADER.substring("Basic ".length());
        try (Wire wire = new Wire();
                GitOverHttp server = new GitOverHttp(remote.folder(), HEADER)) {
            GitUrl url = GitUrl.of(server.url("origin.git"));
            assertThat(git.probe(url, token))
                    .isInstanceOfSatisfying(
                            RemoteProbe.Reached.class,
                            reached -> assertThat(reached.defaultBranch()).isEqualTo(Optional.of(MAIN)));
            git.fetch(url, remote.cache(), FetchOptions.defaults().with(token));
            Worktree worktree = new Worktree(remote.cache(), remote.folder().resolve("w"));
            git.addWorktree(worktree, WORK, MAIN, FetchProgress.none());
            write(worktree.path().resolve("n.txt"), "n\n");
            git.in(worktree).commit("n", ANN);
            assertThat(git.push(
                                    remote.cache(),
                                    WORK,
                                    PushOptions.defaults().with(token).settingUpstream())
                            .succeeded())
                    .isTrue();
            var base = git.history(remote.cache()).remoteBranch(MAIN).orElseThrow();
            MergeOutcome landed = git.land(remote.cache(), WORK, MAIN, ANN, token);
            assertThat(git.retract(remote.cache(), MAIN, ((MergeOutcome.Merged) landed).head(), base, token)
                            .succeeded())
                    .isTrue();
            assertThat(git(remote.origin(), "rev-parse", "main")).isEqualTo(base.value());
            assertThat(wire.records).as("the JDK does log").isNotEmpty().noneMatch(text -> text.contains(encoded));
        }
        try (Stream<Path> files = Files.walk(remote.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(SECRET)
                        .doesNotContain(encoded);
            }
        }
    }

    @Test
    void a_wrong_one_or_none_is_unavailable_with_what_to_do_and_changes_nothing() throws Exception {
        Credentials token = Credentials.token(SecretValue.of(SECRET));
        try (GitOverHttp server = new GitOverHttp(remote.folder(), HEADER)) {
            GitUrl url = GitUrl.of(server.url("origin.git"));
            git.fetch(url, remote.cache(), FetchOptions.defaults().with(token));
            Worktree worktree = new Worktree(remote.cache(), remote.folder().resolve("w"));
            git.addWorktree(worktree, WORK, MAIN, FetchProgress.none());
            Credentials wrong = Credentials.token(SecretValue.of("wr0ng-t0ken"));
            for (Credentials shown : List.of(Credentials.none(), wrong)) {
                assertThat(git.probe(url, shown)).isInstanceOf(RemoteProbe.BadCredentials.class);
                assertThatThrownBy(() -> git.push(
                                remote.cache(), WORK, PushOptions.defaults().with(shown)))
                        .isInstanceOfSatisfying(
                                AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                        .hasMessageContaining("credentials")
                        .hasMessageNotContaining("wr0ng-t0ken");
            }
            assertThat(git(remote.origin(), "for-each-ref", "--format=%(refname)"))
                    .isEqualTo("refs/heads/main");
        }
    }

    /** Everything that the JDK's own HTTP client logs. */
    private static final class Wire extends Handler implements AutoCloseable {
        private final List<String> records = new CopyOnWriteArrayList<>();
        private final Logger logger = Logger.getLogger("sun.net.www.protocol.http.HttpURLConnection");
        private final Level before = logger.getLevel();

        Wire() {
            logger.setLevel(Level.ALL);
            setLevel(Level.ALL);
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord record) {
            records.add(String.valueOf(record.getMessage()));
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            logger.removeHandler(this);
            logger.setLevel(before);
        }
    }
}
