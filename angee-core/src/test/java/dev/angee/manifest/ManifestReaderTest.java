package dev.angee.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.angee.ErrorCode;
import dev.angee.RuntimeKind;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {
    private final ManifestReader reader = new ManifestReader();

    @Test
    void a_sound_manifest_is_read_as_it_is_written() {
        Manifest manifest = read("""
                version: 1
                kind: stack
                name: shop
                operator: { port_pool: { web: { range: 8100-8199 } } }
                ports: { api: { value: 8080 } }
                volumes: { data: { driver: local } }
                sources:
                  app: { kind: git, repo: "https://example.org/app.git", default_ref: main }
                  docs: { kind: local, path: ../docs }
                workspaces:
                  feat-x: { template: dev, inputs: { base: main } }
                services:
                  db:
                    runtime: container
                    image: busybox
                    mounts: ["volume://data:/var/lib:ro"]
                    healthcheck: { exec: [true], interval: 500ms, timeout: 1m30s, retries: 5 }
                  api:
                    runtime: local
                    command: [serve, --port, "${ports.api}"]
                    depends_on: { db: { condition: healthy } }
                    after: [migrate]
                    healthcheck: { http: { port: "${ports.api}", path: /health } }
                jobs:
                  migrate: { runtime: local, command: [migrate], depends_on: [db] }
                """);
        assertThat(manifest.name()).isEqualTo("shop");
        assertThat(manifest.pools().get("web")).isEqualTo(new PoolSpec("web", 8100, 8199));
        assertThat(manifest.ports()).containsEntry("api", 8080);
        assertThat(manifest.sources().get("docs").kind()).isEqualTo(SourceKind.LOCAL);
        assertThat(manifest.services().keySet()).containsExactly("api", "db");
        WorkloadSpec api = manifest.services().get("api");
        assertThat(api.runtime()).isEqualTo(RuntimeKind.LOCAL);
        assertThat(api.dependencies()).extracting(DependencySpec::name).containsExactly("db", "migrate");
        HealthCheckSpec check = manifest.services().get("db").healthCheck().orElseThrow();
        assertThat(check.interval()).isEqualTo(Duration.ofMillis(500));
        assertThat(check.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(manifest.problemAt("services.api.command[1]", "x").line()).isEqualTo(20);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void of_very_many_problems_the_first_are_kept_and_the_rest_counted() {
        StringBuilder text =
                new StringBuilder("name: x\nservices:\n  a:\n    runtime: local\n    command: [x]\n    env:\n");
        for (int i = 0; i < 50_000; i++) {
            text.append("      v" + i + "=: x\n");
        }
        InvalidDocumentException thrown =
                catchThrowableOfType(InvalidDocumentException.class, () -> reader.read("angee.yaml", text.toString()));
        assertThat(thrown.problems()).hasSize(201);
        assertThat(thrown.problems().get(200)).satisfies(last -> {
            assertThat(last.message()).isEqualTo("and 49800 more; mend these first");
            assertThat(last.kind()).isEqualTo(dev.angee.document.Problem.Kind.SHAPE);
        });
        assertThat(thrown.getMessage()).hasSizeLessThan(30_000);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void many_services_that_share_many_wrong_names_are_no_work() {
        StringBuilder text = new StringBuilder("name: x\nservices:\n");
        String wrong = java.util.stream.IntStream.range(0, 300)
                .mapToObj(i -> "w" + "o".repeat(50) + i)
                .collect(java.util.stream.Collectors.joining(", "));
        for (int i = 0; i < 300; i++) {
            text.append("  s" + "o".repeat(50) + i + ": { runtime: local, command: [x], depends_on: "
                    + (i == 0 ? "&w [" + wrong + "]" : "*w") + " }\n");
        }
        InvalidDocumentException thrown =
                catchThrowableOfType(InvalidDocumentException.class, () -> reader.read("angee.yaml", text.toString()));
        assertThat(thrown.problems().get(200).message()).isEqualTo("and 89800 more; mend these first");
    }

    @Test
    void a_place_is_that_of_the_map_itself_where_a_merged_one_has_the_key_too() {
        Manifest manifest = read(
                "name: x\nservices:\n  a:\n    runtime: local\n    command: [x]\n    user: u\n    <<: { user: v }\n");
        assertThat(manifest.services().get("a").user()).contains("u");
        assertThat(manifest.problemAt("services.a.user", "x").line()).isEqualTo(6);
    }

    @Test
    void text_stays_the_text_that_was_written() {
        Manifest manifest = read("""
                name: 12
                services:
                  a:
                    runtime: local
                    command: [off, yes, 0x10, 1_000, 22:22, 0644, 1.50, ~x, 2001-01-01]
                    env: { A: yes, B: 1.50, C: null, D: "", E: 0x10, F: 010 }
                """);
        assertThat(manifest.name()).isEqualTo("12");
        WorkloadSpec a = manifest.services().get("a");
        assertThat(a.command().stream().map(Object::toString))
                .containsExactly("off", "yes", "0x10", "1_000", "22:22", "0644", "1.50", "~x", "2001-01-01");
        assertThat(a.env().values().stream().map(Object::toString))
                .containsExactly("yes", "1.50", "", "", "0x10", "010");
    }

    @Test
    void three_problems_are_reported_at_once_each_with_line_and_column() {
        InvalidDocumentException problems = problems("""
                name: shop
                colour: red
                ports: { web: { value: 99999 } }
                services:
                  web:
                    runtime: local
                    command: [serve]
                    workdir: source://apq
                sources:
                  app: { kind: local, path: . }
                """);
        assertThat(problems.problems().stream().map(Object::toString))
                .containsExactly(
                        "angee.yaml:2:1  colour: is not a known key (known: ingress, jobs, kind, name, operator,"
                                + " persist, port_leases, ports, secrets, secrets_backend, services, sources, template,"
                                + " version, volumes, workspaces)",
                        "angee.yaml:3:24  ports.web.value: 99999 is not between 0 and 65535",
                        "angee.yaml:8:14  services.web.workdir: source 'apq' is not declared. Did you mean 'app'?"
                                + " (declared: app)");
        assertThat(problems.getMessage()).endsWith("\n3 problems; nothing was changed.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "services: {a: {runtime: vm, command: [x]}}                     -> 'vm' is not one of container, local",
                "services: {a: {command: [x]}}                                  -> 'runtime' is missing",
                "services: {a: {runtime: local}}                                -> needs a 'command'",
                "services: {a: {runtime: container}}                            -> needs an 'image'",
                "services: {a: {runtime: local, image: x, command: [x]}}        -> belongs to a container",
                "services: {a: {runtime: local, command: serve}}                -> expected a list, not 'serve'",
                "services: {a: {runtime: local, command: [[x]]}}                -> expected text, not a list",
                "services: {a: {runtime: local, command: [x], ports: ['80']}}   -> belongs to a container",
                "services: {a: {runtime: local, command: [x], build: .}}        -> belongs to a container",
                "services: {a: {runtime: local, command: [x], comand: y}}       -> Did you mean 'command'?",
                "services: {a: {runtime: local, command: ['${x | nope}']}}      -> 'nope' is not a filter",
                "services: {a: {runtime: local, command: [x], depends_on: [b]}} -> 'b' is not declared",
                "services: {'../a': {runtime: local, command: [x]}}             -> cannot be a name",
                "services: {a: {runtime: local, command: [x], healthcheck: {}}} -> needs one of http, tcp, exec and log",
                "services: {a: {runtime: local, command: [x], healthcheck: {exec: [x], interval: 5}}} -> not a duration",
                "ports: {web: {value: 010}}                                     -> without the leading zero",
                "ports: {web: {value: '80'}}                                    -> expected a whole number",
                "ports: {web: 80}                                               -> expected a map",
                "ports: {web: {value: -1}}                                      -> is not between 0 and 65535",
                "operator: {port_pool: {web: {range: 9-8}}}                     -> is not a range of ports",
                "operator: {port_pool: {web: {}}}                               -> 'range' is missing",
                "sources: {a: {kind: svn}}                                      -> 'svn' is not one of git, local",
                "sources: {a: {kind: git}}                                      -> needs 'repo'",
                "workspaces: {a: {}}                                            -> 'template' is missing",
                "secrets: {a: {import: NAME}}                                   -> is not an import such as 'env:NAME'",
                "version: 2                                                     -> version 2 is not supported",
                "kind: heap                                                     -> 'heap' is not one of stack",
                "jobs: {a: {runtime: local, command: [x], ports: ['1']}}        -> is not a known key",
                "workspaces: {a: {template: t, sources: {app: {source: x}}}}    -> source 'x' is not declared",
                "services: {a: {runtime: local, command: [\"a\\0b\"]}}           -> cannot hold a NUL",
            })
    void every_rule_holds_for_every_entry_R1(String row) {
        String[] parts = row.split(" +-> ", 2);
        assertThat(problems("name: x\n" + parts[0]).getMessage()).contains(parts[1]);
    }

    @Test
    void references_of_a_form_that_never_worked_are_refused_with_the_one_that_does_C20() {
        assertThat(problems("""
                                name: x
                                operator: { port_pool: { acp: { range: 8100-8199 } } }
                                secrets: { acp_token: {} }
                                services:
                                  a: { runtime: local, command: [x], env: { A: "${alloc_acp}", B: "${secret:acp_token}" } }
                                """).getMessage())
                .contains("services.a.env.A: 'alloc_acp' is not known; the port of a pool is ${alloc.acp}")
                .contains("services.a.env.B: 'secret:acp_token' is no path; its parts are joined by dots:"
                        + " ${secret.acp_token}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "operator: {token_secret: x}",
                "operator: {template_paths: [x]}",
                "operator: {workspace_pool: {dev: {size: 1}}}",
                "ports: {web: {value: 1, export_env: X}}",
                "ports: {web: {value: 1, aliases: [x]}}",
                "sources: {a: {kind: git, repo: x, url: y}}",
                "sources: {a: {kind: git, repo: x, git: {user_name: y}}}",
                "sources: {a: {kind: git, repo: x, checksum: y}}",
                "services: {a: {runtime: local, command: [x], shared: true}}",
                "services: {a: {runtime: local, command: [x], backup: {dump: [x]}}}",
                "persist: {a: {subpath: x, backup: true}}",
                "files: {write: [x]}",
            })
    void a_field_that_nothing_acts_on_is_refused_as_not_supported_and_never_ignored_R27(String row) {
        InvalidDocumentException refused = problems("name: x\n" + row);
        assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(refused.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).startsWith("is not supported yet; "));
    }

    @Test
    void the_limits_can_be_set() {
        ManifestReader strict = new ManifestReader(new YamlLimits(1000, 10, 8));
        assertThat(strict.read("angee.yaml", "name: x\n").name()).isEqualTo("x");
        String many = "name: x\nports: { a: { value: 1 }, b: { value: 2 }, c: { value: 3 } }\n";
        assertThat(read(many).ports()).hasSize(3);
        assertThat(catchThrowableOfType(InvalidDocumentException.class, () -> strict.read("angee.yaml", many)))
                .hasMessageContaining("more than 10 ");
        String dotted = "name: " + "x".repeat(1000) + "\n";
        assertThat(catchThrowableOfType(InvalidDocumentException.class, () -> strict.read("angee.yaml", dotted)))
                .hasMessageContaining("larger than");
    }

    @Test
    void a_circle_of_dependencies_is_named() {
        assertThat(problems("""
                                name: x
                                services:
                                  a: { runtime: local, command: [x], depends_on: [b] }
                                  b: { runtime: local, command: [x], depends_on: [c] }
                                  c: { runtime: local, command: [x], depends_on: [a] }
                                """).getMessage()).contains("a → b → c → a");
    }

    @Test
    void a_job_cannot_have_the_name_of_a_service_R9() {
        assertThat(problems("""
                                name: x
                                services: { a: { runtime: local, command: [x] } }
                                jobs: { a: { runtime: local, command: [x] } }
                                """).getMessage()).contains("jobs.a: a service has this name too");
    }

    @Test
    void only_a_service_with_a_check_can_be_waited_for_as_healthy() {
        assertThat(problems("""
                                name: x
                                services:
                                  a: { runtime: local, command: [x], depends_on: { b: { condition: healthy } } }
                                  b: { runtime: local, command: [x] }
                                """).getMessage()).contains("'b' has no healthcheck");
    }

    @Test
    void anchors_aliases_and_merge_keys_work_and_a_key_written_twice_does_not() {
        Manifest manifest = read("""
                name: x
                services:
                  a: &base { runtime: local, command: [x], env: { A: 1 } }
                  b: { <<: *base, command: [y] }
                """);
        assertThat(manifest.services().get("b").command()).hasToString("[y]");
        assertThat(manifest.services().get("b").env()).hasToString("{A=1}");
        assertThat(problems("name: x\nname: y\n").getMessage()).contains("angee.yaml:2:1  name: is written twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# only a comment\n", "name: [", "- a\n- b\n", "name: x\n---\nname: y\n", "a: *nope", "\t"})
    void what_is_no_manifest_is_a_problem_with_a_place(String text) {
        assertThat(problems(text).problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.line()).isPositive());
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void an_alias_bomb_is_refused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(String.join(",", java.util.Collections.nCopies(10, alias)))
                    .append("]\n");
        }
        assertThat(problems(bomb.toString()).getMessage()).contains("once aliases are expanded");
        assertThat(problems("a: &a [" + "*a, ".repeat(100_000) + "*a]\n").getMessage())
                .isNotEmpty();
        assertThat(problems("a: " + "[".repeat(5000)).getMessage()).isNotEmpty();
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void a_long_chain_of_dependencies_is_read() {
        StringBuilder chain = new StringBuilder("name: x\nservices:\n");
        for (int i = 0; i < 20_000; i++) {
            chain.append("  s").append(i).append(": { runtime: local, command: [x], depends_on: [s");
            chain.append(i + 1).append("] }\n");
        }
        chain.append("  s20000: { runtime: local, command: [x] }\n");
        assertThat(read(chain.toString()).services()).hasSize(20_001);
    }

    @Test
    void problems_come_in_the_order_of_the_file_R54() {
        List<Integer> lines =
                problems("""
                        services:
                          z: { runtime: vm, command: [x] }
                          a: { runtime: vm, command: [x] }
                          m: { runtime: vm, command: [x] }
                        """).problems().stream().map(problem -> problem.line()).toList();
        assertThat(lines).isSorted().hasSize(4);
    }

    private Manifest read(String text) {
        return reader.read("angee.yaml", text);
    }

    private InvalidDocumentException problems(String text) {
        return catchThrowableOfType(InvalidDocumentException.class, () -> read(text));
    }
}
