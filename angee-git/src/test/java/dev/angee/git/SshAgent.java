package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An {@code ssh-agent} that has one key. */
final class SshAgent implements AutoCloseable {
    private final Path socket;
    private final Process process;

    SshAgent(Path folder, Path key) throws Exception {
        this.socket = folder.resolve("agent");
        this.process = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("agent-log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(socket));
        ProcessBuilder adding = new ProcessBuilder("ssh-add", "-q", key.toString());
        adding.environment().put("SSH_AUTH_SOCK", socket.toString());
        Process added = adding.redirectErrorStream(true)
                .redirectOutput(folder.resolve("add-log").toFile())
                .start();
        assertThat(added.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(added.exitValue()).isZero();
    }

    Path socket() {
        return socket;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
