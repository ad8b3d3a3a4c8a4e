package dev.angee.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.golden.Corpus.Case;
import dev.angee.internal.yaml.YamlDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * {@code docs/angee.schema.json} and the reader agree: the schema accepts a document if and only if the reader finds
 * nothing of {@link Problem.Kind#SHAPE} or {@link Problem.Kind#UNSUPPORTED} in it.
 */
class ManifestSchemaTest {
    private static final Path FILE = Path.of("../docs/angee.schema.json");
    static final Pattern FULL = Pattern.compile(
            ".*/every-field.*|.*/.*-forms|.*/openbao|.*/resolved|.*/both-fields|jobs/.*local.*|(healthcheck|liveness)/[a-z]*|.*/git|"
                    + ".*/local|operator/port-pool|.*/leases|.*/list-and-map|container/extra-hosts-as-a-list|lists/one-.*");
    private static final int MUTATIONS = 10_000;
    private static final long SEED = 20260131;
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
    private static final Schema SCHEMA = REGISTRY.getSchema(json());

    private static JsonNode json() {
        try {
            return new ObjectMapper().readTree(Corpus.readString(FILE));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(FILE + " is not JSON", e);
        }
    }

    /** The cases that are YAML at all. */
    static List<Case> cases() {
        return Corpus.cases().stream()
                .filter(each -> parsed(each.text()).size() == 1)
                .toList();
    }

    private static List<Node> parsed(String text) {
        try {
            return List.of(YamlDocument.parse(Corpus.FILE, text));
        } catch (InvalidDocumentException e) {
            return List.of();
        }
    }

    @Test
    void the_schema_is_one() {
        Schema meta = REGISTRY.getSchema(SchemaLocation.of("http://json-schema.org/draft-07/schema#"));
        assertThat(meta.validate(json())).isEmpty();
        assertThat(json().path("$id").asText()).isEqualTo("urn:angee:manifest:1");
    }

    @Test
    void every_key_has_a_description_that_an_editor_shows() {
        List<String> silent = new ArrayList<>();
        findSilent(json(), "", silent);
        assertThat(silent).isEmpty();
        assertThat(json().path("definitions").path("service").path("properties").size())
                .isGreaterThan(30);
    }

    /** Within an {@code if}, {@code then} or alternative, properties only narrow what is described elsewhere. */
    private static void findSilent(JsonNode schema, String path, List<String> silent) {
        if (schema.path("additionalProperties").isBoolean()) {
            schema.path("properties").properties().forEach(entry -> {
                if (entry.getValue().path("description").asText().length() < 5) {
                    silent.add(path + "." + entry.getKey());
                }
            });
        }
        schema.properties().forEach(entry -> findSilent(entry.getValue(), path + "." + entry.getKey(), silent));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void the_schema_and_the_reader_agree_on_the_corpus(Case golden) {
        assertAgreement(golden.text());
    }

    /** Rules across fields, each alone: in a manifest that breaks several of them no single one would be missed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "+ secrets_backend: { type: ~ }",
                "+ sources: { a: { kind: local, path: x, cache_path: ~ } }",
                "- sources: { a: { kind: local, path: '', cache_path: '' } }",
                "- sources: { a: { kind: local, cache_path: ~ } }",
                "- sources: { a: { kind: local, path: x, repo: r } }",
                "- sources: { a: { kind: git, repo: r, path: x } }",
                "+ sources: { a: { kind: git, repo: r, path: '' } }",
                "- workspaces: { a: { template: t, sources: { '../b': { source: s } } } }",
                "+ services: { a: { runtime: container, image: i, ports: [{ target: 80, protocol: tcp }] } }",
                "- services: { a: { runtime: container, image: i, ports: [{ target: 80, port: 80 }] } }",
                "- services: { a: { runtime: container, image: i, ports: [{ target: 80, port: ~ }] } }",
                "+ services: { a: { runtime: container, image: i, ports: [{ target: ~, port: 80 }] } }",
                "+ services: { a: { runtime: container, image: i, ports: [{ target: '', port: 80 }] } }",
                "- services: { a: { runtime: container, image: i, ports: [{ target: ~ }] } }",
                "- services: { a: { runtime: container, image: i, ports: [{ target: 80, host_ip: 1.2.3.4 }] } }",
                "+ services: { a: { runtime: container, image: i, ports: [{ target: 80, host_ip: '' }] } }",
                "- services: { a: { runtime: container, image: i, ports: [{ port: 80, protocol: tcp }] } }",
                "+ services: { a: { runtime: container, image: i, healthcheck: { exec: ~, tcp: { port: 1 } } } }",
                "+ services: { a: { runtime: container, image: i, healthcheck: { http: ~, log: x } } }",
                "- services: { a: { runtime: container, image: i, healthcheck: { exec: '', log: x } } }",
                "- services: { a: { runtime: container, image: i, healthcheck: { tcp: ~ } } }",
                "+ services: { a: { runtime: local, command: [x], liveness: { exec: ~, tcp: { port: 1 } } } }",
                "+ services: { a: { runtime: local, command: [x], liveness: ~ } }",
                "- services: { a: { runtime: local, command: [x], liveness: { exec: [x], tcp: { port: 1 } } } }",
                "- services: { a: { runtime: local, command: [x], liveness: { tcp: ~ } } }",
                "- services: { a: { runtime: local, command: [x], liveness: { log: x } } }",
                "- services: { a: { runtime: local, command: [x], liveness: { log: ~, tcp: { port: 1 } } } }",
                "- services: { a: { runtime: local, command: [x], liveness: { log: '', tcp: { port: 1 } } } }",
                "+ services: { a: { runtime: container, image: '', build: . } }",
                "+ services: { a: { runtime: container, image: i, build: '' } }",
                "- services: { a: { runtime: container, image: '', build: '' } }",
                "+ services: { b: { runtime: local, command: [x] }, a: { runtime: local, command: [x], depends_on: { b: { condition: '' } } } }",
                "+ services: { a: { runtime: local, command: [x], image: '', ports: '', workdir: ~ } }",
                "+ ingress: { network: edge-1 }",
                "+ ingress: { network: 12 }",
                "- ingress: { network: a..b }",
                "- ingress: { network: a b }",
                "- ingress: { domain: \"a\\x1b\" }",
                "- operator: { domain: \"a\\u0085\" }",
                "- operator: { domain: 'a{b' }",
                "+ operator: { domain: '' }",
                "- services: { a: { runtime: local, command: ~ } }",
                "- services: { a: { runtime: local, command: [] } }",
                "+ services: { a: { runtime: local, command: [~] } }",
            })
    void the_schema_and_the_reader_agree_on_each_rule_across_fields(String row) {
        assertThat(assertAgreement("name: x\n" + row.substring(2) + "\n")).isEqualTo(row.startsWith("+"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image: x",
                "build: .",
                "entrypoint: []",
                "labels: {}",
                "networks: []",
                "extra_hosts: {}",
                "cap_drop: []",
                "cap_add: []",
                "read_only: false",
                "no_new_privileges: false",
                "container_runtime: x",
                "docker_access: none"
            })
    void a_field_of_containers_belongs_to_no_process(String field) {
        for (String section : List.of("services", "jobs")) {
            assertThat(assertAgreement("{ name: x, " + section + ": { a: { runtime: container, build: ., " + field
                            + " } } }".replace("build: ., build: .", "build: .")))
                    .isTrue();
            assertThat(assertAgreement(
                            "{ name: x, " + section + ": { a: { runtime: local, command: [x], " + field + " } } }"))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ports: []",
                "route: { port: 80 }",
                "healthcheck: { log: x }",
                "liveness: { exec: [x] }",
                "restart: always",
                "replicas: 1",
                "after: []",
                "shutdown: []",
                "on_owner_exit: keep"
            })
    void a_field_of_services_belongs_to_no_job(String field) {
        String runtime = field.startsWith("shutdown") || field.startsWith("on_owner_exit")
                ? "runtime: local, command: [x]"
                : "runtime: container, image: x";
        assertThat(assertAgreement("{ name: x, services: { a: { " + runtime + ", " + field + " } } }"))
                .isTrue();
        assertThat(assertAgreement("{ name: x, jobs: { a: { " + runtime + ", " + field + " } } }"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shutdown: []", "success_exit_codes: []", "on_owner_exit: keep"})
    void a_field_of_processes_belongs_to_no_container(String field) {
        assertThat(assertAgreement("{ name: x, services: { a: { runtime: local, command: [x], " + field + " } } }"))
                .isTrue();
        assertThat(assertAgreement("{ name: x, services: { a: { runtime: container, image: x, " + field + " } } }"))
                .isFalse();
    }

    @Test
    void any_job_has_exit_codes_of_its_own() {
        String codes = ", success_exit_codes: [3] } } }";
        assertThat(assertAgreement("{ name: x, jobs: { a: { runtime: container, image: x" + codes))
                .isTrue();
        assertThat(assertAgreement("{ name: x, jobs: { a: { runtime: local, command: [x]" + codes))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run_on: up", "timeout: 1s"})
    void a_field_of_jobs_belongs_to_no_service(String field) {
        assertThat(assertAgreement("{ name: x, jobs: { a: { runtime: local, command: [x], " + field + " } } }"))
                .isTrue();
        assertThat(assertAgreement("{ name: x, services: { a: { runtime: local, command: [x], " + field + " } } }"))
                .isFalse();
    }

    @Test
    void the_schema_and_the_reader_agree_on_mutations_of_the_corpus() {
        List<Tree> trees = trees();
        Random random = new Random(SEED);
        int accepted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Tree tree = trees.get(random.nextInt(trees.size()));
            int changes = 1 + random.nextInt(3);
            for (int change = 0; change < changes; change++) {
                tree = tree.mutated(random, trees.get(random.nextInt(trees.size())));
            }
            accepted += assertAgreement(tree.write()) ? 1 : 0;
        }
        assertThat(accepted).isBetween(MUTATIONS / 10, MUTATIONS * 9 / 10);
    }

    /** Each place of manifests that say everything, with each nasty value, without its value, with one more key. */
    @Test
    void the_schema_and_the_reader_agree_on_every_neighbour_of_the_full_manifests() {
        int accepted = 0;
        int documents = 0;
        for (Case full : cases()) {
            if (FULL.matcher(full.name()).matches()) {
                for (Tree tree : Tree.of(parsed(full.text()).get(0)).neighbours()) {
                    accepted += assertAgreement(tree.write()) ? 1 : 0;
                    documents++;
                }
            }
        }
        assertThat(documents).isGreaterThan(20_000);
        assertThat(accepted).isBetween(documents / 10, documents * 9 / 10);
    }

    static List<Tree> trees() {
        List<Tree> trees = new ArrayList<>();
        for (Case each : cases()) {
            if (!each.name().equals("document/key-is-a-map")) {
                trees.add(Tree.of(parsed(each.text()).get(0)));
            }
        }
        return trees;
    }

    /** Whether both accept it. */
    private static boolean assertAgreement(String text) {
        List<String> shapes = shapes(text);
        List<com.networknt.schema.Error> errors =
                SCHEMA.validate(YamlJson.of(parsed(text).get(0)));
        if (shapes.isEmpty() != errors.isEmpty()) {
            fail("the reader says %s%nthe schema says %s%nof %s", shapes, errors, text);
        }
        return shapes.isEmpty();
    }

    private static List<String> shapes(String text) {
        try {
            Corpus.read(text);
            return List.of();
        } catch (InvalidDocumentException e) {
            return e.problems().stream()
                    .filter(problem -> problem.kind() != Problem.Kind.MEANING)
                    .map(Problem::toString)
                    .toList();
        }
    }
}
