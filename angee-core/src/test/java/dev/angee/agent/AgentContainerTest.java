package dev.angee.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import dev.angee.agent.AgentImages.Choice;
import dev.angee.agent.AgentImages.Origin;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.secret.SecretName;
import dev.angee.workload.DockerAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentContainerTest {
    private static final Choice IMAGE = new Choice("agent:1", Origin.STANDARD);
    private static final SecretName KEY = new SecretName("claude-key");
    private static final AgentContainer CLAUDE = AgentContainer.of("claude", IMAGE, List.of("claude", "--print"));

    @Test
    void an_agent_has_little_unless_more_is_said() {
        Workload service = hardened(CLAUDE);
        assertThat(service.limits().memory()).hasValue(4L << 30);
        assertThat(service.limits().milliCpus()).hasValue(2000);
        assertThat(service.limits().pids()).hasValue(512);
        assertThat(service.container().hardening().capDrop()).containsExactly("ALL");
        assertThat(service.container().hardening().noNewPrivileges()).isTrue();
        assertThat(service.container().dockerAccess()).isEqualTo(DockerAccess.NONE);
        assertThat(service.container().runtime()).isEmpty();
        assertThat(service.mounts()).isEmpty();
        assertThat(service.secrets()).isEmpty();
        assertThat(service.command()).containsExactly("claude", "--print");
    }

    @Test
    void the_engine_and_another_runtime_are_had_by_asking_only() {
        Workload service = hardened(CLAUDE.runtime("sysbox-runc").dockerAccess(DockerAccess.SOCKET));
        assertThat(service.container().runtime()).contains("sysbox-runc");
        assertThat(service.container().dockerAccess()).isEqualTo(DockerAccess.SOCKET);
    }

    @Test
    void credentials_are_mounted_read_only_or_in_memory_and_are_this_agents_only() {
        Workload claude = hardened(CLAUDE.workspace(Path.of("/srv/w"))
                .credential(new AgentCredential.Mounted(Path.of("/srv/known_hosts"), "/etc/ssh/known_hosts"))
                .credential(new AgentCredential.InMemory(KEY, "/run/claude/key"))
                .credential(new AgentCredential.InMemory(new SecretName("other"), "/run/claude/other"))
                .credential(new AgentCredential.Variable(new SecretName("git"), "GIT_TOKEN")));
        assertThat(claude.mounts())
                .containsExactlyInAnyOrder(
                        new PlannedMount.Bind(Path.of("/srv/w"), "/workspace", false),
                        new PlannedMount.Bind(Path.of("/srv/known_hosts"), "/etc/ssh/known_hosts", true),
                        new PlannedMount.Memory("/run/claude", 1024 * 1024));
        assertThat(claude.workdir()).contains("/workspace");
        assertThat(claude.environment()).containsOnlyKeys("ANGEE_CREDENTIAL_1", "ANGEE_CREDENTIAL_2", "GIT_TOKEN");
        assertThat(claude.command())
                .containsExactly(
                        "ANGEE_CREDENTIAL_1",
                        "/run/claude/key",
                        "ANGEE_CREDENTIAL_2",
                        "/run/claude/other",
                        "--",
                        "claude",
                        "--print");
        Workload codex = hardened(AgentContainer.of("codex", IMAGE, List.of("codex")));
        assertThat(codex.secrets()).isEmpty();
        assertThat(codex.mounts()).isEmpty();
    }

    @Test
    void paths_that_are_none_are_refused() {
        for (String target : List.of("relative", "/a/../b", "/", "/a/", "//a", "/key")) {
            assertThatThrownBy(() -> new AgentCredential.InMemory(KEY, target))
                    .as(target)
                    .isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> new AgentCredential.Mounted(Path.of("here"), "/x"))
                .isInstanceOf(InvalidInputException.class);
        AgentContainer noCommand = AgentContainer.of("claude", IMAGE, List.of())
                .credential(new AgentCredential.InMemory(KEY, "/run/claude/key"));
        assertThatThrownBy(() -> noCommand.service("a")).hasMessageContaining("command must be named");
    }

    private static Workload hardened(AgentContainer container) {
        Workload service = container.service("agent-1").build();
        RuntimePlan plan = RuntimePlan.of(new ProjectName("p"), Path.of("/srv/p"), List.of(service));
        return new AgentHardening().apply(plan).workload("agent-1").orElseThrow();
    }

    @Test
    void its_service_is_labelled_with_the_kind_of_agent() {
        assertThat(hardened(CLAUDE).container().labels()).containsEntry(AgentHardening.LABEL, "claude");
        assertThat(Optional.of(hardened(CLAUDE).launch().toString()))
                .hasValueSatisfying(text -> assertThat(text).contains("agent:1"));
    }
}
