package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Exported files keep to the schema that process-compose publishes; and no file has a key that it does not name. */
class ProcessComposeSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FEWEST = 30;

    private static Schema schema() throws IOException {
        try (InputStream in = ProcessComposeSchemaTest.class.getResourceAsStream("/process-compose/schema.json")) {
            JsonNode schema = JSON.readTree(in);
            schema.get("$defs").forEach(ProcessComposeSchemaTest::close);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema);
        }
    }

    /** As it is published, it lets unknown keys pass; process-compose does so only where it is not strict. */
    private static void close(JsonNode definition) {
        if (definition.has("properties")) {
            ((ObjectNode) definition).put("additionalProperties", false);
        }
    }

    private static JsonNode json(String yaml) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    @Test
    void a_file_that_says_everything_keeps_to_the_published_schema() throws IOException {
        String text = ProcessComposeFile.of(ProcessComposeFileTest.everything()).text();
        assertThat(schema().validate(json(text))).isEmpty();
    }

    @Test
    void the_file_of_each_manifest_of_the_corpus_keeps_to_it() throws IOException {
        Schema schema = schema();
        Map<String, String> files = ExportedCorpus.files();
        assertThat(files).hasSizeGreaterThan(FEWEST);
        files.forEach((name, text) ->
                assertThat(schema.validate(json(text))).as("%s%n%s", name, text).isEmpty());
    }

    @Test
    void the_schema_is_heeded() throws IOException {
        for (String wrong : new String[] {
            "{ processes: { a: { comand: x } } }",
            "{ processes: { a: { replicas: x } } }",
            "{ processes: { a: { availability: { restart: unless-stopped } } } }",
            "{ processes: { a: { liveness_probe: { tcp: 80 } } } }",
            "{ version: '0.5' }"
        }) {
            assertThat(schema().validate(json(wrong))).as(wrong).isNotEmpty();
        }
    }
}
