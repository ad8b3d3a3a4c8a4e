package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.BackendInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For tests that need an engine. Without one they are skipped, but fail where {@code CI=true} or
 * {@code -Drequire.docker} says that it has to be there. Afterwards nothing may be left: no thread, no container, no
 * network.
 */
final class RealDocker implements BeforeAllCallback, AfterAllCallback {
    static final String IMAGE = "angee-busybox:local";

    /** Makes what a killed test has left behind easy to find. */
    static final String TEST_LABEL = "dev.angee.test";

    private static final String JVM_LABEL = "dev.angee.test.jvm";
    private static final String JVM = String.valueOf(ProcessHandle.current().pid());
    private static final ComposeSettings SETTINGS =
            ComposeSettings.of(System.getenv()).labels(Map.of(TEST_LABEL, "1", JVM_LABEL, JVM));
    private static final Set<String> PROJECTS = ConcurrentHashMap.newKeySet();

    static ComposeSettings settings() {
        return SETTINGS;
    }

    static ComposeBackend open(ProjectName project, Path root) {
        PROJECTS.add(project.value());
        return ComposeBackend.open(project, root, SETTINGS);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        String problem = problem();
        if (!problem.isEmpty()) {
            if ("true".equals(System.getenv("CI")) || Boolean.getBoolean("require.docker")) {
                Assertions.fail(problem);
            }
            Assumptions.abort(problem);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        await("threads end")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threads()).isEmpty());
        try (EngineConnection connection = new EngineConnection(SETTINGS.dockerHost())) {
            DockerClient client = connection.questions();
            assertThat(client.listContainersCmd()
                            .withShowAll(true)
                            .withLabelFilter(Map.of(JVM_LABEL, JVM))
                            .exec())
                    .isEmpty();
            List<String> networks =
                    client
                            .listNetworksCmd()
                            .withFilter("label", List.of(ProjectContainer.PROJECT_LABEL))
                            .exec()
                            .stream()
                            .map(n -> n.getLabels().get(ProjectContainer.PROJECT_LABEL))
                            .filter(PROJECTS::contains)
                            .toList();
            assertThat(networks).isEmpty();
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(n -> n.startsWith("angee-compose") || n.startsWith("docker-java-stream"))
                .collect(Collectors.toSet());
    }

    private static String problem() {
        try (ComposeBackend backend = open(new ProjectName("angee-probe"), Path.of("/"));
                EngineConnection connection = new EngineConnection(SETTINGS.dockerHost())) {
            BackendInfo info = backend.describe();
            if (!info.usable()) {
                return info.problem();
            }
            connection.questions().inspectImageCmd(IMAGE).exec();
            return "";
        } catch (com.github.dockerjava.api.exception.NotFoundException e) {
            return "the image " + IMAGE + " is missing: run .ci/docker-engine.sh up";
        }
    }
}
