package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.plan.ProjectName;
import dev.angee.runtime.BackendInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said of machines on which containers cannot be run. */
@Timeout(60)
class DescriptionTest {
    @TempDir
    Path folder;

    @Test
    void version_1_of_compose_is_refused_by_its_name_with_the_way_to_version_2() throws Exception {
        program("docker", "echo \"docker: 'compose' is not a docker command.\" >&2; exit 1");
        program("docker-compose", "[ \"$*\" = 'version --short' ] && echo 1.29.2");
        assertProblem(describe(nowhere()), "docker-compose 1.29.2", "version 1", "install", "docker-compose-plugin");
    }

    @Test
    void a_compose_2_that_docker_does_not_know_as_its_plugin_is_told_as_such() throws Exception {
        program("docker", "echo 'unknown shorthand flag' >&2; exit 125");
        program("docker-compose", "echo v2.26.1");
        assertProblem(describe(nowhere()), "docker-compose v2.26.1", "cli-plugins/docker-compose");
    }

    @Test
    void help_with_exit_code_0_is_no_version() throws Exception {
        program("docker", "echo 'Usage: docker [OPTIONS] COMMAND'; exit 0");
        assertProblem(describe(nowhere()), "not installed", "install");
        for (String odd : new String[] {"1.99.9", "2", "99999999999.1", "v2x.1", "", "0.1"}) {
            program("docker", "echo '" + odd + "'");
            assertProblem(describe(nowhere()), "not installed", "install");
        }
    }

    @Test
    void a_docker_program_that_hangs_is_given_up_and_told_of() throws Exception {
        program("docker", "trap '' TERM; sleep 1000");
        assertProblem(describe(nowhere()), "did not end within 8 s", "run it by hand");
    }

    @Test
    void versions_of_all_spellings_will_do_and_old_ones_are_warned_of() {
        assertThat(ComposeProgram.warning("2.26.1-4")).isEmpty();
        assertThat(ComposeProgram.warning("v2.40.0")).isEmpty();
        assertThat(ComposeProgram.warning("5.0.1")).isEmpty();
        assertThat(ComposeProgram.warning("v2.4.1").orElseThrow()).contains("v2.4.1", "update it");
    }

    @Test
    void a_compose_that_will_do_is_asked_once_and_a_missing_one_again() throws Exception {
        Path asked = folder.resolve("asked");
        program("docker", "exit 1");
        try (ComposeBackend backend = open(nowhere())) {
            assertProblem(backend.describe(), "not installed");
            program("docker", "echo x >> " + asked + "; echo 2.26.1-4");
            assertProblem(backend.describe(), "no such socket");
            assertProblem(backend.describe(), "no such socket");
        }
        assertThat(asked).hasContent("x");
    }

    @Test
    void an_engine_that_is_not_there_is_told_by_what_stands_at_its_address() throws Exception {
        program("docker", "echo 2.26.1-4");
        assertProblem(describe(nowhere()), folder + "/nobody.sock", "no such socket", "start it", "DOCKER_HOST");
        Path file = Files.createFile(folder.resolve("file"));
        assertProblem(describe("unix://" + file), file.toString(), "no socket", "DOCKER_HOST");
        Path dead = folder.resolve("dead.sock");
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(dead));
        }
        assertProblem(describe("unix://" + dead), dead.toString(), "does not answer", "start it");
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertProblem(describe("tcp://127.0.0.1:" + port), "127.0.0.1:" + port, "refused", "start it", "firewall");
        for (String odd : new String[] {"ssh://me@far", "tcp://", "tcp://host", "tcp://h:x", "/a/path", "\\"}) {
            assertProblem(describe(odd), "DOCKER_HOST is '" + odd + "'", "unix:///path", "tcp://host:port");
        }
    }

    @Test
    void an_engine_that_hangs_is_given_up_and_told_of() throws Exception {
        program("docker", "echo 2.26.1-4");
        Path socket = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket)); // connections wait in its queue for ever
            assertProblem(describe("unix://" + socket), socket.toString(), "did not answer within 300 ms", "hangs");
        }
    }

    @Test
    void all_of_it_has_one_limit_however_long_the_engine_may_take() throws Exception {
        program("docker", "echo 2.26.1-4");
        Path socket = folder.resolve("s");
        ComposeSettings patient = settings("unix://" + socket).engineTimeout(Duration.ofMinutes(10));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                EngineSession session = new EngineSession(patient)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            ExecutorService workers = Executors.newCachedThreadPool();
            try {
                ComposeProgram compose = new ComposeProgram(patient, workers);
                EngineHost host = new EngineHost(patient);
                Description description =
                        new Description(session.engine(), host, compose, Set.of(), Duration.ofSeconds(3));
                assertThat(description.read().problem()).contains(socket.toString(), "did not answer within");
            } finally {
                workers.shutdownNow();
            }
        }
    }

    @Test
    void a_socket_of_others_is_told_with_the_way_to_the_group_and_what_that_means() {
        Unreachable host = new Unreachable("unix:///var/run/docker.sock");
        String sentence =
                host.sentence(Path.of("/var/run/docker.sock"), Unreachable.Socket.FORBIDDEN, new IOException());
        assertThat(sentence)
                .contains(
                        "/var/run/docker.sock",
                        "run as root",
                        "sudo usermod -aG docker \"$USER\"",
                        "commands this host");
    }

    @Test
    void an_engine_that_wants_tls_is_told_with_the_way_around() {
        RuntimeException said = new RuntimeException("Client sent an HTTP request to an HTTPS server.");
        assertThat(Unreachable.hint(said)).contains("TLS", "tunnel");
        assertThat(Unreachable.hint(new RuntimeException("no such container"))).isEmpty();
    }

    private static void assertProblem(BackendInfo info, String... parts) {
        assertThat(info.usable()).isFalse();
        assertThat(info.problem()).contains(parts);
        assertThat(info.features()).isNotEmpty();
    }

    private String nowhere() {
        return "unix://" + folder + "/nobody.sock";
    }

    private BackendInfo describe(String host) {
        try (ComposeBackend backend = open(host)) {
            return backend.describe();
        }
    }

    private ComposeBackend open(String host) {
        return ComposeBackend.open(new ProjectName("p-1"), folder, settings(host));
    }

    private ComposeSettings settings(String host) {
        return ComposeSettings.of(System.getenv())
                .program(folder.resolve("docker").toString())
                .dockerHost(host)
                .engineTimeout(Duration.ofMillis(300));
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
