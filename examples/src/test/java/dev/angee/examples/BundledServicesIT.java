package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.runtime.ExecRequest;
import dev.angee.runtime.ExecSession;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.WorkspaceRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled services, each at work in a workspace that the bundled template cut. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BundledServicesIT {
    private static final UpOptions UP = UpOptions.defaults().within(Duration.ofMinutes(3));
    private static final String KEY = "sk-canary-0f1e2d3c4b5a";

    @TempDir
    Path folder;

    private BundledInstance instance;
    private Path app;

    @BeforeEach
    void makeWorkspace() throws Exception {
        BundledInstance.require("angee-busybox:local", "angee-php:local", "angee-agent:local");
        folder = folder.toRealPath();
        Path repository =
                Files.createDirectories(folder.resolve("repository/public")).getParent();
        Repositories.git(repository, "init", "-q", "-b", "main");
        Files.writeString(repository.resolve("go.mod"), "module example.org/shop\n\ngo 1.19\n");
        Files.writeString(repository.resolve("main.go"), program("hello"));
        Files.writeString(repository.resolve("greeting.txt"), "of main");
        Files.writeString(
                repository.resolve("public/index.php"),
                "<?php echo @file_get_contents('/srv/app/made.txt') ?: 'nothing', ' from PHP';");
        Files.writeString(repository.resolve("make.php"), "<?php file_put_contents('made.txt', 'made by the host');");
        Repositories.commit(repository, "first");
        Repositories.git(folder, "clone", "-q", "--bare", repository.toString(), "app.git");
        instance = new BundledInstance(folder.resolve("instance"), """
                name: shop
                sources: { app: { kind: git, repo: "%s" } }
                workspaces: { w1: { template: workspaces/dev } }
                """.formatted(folder.resolve("app.git")));
        Workspace workspace = instance.angee()
                .workspaces()
                .create(WorkspaceRequest.named("w1")
                        .template("dev")
                        .inputs(Map.of("serve", "[\"sleep\", \"600\"]", "check", "[\"true\"]")));
        app = workspace.slot("app").worktree().path();
    }

    private static String program(String word) {
        return """
                package main

                import (
                	"fmt"
                	"net/http"
                	"os"
                )

                func main() {
                	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
                		greeting, _ := os.ReadFile("greeting.txt")
                		fmt.Fprintf(w, "%s %%s %%v", greeting, os.Args[1:])
                	})
                	http.ListenAndServe(":"+os.Getenv("PORT"), nil)
                }
                """.formatted(word);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (instance != null) {
            instance.close();
        }
    }

    @Test
    void a_go_service_is_built_on_the_host_runs_in_a_base_image_and_sees_the_repository() throws Exception {
        String port = BundledInstance.freePort();
        instance.add(
                "web-go",
                "shop-w1",
                "w1",
                Map.of("image", "angee-busybox:local", "alloc_web", port, "arguments", "[\"-x\", \"a b\"]"));
        instance.stack().up(UP);
        instance.assertHealthy("shop-w1");
        assertThat(served(port, "/")).isEqualTo("hello of main [-x a b]");
        Files.writeString(app.resolve("greeting.txt"), "of w1");
        assertThat(served(port, "/")).isEqualTo("hello of w1 [-x a b]");
        assertThat(Repositories.git(app, "status", "--porcelain"))
                .as("the build leaves nothing in the repository")
                .isEqualTo(" M greeting.txt\n");

        Files.writeString(app.resolve("main.go"), program("goodbye"));
        ExitStatus built = instance.stack().run("shop-w1-build", RunOptions.defaults());
        assertThat(built.succeeded()).as(built.output()).isTrue();
        instance.stack().restart(Selection.of("shop-w1"), StopOptions.defaults());
        instance.stack().up(UP);
        assertThat(served(port, "/")).isEqualTo("goodbye of w1 [-x a b]");

        Files.writeString(app.resolve("main.go"), "package main\n\nfunc main() { no such thing }\n");
        ExitStatus broken = instance.stack().run("shop-w1-build", RunOptions.defaults());
        assertThat(broken.succeeded()).isFalse();
        assertThat(broken.output()).contains("main.go:3");
    }

    @Test
    void a_go_service_whose_program_cannot_be_built_is_not_started_and_up_says_why() throws Exception {
        Files.writeString(app.resolve("main.go"), "package main\n\nfunc main() { no such thing }\n");
        instance.add(
                "web-go",
                "shop-w1",
                "w1",
                Map.of("image", "angee-busybox:local", "alloc_web", BundledInstance.freePort(), "mount", "false"));
        assertThatThrownBy(() -> instance.stack().up(UP))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("shop-w1-build")
                .hasMessageContaining("main.go:3");
        assertThat(BundledInstance.docker(
                        "ps",
                        "-q",
                        "--filter",
                        "label=com.docker.compose.project="
                                + instance.stack().plan().project()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[\"php\", \"make.php\"]|made by the host from PHP", "[]|nothing from PHP"})
    void a_php_service_is_prepared_on_the_host_and_serves_the_repository(String build, String page) throws Exception {
        String port = BundledInstance.freePort();
        instance.add("web-php", "shop-w1", "w1", Map.of("image", "angee-php:local", "alloc_web", port, "build", build));
        instance.stack().up(UP);
        instance.assertHealthy("shop-w1");
        assertThat(served(port, "/")).isEqualTo(page);
        Files.writeString(app.resolve("public/index.php"), "<?php echo 1 + 1;");
        assertThat(served(port, "/")).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({
        "claude,anthropic-api-key,ANTHROPIC_API_KEY,claude-code-acp []",
        "codex,openai-api-key,CODEX_API_KEY,codex-acp []",
        "opencode,anthropic-api-key,ANTHROPIC_API_KEY,opencode [acp]",
    })
    void an_agent_is_built_by_its_recipe_hardened_has_its_key_and_speaks_its_protocol_C20(
            String agent, String secret, String variable, String answers) throws Exception {
        String port = BundledInstance.freePort();
        String name = "agent-w1-" + agent;
        instance.add(
                "agent-" + agent,
                name,
                "w1",
                Map.of("node_image", "angee-agent:local", "cli_version", "9.8.7", "acp", "true", "alloc_acp", port));
        instance.builds("PROJECT-" + name);
        Files.setPosixFilePermissions(app, PosixFilePermissions.fromString("rwxrwxrwx"));
        instance.stack().secrets().set(new SecretName(secret), SecretValue.of(KEY));
        instance.stack().up(UP);
        instance.assertHealthy(name);
        assertThat(inside(name, agent, "--version")).isEqualTo(agent + " 9.8.7\n");
        assertHardened(name);
        assertThat(inside(name, "sh", "-c", "printf %s \"$" + variable + "\"")).isEqualTo(KEY);
        inside(name, "sh", "-c", "echo mine >new.txt; echo state >$HOME/state");
        assertThat(app.resolve("new.txt")).hasContent("mine");
        instance.assertNowhereWritten(KEY);
        assertThat(BundledInstance.docker("top", container(name), "-eo", "args"))
                .doesNotContain(KEY);
        try (Socket socket = new Socket(BundledInstance.loopback(), Integer.parseInt(port));
                OutputStream out = socket.getOutputStream();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            out.write("{\"method\":\"initialize\"}\n".getBytes(StandardCharsets.UTF_8));
            assertThat(in.readLine()).isEqualTo(answers + " in /workspace: {\"method\":\"initialize\"}");
        }
    }

    @Test
    void several_agents_of_one_workspace_run_from_images_that_are_there_and_know_nothing_of_each_others_keys()
            throws Exception {
        Map<String, String> keys = new TreeMap<>();
        for (String agent : new String[] {"claude", "codex"}) {
            String name = "agent-w1-" + agent;
            Path recipe = Files.writeString(
                    Files.createDirectories(folder.resolve("image-" + agent)).resolve("Dockerfile"),
                    "FROM angee-agent:local\nRUN npm install -g @anthropic-ai/claude-code@1 @openai/codex@1\n");
            String image = "angee-test-" + name + ":local";
            assertThat(BundledInstance.docker(
                            "build", "-q", "-t", image, recipe.getParent().toString()))
                    .isNotEmpty();
            instance.builds(image);
            instance.add("agent-" + agent, name, "w1", Map.of("image", image, "home", "/tmp", "alloc_acp", "8300"));
            keys.put(name, KEY + agent);
            instance.stack()
                    .secrets()
                    .set(
                            new SecretName(agent.equals("claude") ? "anthropic-api-key" : "openai-api-key"),
                            SecretValue.of(KEY + agent));
        }
        instance.stack().up(UP);
        instance.assertHealthy("agent-w1-claude", "agent-w1-codex");
        for (String name : keys.keySet()) {
            assertHardened(name);
            String environment = inside(name, "env");
            keys.forEach((whose, key) -> assertThat(environment.lines().anyMatch(line -> line.endsWith(key)))
                    .as(name + " knows the key of " + whose)
                    .isEqualTo(whose.equals(name)));
        }
        instance.assertNowhereWritten(KEY);
    }

    private void assertHardened(String service) throws Exception {
        assertThat(inside(service, "id", "-u")).isEqualTo("1000\n");
        assertThat(inside(service, "grep", "-E", "^(CapEff|CapBnd|NoNewPrivs)", "/proc/self/status"))
                .matches("CapEff:\\s0{16}\nCapBnd:\\s0{16}\nNoNewPrivs:\\s1\n");
        String limits = BundledInstance.docker(
                "inspect",
                "-f",
                "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.Privileged}}",
                container(service));
        assertThat(limits).isEqualTo((4L << 30) + " 512 false\n");
        assertThat(BundledInstance.docker("inspect", "-f", "{{json .Mounts}}", container(service)))
                .doesNotContain("docker.sock")
                .contains(app.toString());
    }

    private String container(String service) {
        return BundledInstance.docker(
                        "ps",
                        "-q",
                        "--filter",
                        "label=com.docker.compose.project="
                                + instance.stack().plan().project(),
                        "--filter",
                        "label=com.docker.compose.service=" + service)
                .strip();
    }

    private String inside(String service, String... command) throws Exception {
        try (ExecSession session = instance.stack().running().exec(service, ExecRequest.of(command))) {
            return new String(session.output().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String served(String port, String path) throws IOException {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
