package dev.angee.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.agent.AgentContainer;
import dev.angee.agent.AgentCredential;
import dev.angee.agent.AgentHardening;
import dev.angee.agent.AgentImages;
import dev.angee.plan.RuntimePlan;
import dev.angee.runtime.ExecRequest;
import dev.angee.runtime.ExecSession;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Agents' containers, on the real engine. */
class AgentContainerIT extends OneStack {
    private static final AgentImages IMAGES = AgentImages.standard("angee-busybox:local");
    private static final List<String> WAITS = List.of("sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done");
    /** Tells the command and the variables of the agent, which is the child of the init. */
    private static final String AGENT =
            "for p in /proc/[0-9]*; do case $(tr '\\0' ' ' <$p/cmdline) in 'sh -c trap '*) cat $p/environ $p/cmdline;; esac; done";

    private static final SecretName KEY = new SecretName("claude-key");
    private static final String VALUE = "canary $x 'y' \"z\"\nline two";

    @Test
    void an_agent_has_its_own_credentials_and_nobody_elses_and_no_powers() throws Exception {
        Path worktree = Files.createDirectory(root().resolve("w"));
        Path hosts = Files.writeString(root().resolve("hosts"), "known\n");
        RuntimePlan plan = hardened(
                agent("claude")
                        .workspace(worktree)
                        .credential(new AgentCredential.Mounted(hosts, "/etc/known"))
                        .credential(new AgentCredential.InMemory(KEY, "/run/claude/key")),
                agent("codex"));
        ResolvedSecrets secrets = ResolvedSecrets.of(Map.of(KEY, SecretValue.of(VALUE)));
        backend().up(plan, UpOptions.defaults().secrets(secrets));

        soon().until(() -> inside("agent-claude", "cat /run/claude/key").equals(VALUE));
        assertThat(inside("agent-claude", "stat -c %a /run/claude/key")).isEqualTo("600\n");
        assertThat(inside("agent-claude", "grep ' /run/claude ' /proc/mounts")).startsWith("tmpfs ");
        assertThat(inside("agent-claude", "echo more >>/etc/known || cat /etc/known"))
                .endsWith("known\n");
        assertThat(Files.readString(hosts)).isEqualTo("known\n");
        assertThat(inside("agent-claude", "pwd; echo done >made")).isEqualTo("/workspace\n");
        assertThat(worktree.resolve("made")).hasContent("done\n");
        assertThat(inside("agent-claude", AGENT)).contains("trap").doesNotContain("canary");
        assertThat(inside("agent-claude", "grep -E 'CapEff|NoNewPrivs' /proc/self/status"))
                .contains("CapEff:\t0000000000000000", "NoNewPrivs:\t1");
        assertThat(inside("agent-codex", "env; ls /run/claude /etc/known; cat /proc/1/environ 2>&1"))
                .doesNotContain("canary", "known\n");
        assertThat(inside("agent-codex", "ls -l /var/run/docker.sock 2>&1")).contains("No such file");
        assertThat(Files.readString(root().resolve("docker-compose.yaml"))).doesNotContain("canary", "line two");
    }

    @Test
    void a_credential_in_memory_is_no_variable_of_the_agent_and_one_that_the_engine_and_each_exec_know()
            throws Exception {
        RuntimePlan plan = hardened(agent("claude").credential(new AgentCredential.InMemory(KEY, "/run/claude/key")));
        ResolvedSecrets secrets = ResolvedSecrets.of(Map.of(KEY, SecretValue.of(VALUE)));
        backend().up(plan, UpOptions.defaults().secrets(secrets));
        soon().until(() -> inside("agent-claude", "cat /run/claude/key").equals(VALUE));

        assertThat(inside("agent-claude", AGENT)).contains("trap").doesNotContain("canary");
        assertThat(engine().inspectContainerCmd(container("agent-claude"))
                        .exec()
                        .getConfig()
                        .getEnv())
                .anySatisfy(variable -> assertThat(variable).endsWith(VALUE));
        assertThat(inside("agent-claude", "env")).contains("canary");
        assertThat(inside("agent-claude", "tr '\\0' ' ' </proc/1/environ")).contains("canary");
        assertThat(inside("agent-claude", "tr '\\0' ' ' </proc/1/cmdline")).doesNotContain("canary");
    }

    @Test
    void an_image_that_is_not_there_is_told_before_anything_is_made() {
        AgentImages.Choice absent = IMAGES.choose("claude", Optional.of("no-such-agent:1"));
        RuntimePlan plan = hardened(agent("codex"), AgentContainer.of("claude", absent, WAITS));
        assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("service 'agent-claude'")
                .hasMessageContaining("'no-such-agent:1'")
                .hasMessageContaining("docker load");
        assertThat(backend().status()).isEmpty();
        assertThat(root().resolve("docker-compose.yaml")).doesNotExist();
        assertThat(engine().listNetworksCmd().withNameFilter(project().value()).exec())
                .isEmpty();
    }

    private static AgentContainer agent(String kind) {
        return AgentContainer.of(kind, IMAGES.choose(kind, Optional.empty()), WAITS);
    }

    private RuntimePlan hardened(AgentContainer... agents) {
        return new AgentHardening()
                .apply(plan(java.util.Arrays.stream(agents)
                        .map(each -> each.service("agent-" + each.agent()))
                        .toArray(dev.angee.plan.WorkloadBuilder[]::new)));
    }

    private String inside(String service, String script) throws InterruptedException, IOException {
        try (ExecSession exec = backend().exec(service, ExecRequest.of("sh", "-c", script))) {
            return new String(exec.output().readAllBytes(), UTF_8);
        }
    }
}
