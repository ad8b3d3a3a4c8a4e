package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.MAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.RemoteProbe;
import dev.angee.source.SourceControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A remote that is git's own daemon. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GitDaemonIT {
    @TempDir
    Path folder;

    private Remote remote;
    private Process daemon;
    private int port;

    static Stream<SourceControl> engines() {
        return Stream.of(new JGitSourceControl(), new GitSourceControl(System.getenv()));
    }

    @BeforeEach
    void startTheDaemon() throws Exception {
        remote = Remote.in(folder);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        daemon = new ProcessBuilder(
                        "git",
                        "daemon",
                        "--reuseaddr",
                        "--listen=127.0.0.1",
                        "--port=" + port,
                        "--export-all",
                        "--base-path=" + remote.folder(),
                        remote.folder().toString())
                .redirectErrorStream(true)
                .redirectOutput(remote.folder().resolve("daemon.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void endTheDaemon() throws Exception {
        daemon.descendants().forEach(ProcessHandle::destroyForcibly);
        daemon.destroyForcibly().waitFor();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void it_is_looked_at_and_fetched_from_again_and_again(SourceControl it) throws Exception {
        GitUrl url = GitUrl.of("git://127.0.0.1:" + port + "/origin.git");
        CommitId first = new CommitId(git(remote.origin(), "rev-parse", "main"));
        assertThat(it.probe(url, Credentials.none()))
                .isEqualTo(new RemoteProbe.Reached(Optional.of(MAIN), Map.of(MAIN, first)));
        it.fetch(url, remote.cache(), FetchOptions.defaults());
        assertThat(it.history(remote.cache()).remoteBranch(MAIN)).contains(first);
        assertThat(it.history(remote.cache()).defaultBranch()).isEqualTo(MAIN);
        write(remote.others().resolve("b.txt"), "b\n");
        remote.commitAll();
        git(remote.others(), "tag", "-a", "-m", "one", "v1");
        git(remote.others(), "push", "-q", "origin", "v1");
        it.fetch(url, remote.cache(), FetchOptions.defaults());
        assertThat(it.history(remote.cache()).remoteBranch(MAIN).orElseThrow().value())
                .isEqualTo(git(remote.origin(), "rev-parse", "main"));
        assertThat(git(remote.cache(), "tag")).isEqualTo("v1");
        RealGit.assertSound(remote.cache());
        assertThatThrownBy(() -> it.fetch(
                        GitUrl.of("git://127.0.0.1:" + port + "/nothing.git"),
                        remote.folder().resolve("no.git"),
                        FetchOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
}
