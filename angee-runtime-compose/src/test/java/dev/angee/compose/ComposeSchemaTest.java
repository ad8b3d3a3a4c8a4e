package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is compiled keeps to the schema that the Compose specification publishes. */
class ComposeSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PLANS = 1000;
    private static final long SEED = 20261128;

    private static Schema schema() throws IOException {
        try (InputStream in = ComposeSchemaTest.class.getResourceAsStream("/compose-spec/schema.json")) {
            ObjectNode schema = (ObjectNode) JSON.readTree(in);
            schema.remove(List.of("$schema", "$id")); // one is at another address than the dialect's, one no address
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(schema);
        }
    }

    private static JsonNode json(String yaml) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    @Test
    void the_file_of_each_manifest_of_the_corpus_keeps_to_the_schema() throws IOException {
        Schema schema = schema();
        Map<String, RuntimePlan> plans = ContainerCorpus.plans();
        assertThat(plans).hasSizeGreaterThan(ContainerCorpus.FEWEST);
        plans.forEach((name, plan) -> {
            String text = ContainerCorpus.text(plan);
            assertThat(schema.validate(json(text))).as("%s%n%s", name, text).isEmpty();
        });
    }

    @Test
    void what_a_manifest_of_the_corpus_asks_in_vain_is_refused_by_name() throws IOException {
        assertThat(ContainerCorpus.refusals()).isNotEmpty().allSatisfy((name, refusal) -> {
            assertThat(refusal.code()).as(name).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(refusal).hasMessageContaining("is not honoured: ");
        });
    }

    @Test
    void the_working_directory_of_each_container_of_the_corpus_is_a_path_inside_it_R4() throws IOException {
        int seen = 0;
        for (RuntimePlan plan : ContainerCorpus.plans().values()) {
            for (JsonNode service : json(ContainerCorpus.text(plan)).path("services")) {
                if (service.has("working_dir")) {
                    assertThat(service.path("working_dir").asText())
                            .startsWith("/")
                            .doesNotContain("://");
                    seen++;
                }
            }
        }
        assertThat(seen).isPositive();
    }

    @Test
    void files_with_everything_in_them_keep_to_the_schema() throws IOException {
        for (RuntimePlan plan : new RuntimePlan[] {ComposeFileTest.everything(), ComposeFileTest.features()}) {
            assertThat(schema().validate(json(ContainerCorpus.text(plan)))).isEmpty();
        }
    }

    @Test
    void files_of_random_plans_keep_to_the_schema_and_hold_every_value_R7() throws IOException {
        Schema schema = schema();
        Random random = new Random(SEED);
        RandomPlans plans = new RandomPlans(random);
        for (int i = 0; i < PLANS; i++) {
            RuntimePlan plan = plans.next(1 + random.nextInt(5));
            String text = ContainerCorpus.text(plan);
            JsonNode file = json(text);
            assertThat(schema.validate(file)).as(text).isEmpty();
            for (Workload each : plan.workloads()) {
                assertHolds(file.path("services").path(each.name()), each);
            }
        }
    }

    /** What stands there, with each dollar doubled, so that it is the same once Compose has expanded it. */
    private static void assertHolds(JsonNode entry, Workload workload) {
        assertThat(entry.isMissingNode()).isFalse();
        for (int i = 0; i < workload.command().size(); i++) {
            assertThat(entry.path("command").get(i).asText())
                    .isEqualTo(doubled(workload.command().get(i)));
        }
        workload.container()
                .labels()
                .forEach((name, value) ->
                        assertThat(entry.path("labels").path(name).asText()).isEqualTo(doubled(value)));
        Optional<String> workdir = workload.workdir().map(ComposeSchemaTest::doubled);
        assertThat(Optional.ofNullable(entry.get("working_dir")).map(JsonNode::asText))
                .isEqualTo(workdir);
        PlannedMount.Bind bind = (PlannedMount.Bind) workload.mounts().get(0);
        assertThat(entry.path("volumes").get(0).path("source").asText())
                .isEqualTo(doubled(bind.source().toString()));
    }

    private static String doubled(String value) {
        return value.replace("$", "$$");
    }

    @Test
    void random_names_are_refused_or_keep_to_the_schema() throws IOException {
        Schema schema = schema();
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < PLANS; i++) {
            RuntimePlan plan = RandomPlans.named(random);
            try {
                String text = ContainerCorpus.text(plan);
                assertThat(schema.validate(json(text))).as(text).isEmpty();
            } catch (AngeeException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.INVALID);
                refused++;
            }
        }
        assertThat(refused).isBetween(PLANS / 10, PLANS * 9 / 10);
    }

    @Test
    void the_schema_is_heeded() throws IOException {
        for (String wrong : new String[] {
            "{ services: { a: { imag: x } } }",
            "{ services: { 'a b': { image: x } } }",
            "{ services: { a: { image: x, scale: [] } } }",
            "{ services: { a: { image: x, depends_on: { b: { condition: ready } } } } }",
            "{ services: { a: { image: x, volumes: [{ type: bind, from: x }] } } }",
            "{ volumes: { 'a/b': {} }, other: 1 }"
        }) {
            assertThat(schema().validate(json(wrong))).as(wrong).isNotEmpty();
        }
    }
}
