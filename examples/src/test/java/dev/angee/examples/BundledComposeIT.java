package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.RuntimeKind;
import dev.angee.compose.ComposeBackendProvider;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is chosen of a bundled template, Compose reads what it becomes: every rendering that is written down. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BundledComposeIT {
    private static final Path GOLDEN = Path.of("../angee-templates/src/test/resources/bundled");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CANARY = "the canary of a secret";
    private static final String INSTANCE = "name: instance\nworkspaces: { w1: { template: workspaces/dev } }\n";

    @TempDir
    Path folder;

    @BeforeEach
    void requireEngine() throws Exception {
        BundledInstance.require("angee-busybox:local");
        folder = folder.toRealPath();
    }

    @ParameterizedTest
    @CsvSource({
        "stacks-local.txt,16",
        "services-agent-claude.txt,16",
        "services-agent-codex.txt,16",
        "services-agent-opencode.txt,16",
        "services-web-go.txt,8",
        "services-web-php.txt,4",
    })
    void compose_reads_what_every_choice_becomes(String golden, int choices) throws Exception {
        Map<String, String> manifests = manifests(GOLDEN.resolve(golden));
        assertThat(manifests).hasSize(choices);
        for (Map.Entry<String, String> each : manifests.entrySet()) {
            try (BundledInstance instance =
                    new BundledInstance(folder.resolve("i" + folder.toFile().list().length), each.getValue())) {
                assertRead(each.getKey(), instance.stack().plan().only(RuntimeKind.CONTAINER));
            }
        }
    }

    private void assertRead(String choice, RuntimePlan plan) throws Exception {
        Path file = folder.resolve("docker-compose.yaml");
        try (Backend backend = new ComposeBackendProvider().open(plan.project(), plan.root())) {
            Files.writeString(file, backend.compile(plan).text());
        }
        assertThat(file).content().doesNotContain(CANARY);
        JsonNode services = JSON.readTree(config(plan, file)).path("services");
        assertThat(services.fieldNames())
                .toIterable()
                .as(choice)
                .containsExactlyInAnyOrderElementsOf(
                        plan.workloads().stream().map(Workload::name).toList());
        for (Workload each : plan.workloads()) {
            JsonNode read = services.path(each.name());
            assertThat(read.path("ports").size())
                    .as(choice)
                    .isEqualTo(each.ports().size());
            assertThat(read.path("volumes").size())
                    .as(choice)
                    .isGreaterThanOrEqualTo(each.mounts().size());
            each.environment()
                    .forEach((name, value) -> assertThat(
                                    read.path("environment").path(name).asText())
                            .as(choice)
                            .isEqualTo(value.spell(literal -> literal, secret -> CANARY)));
            if (each.container().labels().containsKey("dev.angee.agent")) {
                assertThat(read.path("cap_drop").toString()).as(choice).isEqualTo("[\"ALL\"]");
                assertThat(read.path("security_opt").toString()).as(choice).isEqualTo("[\"no-new-privileges:true\"]");
                assertThat(read.path("mem_limit").asLong()).as(choice).isPositive();
                assertThat(read.path("runtime").asText())
                        .as(choice)
                        .isEqualTo(choice.contains("sysbox-runc") ? "sysbox-runc" : "");
            }
        }
    }

    /** The manifest of each choice, in a file of renderings. */
    private static Map<String, String> manifests(Path golden) throws IOException {
        Map<String, String> manifests = new LinkedHashMap<>();
        String document = "";
        for (String choice : Files.readString(golden).split("(?m)^==== ", -1)) {
            String[] parts = choice.split("(?m)^---- ", -1);
            for (String file : parts) {
                if (file.startsWith("service.yaml\n") || file.startsWith("angee.yaml\n")) {
                    document = file.substring(file.indexOf('\n') + 1);
                }
            }
            if (parts.length > 1) {
                manifests.put(
                        parts[0].strip(),
                        golden.getFileName().toString().startsWith("stacks")
                                ? document
                                : BundledInstance.added(INSTANCE, document));
            }
        }
        return manifests;
    }

    private static String config(RuntimePlan plan, Path file) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", "compose", "--env-file", "/dev/null", "-f"));
        command.addAll(List.of(file.toString(), "--profile", "job", "config", "--format", "json"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        plan.secrets().forEach(name -> builder.environment().put(name.variable(), CANARY));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
