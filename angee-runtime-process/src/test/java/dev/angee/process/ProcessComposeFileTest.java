package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ProcessComposeFileTest {
    private static final Launch HOST = new Launch.HostProcess();

    private static RuntimePlan plan(Workload... workloads) {
        Path root = Path.of("/srv/stack");
        return RuntimePlan.of(ProjectName.of("demo", root), root, Arrays.asList(workloads));
    }

    private static HealthCheck check(HealthCheck.Probe probe, Duration interval, Duration startPeriod) {
        return new HealthCheck(probe, interval, Duration.ofSeconds(3), 4, startPeriod);
    }

    private static RuntimePlan everything() {
        Workload web = Workload.service("web", HOST)
                .command(List.of("node", "server.js", "--name=a b", "", "it's", "$HOME"))
                .environment(Map.of("B", "2", "A", "\"1\"\n\u0007😀${X}"))
                .workdir("/srv/stack/web")
                .dependsOn(new Dependency("db", Condition.HEALTHY))
                .dependsOn(new Dependency("cache", Condition.STARTED))
                .dependsOn(new Dependency("migrate", Condition.COMPLETED))
                .health(check(new HealthCheck.Http(8080, "/health?x=1"), Duration.ofSeconds(5), Duration.ZERO))
                .build();
        Workload db = Workload.service("db", HOST)
                .command(List.of("postgres", "-D", "data"))
                .health(check(
                        new HealthCheck.Exec(List.of("pg_isready", "-h", "my host")),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(30)))
                .build();
        Workload mail = Workload.service("mail", HOST)
                .command(List.of("mail", "{{.From}}"))
                .shutdown(List.of("mail", "--end", "$(all)"))
                .lifecycle(Lifecycles.with(Map.of(
                        "stop_signal",
                        "SIGINT",
                        "stop_grace",
                        Duration.ofMillis(1500),
                        "success_exit_codes",
                        List.of(3, 4))))
                .health(check(new HealthCheck.Tcp(25), Duration.ofSeconds(1), Duration.ZERO))
                .build();
        Workload migrate = Workload.job("migrate", HOST)
                .command(List.of("./migrate"))
                .variables(Map.of(
                        "URL",
                        Text.of("postgres://$:").plus(secret("db.password")).plus(Text.of("@${db}"))))
                .build();
        Workload cache = Workload.service("cache", new Launch.Image("redis")).build();
        return plan(cache, db, mail, web, migrate);
    }

    @Test
    void the_file_is_as_expected() throws IOException {
        try (InputStream in = resource("expected.yaml")) {
            assertThat(ProcessComposeFile.of(everything()).text())
                    .isEqualTo(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void a_plan_without_local_workloads_has_no_file() {
        assertThat(ProcessComposeFile.of(plan()).isEmpty()).isTrue();
        assertThat(ProcessComposeFile.of(plan(
                                Workload.service("c", new Launch.Image("redis")).build()))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void any_text_is_read_back_as_it_was_once_the_dollars_are_expanded() {
        String odd = "a: b # c\t\r\n\u0000\u0085\u2028\uFEFF\"\\'{}[]&*!|>%@` ü€😀$x${y}$$ - ? ~ null";
        Workload workload = Workload.service(odd, HOST)
                .command(List.of("x"))
                .environment(Map.of("K", odd))
                .workdir(odd)
                .build();
        String text = ProcessComposeFile.of(plan(workload)).text();
        assertThat(text.replace("$$", "")).doesNotContain("$");
        Map<?, ?> file = parse(text.replace("$$", "$"));
        Map<?, ?> process = (Map<?, ?>) ((Map<?, ?>) file.get("processes")).get(odd);
        assertThat(process.get("environment")).isEqualTo(List.of("K=" + odd));
        assertThat(process.get("working_dir")).isEqualTo(odd);
    }

    private static Text secret(String name) {
        return Text.secret(new SecretName(name));
    }

    /** As process-compose does it, in the text of the file: two dollars are one, and a reference is a variable's value. */
    private static String expand(String text, Map<String, String> variables) {
        return Pattern.compile("\\$\\$|\\$\\{([^}]*)}|\\$")
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group().equals("$$") ? "$" : variables.getOrDefault(found.group(1), "NOT GIVEN")));
    }

    @Test
    void a_secret_is_a_reference_that_process_compose_expands_and_its_value_is_nowhere_R7() {
        String value = "c4n4ry $HOME '\" \\ #{{x}}\n";
        Workload workload = Workload.service("a", HOST)
                .command(List.of("x"))
                .variables(Map.of(
                        "ONE",
                        secret("one"),
                        "TWO",
                        Text.of("$$\"").plus(secret("two")).plus(Text.of("$\\${x}"))))
                .build();
        String text = ProcessComposeFile.of(plan(workload)).text();
        assertThat(text).contains("ANGEE_SECRET_ONE, ANGEE_SECRET_TWO\n", "is_template_disabled: true");
        String given = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        Map<?, ?> file = parse(expand(text, Map.of("ANGEE_SECRET_ONE", given, "ANGEE_SECRET_TWO", given)));
        Map<?, ?> process = (Map<?, ?>) ((Map<?, ?>) file.get("processes")).get("a");
        assertThat(process.get("environment")).isEqualTo(List.of("ONE=" + value, "TWO=$$\"" + value + "$\\${x}"));
    }

    @Test
    void the_file_keeps_to_the_published_schema() throws IOException {
        try (InputStream in = resource("schema.json")) {
            JsonNode schema = new ObjectMapper().readTree(in);
            Map<?, ?> file = parse(ProcessComposeFile.of(everything()).text());
            check(schema, schema.at("/$defs/Project"), new ObjectMapper().valueToTree(file), "file");
        }
    }

    /** As much of JSON Schema as that schema uses; and unlike it, no property that it does not name. */
    private static void check(JsonNode root, JsonNode schema, JsonNode value, String path) {
        JsonNode target =
                schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
        String type = target.path("type").asText();
        if (type.equals("object")) {
            assertThat(value.isObject()).as(path).isTrue();
            value.properties().forEach(each -> {
                JsonNode property = target.path("properties").has(each.getKey())
                        ? target.get("properties").get(each.getKey())
                        : target.get("additionalProperties");
                assertThat(property).as(path + "." + each.getKey()).isNotNull();
                check(root, property, each.getValue(), path + "." + each.getKey());
            });
        } else if (type.equals("array")) {
            assertThat(value.isArray()).as(path).isTrue();
            value.forEach(each -> check(root, target.get("items"), each, path + "[]"));
        } else if (type.equals("string")) {
            assertThat(value.isTextual()).as(path).isTrue();
            if (target.has("enum")) {
                assertThat(target.get("enum")).as(path).contains(value);
            }
        } else if (type.equals("integer")) {
            assertThat(value.isInt()).as(path).isTrue();
        } else {
            assertThat(type).as(path).isEqualTo("boolean");
            assertThat(value.isBoolean()).as(path).isTrue();
        }
    }

    private static Map<?, ?> parse(String yaml) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(
                ProcessComposeFileTest.class.getResourceAsStream("/process-compose/" + name), name);
    }
}
