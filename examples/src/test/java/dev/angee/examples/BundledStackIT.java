package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.runtime.DownOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.SecretName;
import dev.angee.stack.Stack;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The central instance: an operator that is this library in a container, a real Caddy in front, a real PostgreSQL. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BundledStackIT {
    private static final String OPERATOR = "angee-test-operator:local";
    private static final UpOptions UP = UpOptions.defaults().within(Duration.ofMinutes(2));

    @TempDir
    Path folder;

    /** An image of what these tests themselves run on. */
    @BeforeAll
    static void makeOperator(@TempDir Path context) throws Exception {
        BundledInstance.require("angee-java:local", "angee-edge:local", "angee-database:local");
        List<String> inside = new ArrayList<>();
        for (String entry : Pattern.compile(":")
                .splitAsStream(System.getProperty("java.class.path"))
                .toList()) {
            Path from = Path.of(entry);
            if (Files.exists(from)) {
                String name = inside.size() + (Files.isDirectory(from) ? "" : ".jar");
                run("cp", "-rL", entry, context.resolve(name).toString());
                inside.add("/cp/" + name);
            }
        }
        Files.writeString(context.resolve("Dockerfile"), """
                FROM angee-java:local
                COPY . /cp/
                CMD ["java", "-XX:TieredStopAtLevel=1", "-cp", "%s", "dev.angee.examples.TestOperator", "/srv/angee"]
                """.formatted(String.join(":", inside)));
        run("docker", "build", "-q", "-t", OPERATOR, context.toString());
    }

    @AfterAll
    static void removeOperator() {
        BundledInstance.docker("image", "rm", OPERATOR);
    }

    @Test
    void behind_its_edge_the_operator_answers_who_has_the_token_and_the_database_keeps_its_data() throws Exception {
        String edge = BundledInstance.freePort();
        String database = BundledInstance.freePort();
        try (BundledInstance instance = BundledInstance.of(
                folder.toRealPath().resolve("central"),
                "local",
                Map.of(
                        "operator_image", OPERATOR,
                        "edge_image", "angee-edge:local",
                        "tls", "off",
                        "edge_port", edge,
                        "domain", "central.example.org",
                        "database", "true",
                        "database_image", "angee-database:local",
                        "database_port", database))) {
            Stack stack = instance.stack();
            stack.up(UP);
            instance.assertHealthy("operator", "platform-db");
            String host = "operator.central.example.org";
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> answer(edge, host, "/healthz", "").startsWith("HTTP/1.1 200"));
            assertThat(answer(edge, "other.example.org", "/healthz", "")).doesNotContain("\"ok\"");
            assertThat(answer(edge, host, "/stack/status", "")).startsWith("HTTP/1.1 401");
            assertThat(answer(edge, host, "/stack/status", "wrong")).startsWith("HTTP/1.1 401");
            String token = secret(stack, "operator-token");
            assertThat(answer(edge, host, "/stack/status", token))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"platform-db\"", "\"operator\"", "\"healthy\"");

            String password = secret(stack, "platform-db");
            assertThat(sql(database, password, "create table t as select 42 as n"))
                    .isEqualTo("SELECT 1");
            assertThat(sql(database, "guessed", "select 1")).contains("password authentication failed");
            for (String value : List.of(token, password, secret(stack, "operator-jwt"))) {
                instance.assertNowhereWritten(value);
            }
            stack.down(DownOptions.defaults());
            stack.up(UP);
            assertThat(sql(database, password, "select n from t")).isEqualTo("42");
        }
    }

    @Test
    void without_an_edge_the_operator_answers_on_a_port_of_this_host_only() throws Exception {
        String port = BundledInstance.freePort();
        try (BundledInstance instance = BundledInstance.of(
                folder.toRealPath().resolve("central"),
                "local",
                Map.of("operator_image", OPERATOR, "edge", "false", "operator_port", port))) {
            instance.stack().up(UP);
            instance.assertHealthy("operator");
            assertThat(answer(port, "localhost", "/healthz", "")).startsWith("HTTP/1.1 200");
            assertThat(answer(port, "localhost", "/stack/status", secret(instance.stack(), "operator-token")))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"operator\"")
                    .doesNotContain("platform-db");
            assertThat(instance.stack()
                            .plan()
                            .workload("operator")
                            .orElseThrow()
                            .ports())
                    .singleElement()
                    .satisfies(each -> assertThat(each.address()).isEqualTo("127.0.0.1"));
        }
    }

    private static String secret(Stack stack, String name) {
        return stack.secrets().value(new SecretName(name)).reveal();
    }

    /** By hand: the JDK's client does not let a host be called by another name. */
    private static String answer(String port, String host, String path, String token) throws IOException {
        try (Socket socket = new Socket(BundledInstance.loopback(), Integer.parseInt(port));
                OutputStream out = socket.getOutputStream()) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                    + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n";
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String sql(String port, String password, String query) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "psql", "-h", "127.0.0.1", "-p", port, "-U", "platform", "-At", "-c", query, "platform")
                .redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", password);
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
