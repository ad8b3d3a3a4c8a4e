package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Feature;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
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

    private static HealthCheck check(HealthCheck.Probe probe) {
        return check(probe, Duration.ofSeconds(1), Duration.ZERO);
    }

    static RuntimePlan everything() {
        return plan(
                Workload.service("cache", new Launch.Image("redis")).build(),
                db(),
                mail(),
                queue(),
                web(),
                Workload.job("migrate", HOST)
                        .command(List.of("./migrate"))
                        .variables(Map.of(
                                "URL",
                                Text.of("postgres://$:")
                                        .plus(secret("db.password"))
                                        .plus(Text.of("@${db}"))))
                        .build(),
                Workload.job("report", HOST)
                        .command(List.of("./report"))
                        .lifecycle(Lifecycles.with("timeout", Duration.ofHours(1)))
                        .build());
    }

    private static Workload web() {
        return Workload.service("web", HOST)
                .command(List.of("node", "server.js", "--name=a b", "", "it's", "$HOME"))
                .environment(Map.of("B", "2", "A", "\"1\"\n\u0007😀${X}"))
                .workdir("/srv/stack/web")
                .dependsOn(new Dependency("db", Condition.HEALTHY))
                .dependsOn(new Dependency("queue", Condition.HEALTHY))
                .dependsOn(new Dependency("mail", Condition.HEALTHY))
                .dependsOn(new Dependency("cache", Condition.STARTED))
                .dependsOn(new Dependency("migrate", Condition.COMPLETED))
                .health(check(new HealthCheck.Http(8080, "/health?x=1"), Duration.ofSeconds(5), Duration.ZERO))
                .liveness(check(new HealthCheck.Http(8080, "/$alive"), Duration.ofSeconds(9), Duration.ofSeconds(90)))
                .lifecycle(Lifecycles.with(Map.of(
                        "restart",
                        RestartPolicy.parse("on-failure:5").orElseThrow(),
                        "replicas",
                        3,
                        "logs",
                        new LogRotation(10 << 20, 5),
                        "on_owner_exit",
                        OnOwnerExit.STOP)))
                .build();
    }

    private static Workload db() {
        return Workload.service("db", HOST)
                .command(List.of("postgres", "-D", "data"))
                .health(check(
                        new HealthCheck.Exec(List.of("pg_isready", "-h", "my host")),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(30)))
                .liveness(check(new HealthCheck.Tcp(5432)))
                .lifecycle(Lifecycles.with(
                        "restart", RestartPolicy.parse("unless-stopped").orElseThrow()))
                .user("postgres")
                .limits(new Limits(OptionalLong.of(1 << 20), OptionalInt.of(1500), OptionalInt.empty()))
                .build();
    }

    private static Workload mail() {
        return Workload.service("mail", HOST)
                .command(List.of("mail", "{{.From}}"))
                .shutdown(List.of("mail", "--end", "$(all)"))
                .lifecycle(Lifecycles.with(Map.of(
                        "stop_signal",
                        "SIGINT",
                        "stop_grace",
                        Duration.ofMillis(1500),
                        "success_exit_codes",
                        List.of(3, 4))))
                .health(check(new HealthCheck.Tcp(25)))
                .build();
    }

    private static Workload queue() {
        return Workload.service("queue", HOST)
                .command(List.of("queue"))
                .health(check(new HealthCheck.LogLine("ready: now"), Duration.ofSeconds(2), Duration.ofSeconds(9)))
                .liveness(check(new HealthCheck.Exec(List.of("queue", "--alive", "a b"))))
                .lifecycle(Lifecycles.with("logs", new LogRotation(1500, 1)))
                .build();
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
                .shutdown(List.of(odd))
                .health(check(new HealthCheck.Http(1, odd)))
                .liveness(check(new HealthCheck.Exec(List.of(odd))))
                .lifecycle(Lifecycles.with("logs", new LogRotation(1 << 20, 2)))
                .build();
        String text = ProcessComposeFile.of(plan(workload)).text();
        assertThat(text.replace("$$", "")).doesNotContain("$");
        String word = "'" + odd.replace("'", "'\\''") + "'";
        Map<?, ?> file = parse(text.replace("$$", "$"));
        Map<?, ?> process = (Map<?, ?>) ((Map<?, ?>) file.get("processes")).get(odd);
        assertThat(process.get("environment")).isEqualTo(List.of("K=" + odd));
        assertThat(process.get("working_dir")).isEqualTo(odd);
        assertThat(at(process, "shutdown", "command")).isEqualTo(word);
        assertThat(at(process, "readiness_probe", "http_get", "path")).isEqualTo(odd);
        assertThat(at(process, "liveness_probe", "exec", "command")).isEqualTo(word);
        Path log = Path.of(at(process, "log_location").toString());
        assertThat(log).isEqualTo(log.normalize()).hasParentRaw(Path.of("/srv/stack/run/process-compose"));
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

    private static Object at(Map<?, ?> map, String... keys) {
        Object value = map;
        for (String key : keys) {
            value = Objects.requireNonNull(((Map<?, ?>) value).get(key), key);
        }
        return value;
    }

    private static Workload alone(UnaryOperator<WorkloadBuilder> change) {
        return change.apply(Workload.service("w", HOST).command(List.of("x"))).build();
    }

    private static String text(Workload... workloads) {
        return ProcessComposeFile.of(plan(workloads)).text();
    }

    private static String comment(String what) {
        return "# - service \"w\": " + what + "\n";
    }

    /** By feature, what of the file says it: a line, or what is listed at its head. */
    private static Map<Feature, String> sayings() {
        Map<Feature, String> sayings = new EnumMap<>(Map.ofEntries(
                Map.entry(Feature.USER, comment("it runs as user 'nobody'")),
                Map.entry(Feature.RESTART, "    availability:\n      restart: \"always\"\n"),
                Map.entry(Feature.LIMITS, comment("it may use at the most 1 bytes of memory")),
                Map.entry(Feature.STOP_SIGNAL, "    shutdown:\n      signal: 2\n      timeout_seconds: 10\n"),
                Map.entry(Feature.STOP_GRACE, "    shutdown:\n      timeout_seconds: 1\n"),
                Map.entry(Feature.SHUTDOWN, "    shutdown:\n      command: \"true\"\n"),
                Map.entry(Feature.REPLICAS, "    replicas: 2\n"),
                Map.entry(Feature.SUCCESS_EXIT_CODES, "    success_exit_codes:\n      - 3\n"),
                Map.entry(Feature.ON_OWNER_EXIT, comment("it ends with the program that has started it")),
                Map.entry(Feature.LOGS, "    log_configuration:\n      rotation:\n        max_size_mb: 1\n"),
                Map.entry(Feature.HTTP_CHECK, "    readiness_probe:\n      http_get:\n"),
                Map.entry(Feature.TCP_CHECK, comment("it is healthy when port 80 takes connections")),
                Map.entry(Feature.LOG_CHECK, "    ready_log_line: \"ready\"\n"),
                Map.entry(Feature.LIVENESS, comment("it is ended when port 80 takes no connections any more"))));
        for (Feature feature : Feature.values()) {
            sayings.putIfAbsent(feature, comment("its '" + feature.field() + "', which is for containers"));
        }
        return sayings;
    }

    @Test
    void no_feature_of_a_local_workload_is_silent() {
        String plain = text(alone(w -> w));
        sayings().forEach((feature, saying) -> {
            if (feature != Feature.BUILD) {
                Workload asking = alone(w -> HonouredTest.asking(feature, w));
                assertThat(Feature.of(asking)).containsExactly(feature);
                assertThat(plain).doesNotContain(saying);
                assertThat(text(asking)).as("%s", feature).contains(saying);
            }
        });
    }

    @Test
    void what_has_no_feature_is_not_silent_either() {
        assertThat(text(alone(w -> w.lifecycle(Lifecycles.with("timeout", Duration.ofSeconds(5))))))
                .contains(comment("it is killed when it has run for PT5S"));
        assertThat(text(alone(w -> w.lifecycle(Lifecycles.with("profiles", "dev")))))
                .contains(comment("it starts by itself if one of the profiles dev is active; here it is disabled"))
                .contains("    disabled: true\n");
        assertThat(text(alone(w -> w.lifecycle(Lifecycles.with("stop_signal", "SIGRTMIN+3")))))
                .contains(comment("it is asked to end by SIGRTMIN+3"))
                .doesNotContain("signal:");
    }

    /** It reads that file of its folder, where all secrets are, into every process. */
    @Test
    void every_process_is_kept_from_the_file_with_the_secrets_R7() {
        Map<?, ?> processes =
                (Map<?, ?>) parse(ProcessComposeFile.of(everything()).text()).get("processes");
        assertThat(processes).hasSize(6);
        assertThat(processes.values())
                .allSatisfy(each ->
                        assertThat(((Map<?, ?>) each).get("is_dotenv_disabled")).isEqualTo(true));
    }

    @Test
    void a_check_without_the_variables_of_its_service_is_listed() {
        HealthCheck.Probe exec = new HealthCheck.Exec(List.of("x"));
        String said = " has the variables of the service; here those of process-compose only";
        assertThat(text(alone(w -> w.health(check(exec)).liveness(check(exec)))))
                .doesNotContain(said);
        assertThat(text(alone(w -> w.health(check(exec)).liveness(check(exec)).environment(Map.of("A", "1")))))
                .contains(comment("its check" + said), comment("its liveness check" + said));
        assertThat(text(alone(w -> w.health(check(new HealthCheck.Http(1, "/"))).environment(Map.of("A", "1")))))
                .doesNotContain(said);
    }

    @Test
    void codes_that_mean_success_are_listed_where_they_would_be_failures() {
        String said = comment("it is not started again when it ended with 3, 4; here after each code but 0");
        assertThat(text(alone(w -> w.lifecycle(restarting("on-failure"))))).contains(said);
        assertThat(text(alone(w -> w.lifecycle(restarting("always"))))).doesNotContain(said);
        assertThat(text(alone(w -> w.lifecycle(restarting("no"))))).doesNotContain(said);
    }

    private static Lifecycle restarting(String policy) {
        return Lifecycles.with(
                Map.of("restart", RestartPolicy.parse(policy).orElseThrow(), "success_exit_codes", List.of(0, 3, 4)));
    }

    @Test
    void how_long_an_end_may_take_is_always_said_and_what_becomes_of_the_rest_is_listed() {
        assertThat(text(alone(w -> w))).contains("    shutdown:\n      timeout_seconds: 10\n");
        assertThat(text(alone(w -> w.shutdown(List.of("end")).lifecycle(Lifecycles.with("stop_signal", "SIGINT")))))
                .contains(comment("what its shutdown command leaves is asked to end by INT, and killed when its time is"
                        + " over; here it is killed if the command fails, and runs on if it does not"));
    }

    /** Dependents of what is disabled would not be waited for: process-compose starts them at once. */
    @Test
    void only_what_up_would_not_start_is_disabled() {
        String text = text(
                Workload.service("a", HOST)
                        .command(List.of("x"))
                        .dependsOn(completed("needed"))
                        .build(),
                job("needed", Map.of("profiles", "never")),
                job("at-each-up", Map.of("run_on", RunOn.UP)),
                job("at-up-for-a-profile", Map.of("run_on", RunOn.UP, "profiles", "dev")),
                job("on-demand", Map.of()));
        Map<?, ?> processes = (Map<?, ?>) parse(text).get("processes");
        List<String> disabled = new ArrayList<>();
        processes.forEach((name, process) -> {
            if (((Map<?, ?>) process).containsKey("disabled")) {
                disabled.add(name.toString());
            }
        });
        assertThat(disabled).containsExactlyInAnyOrder("at-up-for-a-profile", "on-demand");
    }

    private static Dependency completed(String name) {
        return new Dependency(name, Condition.COMPLETED);
    }

    private static Workload job(String name, Map<String, ?> rules) {
        return Workload.job(name, HOST)
                .command(List.of("x"))
                .lifecycle(Lifecycles.with(rules))
                .build();
    }

    @Test
    void a_pattern_is_exported_only_if_it_is_a_text() {
        for (String literal : List.of("ready", "listening on :80, #1 <now> 'ok' \"é\" =&~`@%-/!;_", " ")) {
            Map<?, ?> file = parse(text(alone(w -> w.health(check(new HealthCheck.LogLine(literal))))));
            assertThat(at(file, "processes", "w", "ready_log_line")).isEqualTo(literal);
        }
        for (String pattern :
                List.of("", "a.b", "a\\.", "[a]", "a|b", "a?", "a*", "a+", "^a", "a$", "(a)", "a{2}", "a\t")) {
            String text = text(alone(w -> w.health(check(new HealthCheck.LogLine(pattern)))));
            assertThat(text).doesNotContain("ready_log_line").contains("a line of its output matches '");
        }
    }

    @Test
    void who_waits_for_what_cannot_be_said_waits_for_its_start_and_that_is_listed() {
        for (HealthCheck.Probe probe : List.of(new HealthCheck.Tcp(1), new HealthCheck.LogLine("a+"))) {
            String text = text(
                    alone(w -> w.dependsOn(new Dependency("other", Condition.HEALTHY))),
                    Workload.service("other", HOST)
                            .command(List.of("x"))
                            .health(check(probe))
                            .build());
            assertThat(text)
                    .contains("      \"other\":\n        condition: \"process_started\"\n")
                    .contains(comment("it waits until 'other' is healthy; here until it is started"));
        }
    }

    @Test
    void describe_tells_what_the_format_cannot_say_by_field() {
        List<String> notes = Host.detect("").describe().notes();
        assertThat(notes).allMatch(note -> note.matches("[a-z_.]+(, [a-z_.]+)*: [^.]+"));
        sayings().forEach((feature, saying) -> {
            if (saying.startsWith("#") && !saying.contains("for containers")) {
                assertThat(notes).as("%s", feature).anyMatch(note -> note.startsWith(feature.field()));
            }
        });
        assertThat(notes.stream().map(note -> note.split("[.:,]", 2)[0]))
                .contains("env", "depends_on", "profiles", "run_on", "timeout", "restart", "stop_grace", "logs");
    }

    private static Map<?, ?> parse(String yaml) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(
                ProcessComposeFileTest.class.getResourceAsStream("/process-compose/" + name), name);
    }
}
