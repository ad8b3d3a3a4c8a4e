package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.secret.SecretValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** OpenSSH's own server on a port of this machine only, for the user who runs this and the keys that are made here. */
final class SshServer implements AutoCloseable {
    private final Path folder;
    private final Process process;
    private final int port;

    /** @param folder where keys and configuration are put */
    SshServer(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.port = freePort();
        key("host");
        key("good");
        key("bad");
        Files.copy(folder.resolve("good.pub"), folder.resolve("authorized"));
        Files.writeString(
                folder.resolve("config"),
                String.join(
                        "\n",
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + folder.resolve("host"),
                        "AuthorizedKeysFile " + folder.resolve("authorized"),
                        "PidFile none",
                        "StrictModes no",
                        "UsePAM no",
                        "PermitRootLogin prohibit-password",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        ""));
        this.process = new ProcessBuilder(
                        program(), "-D", "-e", "-f", folder.resolve("config").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(30)).until(this::answers);
        Files.writeString(
                folder.resolve("known"),
                "[127.0.0.1]:" + port + " "
                        + Files.readString(folder.resolve("host.pub")).strip() + "\n");
        Files.writeString(folder.resolve("others"), "");
    }

    String url(Path repository) {
        return "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + repository;
    }

    /** A private key: {@code good} or {@code bad}. */
    SecretValue secret(String name) throws IOException {
        return SecretValue.of(Files.readString(folder.resolve(name)));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    private void key(String name) throws Exception {
        Process made = new ProcessBuilder(List.of(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        "ed25519",
                        "-N",
                        "",
                        "-C",
                        name,
                        "-f",
                        folder.resolve(name).toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keygen").toFile())
                .start();
        assertThat(made.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).isZero();
    }

    private boolean answers() {
        assertThat(process.isAlive()).as("sshd").isTrue();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String program() {
        return Files.isExecutable(Path.of("/usr/sbin/sshd")) ? "/usr/sbin/sshd" : "sshd";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
