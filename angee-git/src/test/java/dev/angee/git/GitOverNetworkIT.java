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
import dev.angee.InvalidInputException;
import dev.angee.secret.SecretValue;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoteProbe;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The git program and remotes that want to know who is there: a web server with git's own end, and a real sshd. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GitOverNetworkIT {
    private static final String SECRET = "s3cr3t-t0ken\"'$(id)\\";
    private static final String HEADER =
            "Basic " + Base64.getEncoder().encodeToString(("ann:" + SECRET).getBytes(StandardCharsets.UTF_8));
    private static final Path SSHD = Path.of("/usr/sbin/sshd");

    private final SourceControl it = new GitSourceControl(System.getenv());

    @TempDir
    Path folder;

    private Remote remote;
    private Set<Path> stagesBefore;
    private Optional<Process> sshd = Optional.empty();

    @BeforeEach
    void makeTheRemote() throws Exception {
        remote = Remote.in(folder);
        git(remote.origin(), "config", "http.receivepack", "true");
        stagesBefore = PrivateFolder.inUse();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        sshd.ifPresent(Process::destroyForcibly);
        assertThat(PrivateFolder.inUse()).isSubsetOf(stagesBefore);
        try (Stream<Path> files = Files.walk(remote.cache().getParent())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("s3cr3t")
                        .doesNotContain(HEADER.substring(6))
                        .doesNotContain("PRIVATE KEY");
            }
        }
    }

    /** Everything there is to do with a remote. */
    private void wholeCircle(GitUrl url, Credentials credentials) throws Exception {
        assertThat(it.probe(url, credentials))
                .isEqualTo(new RemoteProbe.Reached(
                        Optional.of(MAIN), Map.of(MAIN, new CommitId(git(remote.origin(), "rev-parse", "main")))));
        it.fetch(url, remote.cache(), FetchOptions.defaults().with(credentials));
        Worktree worktree = new Worktree(remote.cache(), remote.folder().resolve("w"));
        it.addWorktree(worktree, WORK, MAIN, FetchProgress.none());
        write(worktree.path().resolve("n.txt"), "n\n");
        CommitId mine = it.in(worktree).commit("n", ANN).orElseThrow();
        PushOptions push = PushOptions.defaults().with(credentials);
        assertThat(it.push(remote.cache(), WORK, push.settingUpstream()).succeeded())
                .isTrue();
        assertThat(it.push(remote.cache(), WORK, push).succeeded()).as("again").isTrue();
        assertThat(git(remote.origin(), "rev-parse", WORK.fullName())).isEqualTo(mine.value());
        assertThat(git(worktree.path(), "rev-parse", "--abbrev-ref", "@{u}")).isEqualTo("origin/" + WORK);
        CommitId base = it.history(remote.cache()).remoteBranch(MAIN).orElseThrow();
        MergeOutcome landed = it.land(remote.cache(), WORK, MAIN, ANN, credentials);
        CommitId merge = ((MergeOutcome.Merged) landed).head();
        assertThat(git(remote.origin(), "rev-parse", "main")).isEqualTo(merge.value());
        assertThat(it.retract(remote.cache(), MAIN, merge, base, credentials).succeeded())
                .isTrue();
        assertThat(it.retract(remote.cache(), MAIN, merge, base, credentials).succeeded())
                .as("it was already")
                .isTrue();
        assertThat(it.retract(remote.cache(), MAIN, merge, mine, credentials).succeeded())
                .as("it is there no more")
                .isFalse();
        write(remote.others().resolve("b.txt"), "b\n");
        remote.commitAll();
        it.fetch(url, remote.cache(), FetchOptions.defaults().with(credentials));
        assertThat(it.history(remote.cache()).remoteBranch(MAIN))
                .contains(new CommitId(git(remote.origin(), "rev-parse", "main")));
        assertThat(git(remote.cache(), "config", "--list")).doesNotContain("credential", "extraheader", "sshcommand");
        RealGit.assertSound(remote.cache());
    }

    private void assertRefused(GitUrl url, Credentials credentials, String advice) {
        assertThatThrownBy(() ->
                        it.fetch(url, remote.cache(), FetchOptions.defaults().with(credentials)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining(advice)
                .hasMessageNotContaining("s3cr3t");
        assertThat(remote.cache()).doesNotExist();
    }

    @Test
    void a_password_opens_a_web_server_and_is_kept_nowhere() throws Exception {
        try (GitOverHttp server = new GitOverHttp(remote.folder(), HEADER)) {
            GitUrl url = GitUrl.of(server.url("origin.git"));
            Credentials none = Credentials.none();
            Credentials wrong = new Credentials.Password("ann", SecretValue.of("s3cr3t-wrong"));
            Files.createDirectories(remote.cache().getParent());
            for (Credentials shown : List.of(none, wrong)) {
                assertThat(it.probe(url, shown))
                        .isInstanceOfSatisfying(
                                RemoteProbe.BadCredentials.class,
                                probe -> assertThat(probe.reason()).doesNotContain("s3cr3t"));
                assertRefused(url, shown, "give credentials that it takes");
            }
            Credentials right = new Credentials.Password("ann", SecretValue.of(SECRET));
            assertThat(it.probe(GitUrl.of(server.url("nope.git")), right)).isInstanceOf(RemoteProbe.NoAccess.class);
            git(
                    folder,
                    "init",
                    "-q",
                    "--bare",
                    remote.folder().resolve("empty.git").toString());
            assertThat(it.probe(GitUrl.of(server.url("empty.git")), right))
                    .isEqualTo(new RemoteProbe.Reached(Optional.empty(), Map.of()));
            wholeCircle(url, right);
        }
    }

    @Test
    void credentials_of_the_wrong_kind_are_refused_before_anybody_is_asked() throws Exception {
        Files.createDirectories(remote.cache().getParent());
        Credentials token = Credentials.token(SecretValue.of(SECRET));
        Credentials key = new Credentials.SshKey(SecretValue.of("s3cr3t"), write(folder.resolve("hosts"), ""));
        assertThatThrownBy(() -> it.probe(GitUrl.of("ssh://127.0.0.1:1/x"), token))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("s3cr3t");
        assertThatThrownBy(() -> it.probe(GitUrl.of("http://127.0.0.1:1/x"), key))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_key_opens_an_ssh_server_that_is_known_and_no_other() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(SSHD), "no sshd here");
        boolean root = System.getProperty("user.name").equals("root");
        Assumptions.assumeTrue(!root || Files.isDirectory(Path.of("/run/sshd")), "sshd of root needs /run/sshd");
        Path key = keyPair("key");
        Path stranger = keyPair("stranger");
        Path host = keyPair("host");
        int port = startSshd(host, key);
        GitUrl url = GitUrl.of("ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + remote.origin());
        Path known = write(folder.resolve("known hosts%h"), "[127.0.0.1]:" + port + " " + publicKey(host));
        Path unknown = write(folder.resolve("unknown"), "[127.0.0.1]:" + port + " " + publicKey(stranger));
        SecretValue secret = SecretValue.of(Files.readString(key));
        Files.createDirectories(remote.cache().getParent());
        for (Path hosts : List.of(unknown, write(folder.resolve("empty"), ""))) {
            assertThat(it.probe(url, new Credentials.SshKey(secret, hosts)))
                    .isInstanceOf(RemoteProbe.Unreachable.class);
        }
        Credentials other = new Credentials.SshKey(SecretValue.of(Files.readString(stranger)), known);
        assertThat(it.probe(url, other)).isInstanceOf(RemoteProbe.BadCredentials.class);
        assertRefused(url, other, "give credentials that it takes");
        assertThat(it.probe(url, Credentials.none()).succeeded()).isFalse();
        Credentials right = new Credentials.SshKey(secret, known);
        assertThat(it.probe(GitUrl.of(url.value() + "-nope"), right)).isInstanceOf(RemoteProbe.NoAccess.class);
        wholeCircle(url, right);
    }

    private Path keyPair(String name) throws Exception {
        Path file = folder.resolve(name);
        Process process = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        return file;
    }

    private static String publicKey(Path key) throws IOException {
        return Files.readString(Path.of(key + ".pub"));
    }

    private int startSshd(Path host, Path trusted) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = write(
                folder.resolve("sshd_config"),
                String.join(
                        "\n",
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + host,
                        "PidFile none",
                        "AuthorizedKeysFile " + trusted + ".pub",
                        "StrictModes no",
                        "UsePAM no",
                        "PermitRootLogin yes",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        ""));
        sshd = Optional.of(new ProcessBuilder(SSHD.toString(), "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sshd.log").toFile())
                .start());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return port;
            } catch (IOException e) {
                assertThat(System.nanoTime() - deadline)
                        .as(Files.readString(folder.resolve("sshd.log")))
                        .isNegative();
                Thread.onSpinWait();
            }
        }
    }
}
