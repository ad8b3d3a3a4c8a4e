package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Compose itself accepts what is compiled without a word, and reads what was meant. */
@ExtendWith(RealDocker.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ComposeConfigIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PLANS = 5;
    private static final int WORKLOADS = 40;
    private static final long SEED = 20261128;

    @TempDir
    Path folder;

    @Test
    void the_file_of_each_manifest_of_the_corpus_is_accepted_and_read_as_it_was_meant_R7() throws Exception {
        Map<String, RuntimePlan> plans = ContainerCorpus.plans();
        assertThat(plans).hasSizeGreaterThan(ContainerCorpus.FEWEST);
        for (Map.Entry<String, RuntimePlan> each : plans.entrySet()) {
            assertRead(each.getKey(), each.getValue());
        }
    }

    @Test
    void files_with_everything_in_them_are_accepted_and_read_as_they_were_meant_R7() throws Exception {
        assertRead("everything", ComposeFileTest.everything());
        assertRead("features", ComposeFileTest.features());
    }

    @Test
    void the_files_of_random_plans_are_accepted_and_read_as_they_were_meant_R7() throws Exception {
        RandomPlans plans = new RandomPlans(new Random(SEED));
        for (int i = 0; i < PLANS; i++) {
            assertRead("plan " + i + " of seed " + SEED, plans.next(WORKLOADS));
        }
    }

    private void assertRead(String name, RuntimePlan plan) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("file.yaml"), ContainerCorpus.text(plan));
        assertThat(compose(plan, file, "config", "--quiet")).as(name).isEmpty();
        JsonNode read = JSON.readTree(compose(plan, file, "--profile", "job", "config", "--format", "json"));
        assertThat(read.path("name").asText()).isEqualTo(plan.project().value());
        assertThat(read.path("services").size())
                .as(name)
                .isEqualTo(plan.workloads().size());
        for (Workload each : plan.workloads()) {
            assertRead(name, each, read.path("services").path(each.name()));
        }
    }

    private static void assertRead(String name, Workload workload, JsonNode read) {
        assertThat(texts(read.path("command"))).as(name).isEqualTo(workload.command());
        assertThat(texts(read.path("entrypoint"))).as(name).isEqualTo(workload.entrypoint());
        assertThat(read.path("environment").size())
                .isEqualTo(workload.environment().size());
        workload.environment()
                .forEach(
                        (key, value) -> assertThat(text(read.path("environment").path(key)))
                                .as(name)
                                .isEqualTo(known(value)));
        workload.container()
                .labels()
                .forEach((key, value) -> assertThat(text(read.path("labels").path(key.replace("$", "$$"))))
                        .as(name)
                        .isEqualTo(value));
        assertThat(text(read.path("working_dir"))).isEqualTo(workload.workdir().orElse(""));
        assertThat(text(read.path("user"))).isEqualTo(workload.user().orElse(""));
        assertThat(read.path("scale").asInt(1)).isEqualTo(workload.lifecycle().replicas());
        for (int i = 0; i < workload.mounts().size(); i++) {
            JsonNode mount = read.path("volumes").path(i);
            assertThat(text(mount.path("target")))
                    .isEqualTo(workload.mounts().get(i).target());
            if (workload.mounts().get(i) instanceof PlannedMount.Bind bind) {
                assertThat(text(mount.path("source"))).isEqualTo(bind.source().toString());
            }
        }
        workload.health().map(HealthCheck::probe).ifPresent(probe -> {
            List<String> test = texts(read.path("healthcheck").path("test"));
            if (probe instanceof HealthCheck.Exec exec) {
                assertThat(test.subList(1, test.size())).isEqualTo(exec.command());
            } else {
                assertThat(ProbeScript.isOurs(test)).isTrue();
            }
        });
    }

    private static String known(Text value) {
        return value.spell(literal -> literal, ComposeConfigIT::canary);
    }

    private static String canary(SecretName name) {
        return "canary $$ ${X} of " + name;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(text(each)));
        return texts;
    }

    /** It prints a file that may be read again, in which each dollar is doubled. */
    private static String text(JsonNode value) {
        return value.asText().replace("$$", "$");
    }

    /** All that it says, by either stream. */
    private static String compose(RuntimePlan plan, Path file, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", "compose", "--env-file", "/dev/null"));
        command.addAll(List.of("-f", file.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        plan.secrets().forEach(name -> builder.environment().put(name.variable(), canary(name)));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
