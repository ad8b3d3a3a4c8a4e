package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The value of a secret is in the environment of whom it is for, and nowhere else. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SecretIT extends LocalStack {
    private static final String CANARY = "canary-9c1e";

    private static WorkloadBuilder dumps(String name) {
        return service(name, "sh", "-c", "cat /proc/self/environ >$0.tmp; mv $0.tmp $0.env; exec sleep 1000", name);
    }

    /** What a process wrote of its environment. */
    private Map<String, String> environment(String file) throws IOException {
        Map<String, String> variables = new TreeMap<>();
        for (String entry : Files.readString(awaitFile(file)).split("\0", -1)) {
            int end = entry.indexOf('=');
            if (end > 0) {
                variables.put(entry.substring(0, end), entry.substring(end + 1));
            }
        }
        return variables;
    }

    @Test
    void a_service_has_its_own_secrets_and_not_those_of_another_R38() throws Exception {
        ResolvedSecrets all = ResolvedSecrets.of(Map.of(
                new SecretName("one"), SecretValue.of("value-1"),
                new SecretName("two"), SecretValue.of("value-2"),
                new SecretName("unused"), SecretValue.of("value-3")));
        Backend other = open(ProcessSettings.of(Map.of("PATH", System.getenv("PATH"), "TOKEN", "value-4")));
        other.up(
                plan(
                        dumps("a").variables(Map.of("ONE", secret("one"))),
                        dumps("b").variables(Map.of("TWO", secret("two"))),
                        dumps("c")),
                UpOptions.defaults().secrets(all));
        assertThat(environment("a.env")).containsEntry("ONE", "value-1");
        assertThat(environment("b.env")).containsEntry("TWO", "value-2");
        assertThat(Files.readString(root.resolve("a.env"))).doesNotContain("value-2", "value-3", "value-4");
        assertThat(Files.readString(root.resolve("b.env"))).doesNotContain("value-1", "value-3", "value-4");
        assertThat(environment("c.env").keySet())
                .isSubsetOf("PATH", "ANGEE_PROCESS_MARKER", "ANGEE_REPLICA", "PWD", "OLDPWD", "SHLVL", "_");
    }

    private static void assertMissing(String workload, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("'" + workload + "'")
                .hasMessageContaining("'db-password'");
    }

    @Test
    void a_secret_without_a_value_is_named_before_anything_is_changed() throws Exception {
        WorkloadBuilder web = service("web", "sleep", "1000").variables(Map.of("P", secret("db-password")));
        up(service("web", "sleep", "1000"), service("old", "sleep", "1000"));
        List<WorkloadStatus> before = backend.status();
        ProcessRecord record = record("web");

        assertMissing("web", () -> up(service("first", "sleep", "1000"), web));

        assertThat(backend.status()).isEqualTo(before);
        assertThat(record("web")).isEqualTo(record);
        assertMissing(
                "j",
                () -> backend.run(
                        Workload.job("j", new Launch.HostProcess())
                                .command(List.of("touch", "ran"))
                                .variables(Map.of("P", secret("db-password")))
                                .build(),
                        RunOptions.defaults()));
        assertThat(root.resolve("ran")).doesNotExist();
        assertThat(leftovers()).noneMatch(file -> file.startsWith("jobs"));
    }

    @Test
    void what_runs_needs_no_value_and_a_start_does() throws Exception {
        WorkloadBuilder web = service("web", "sleep", "1000").variables(Map.of("P", secret("db-password")));
        backend.up(plan(web), UpOptions.defaults().secrets(secrets("db-password", "x")));
        List<WorkloadStatus> before = backend.status();
        up(web);
        backend.start(Selection.all(), StartOptions.defaults());
        assertThat(backend.status()).isEqualTo(before);
        backend.stop(Selection.all(), STOP);
        before = backend.status();
        assertMissing("web", () -> backend.start(Selection.all(), StartOptions.defaults()));
        assertThat(backend.status()).isEqualTo(before);
    }

    /** Any characters, most often those that some shell, file format or expansion gives a meaning to. */
    private static String randomValue(Random random) {
        String special = "$${}`'\"\\\n\t\r #=;&|<>*?~!%()[]:,-@^ü€😀\u0001\u001b\u0085\u00a0\u2028\uFEFF";
        int[] points = special.codePoints().toArray();
        StringBuilder value = new StringBuilder();
        for (int length = random.nextInt(40); length > 0; length--) {
            int kind = random.nextInt(4);
            value.appendCodePoint(
                    kind < 2
                            ? points[random.nextInt(points.length)]
                            : kind == 2 ? ' ' + random.nextInt('~' - ' ' + 1) : 0xA1 + random.nextInt(0x2000));
        }
        return value.toString();
    }

    @Test
    void a_thousand_values_of_any_characters_reach_the_process_and_its_probe_as_they_are_R7() throws Exception {
        Random random = new Random(4711);
        Map<String, Text> variables = new LinkedHashMap<>();
        Map<SecretName, SecretValue> secrets = new LinkedHashMap<>();
        Map<String, String> expected = new TreeMap<>();
        StringBuilder printable = new StringBuilder();
        for (char c = ' '; c <= '~'; c++) {
            printable.append(c);
        }
        for (int i = 0; i < 1000; i++) {
            String literal = i % 3 == 0 ? "" : randomValue(random);
            String value = i == 0 ? printable.toString() : randomValue(random);
            SecretName name = new SecretName("s" + i);
            secrets.put(name, SecretValue.of(value));
            variables.put("V" + i, Text.of(literal).plus(Text.secret(name)).plus(Text.of(literal)));
            variables.put("L" + i, Text.of(value));
            expected.put("V" + i, literal + value + literal);
            expected.put("L" + i, value);
        }
        WorkloadBuilder service = dumps("a")
                .variables(variables)
                .health(HealthIT.exec("sh", "-c", "cat /proc/self/environ >p.tmp; mv p.tmp probe.env"));
        backend.up(plan(service), UpOptions.defaults().secrets(ResolvedSecrets.of(secrets)));
        assertThat(environment("a.env")).containsAllEntriesOf(expected);
        open().status();
        assertThat(environment("probe.env")).containsAllEntriesOf(expected);
        assertThat(Files.readString(root.resolve("run/processes/services/a/record.json")))
                .contains("\"s999\"");
    }

    /**
     * A JVM that brings services with a secret up, has things go wrong, prints all it is told, and waits to be killed.
     */
    static final class Owner {
        private Owner() {}

        /** Argument: the root. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            ProjectName project = ProjectName.of("test", root);
            ResolvedSecrets secrets = secrets("db-password", CANARY);
            Backend backend = new ProcessBackendProvider().open(project, root);
            Workload web = web().build();
            Workload job = withSecret(
                            Workload.job("j", new Launch.HostProcess()).command(List.of("true")))
                    .build();
            RuntimePlan plan = RuntimePlan.of(project, root, List.of(web, job));
            System.out.println(backend.describe() + " " + plan + " " + plan.print() + " " + secrets);
            Files.writeString(
                    root.resolve("process-compose.yaml"), backend.compile(plan).text());
            try (EventStream events = backend.events()) {
                backend.up(plan, UpOptions.defaults().secrets(secrets));
                System.out.println(backend.run(job, RunOptions.defaults().secrets(secrets)));
                System.out.println(events.poll(Duration.ofSeconds(5)) + " " + backend.status());
            }
            fails(backend, plan, withSecret(service("bad", "no-such-program")), secrets);
            fails(backend, plan, withSecret(service("bad", "true")).workdir("/nowhere"), secrets);
            fails(backend, plan, service("bad", "true").variables(Map.of("a.b", secret("db-password"))), secrets);
            fails(backend, plan, withSecret(service("bad", "true")), secrets("db-password", CANARY + "\0"));
            Text unencodable = Text.of("\uD800").plus(secret("db-password"));
            fails(backend, plan, service("bad", "true").variables(Map.of("PASSWORD", unencodable)), secrets);
            fails(backend, plan, withSecret(service("bad", "true")), secrets("db-password", CANARY.repeat(20_000)));
            fails(backend, plan, withSecret(service("bad", "true")).user("me"), secrets);
            Files.createFile(root.resolve("owner-is-done"));
            new java.util.concurrent.CountDownLatch(1).await();
        }

        private static void fails(Backend backend, RuntimePlan plan, WorkloadBuilder bad, ResolvedSecrets secrets)
                throws InterruptedException {
            List<Workload> workloads = new ArrayList<>(plan.workloads());
            workloads.add(bad.build());
            try {
                backend.up(plan.with(workloads), UpOptions.defaults().secrets(secrets));
                throw new AssertionError("it did not fail: " + bad.build());
            } catch (AngeeException e) {
                e.printStackTrace(System.out);
            }
        }

        static WorkloadBuilder web() {
            return withSecret(shell("web", "echo $$ >web; while true; do sleep 0.1; done"))
                    .health(HealthIT.exec(
                            "sh", "-c", "test \"$PASSWORD\" = \"<$(cat ../expected)>\" && test \"$PWD\" = \"$(pwd)\""))
                    .shutdown(List.of("sh", "-c", "kill $(cat web)"));
        }

        private static WorkloadBuilder withSecret(WorkloadBuilder workload) {
            return workload.variables(
                    Map.of("PASSWORD", Text.of("<").plus(secret("db-password")).plus(Text.of(">"))));
        }
    }

    private List<String> commandLines() {
        List<String> all = new ArrayList<>();
        for (ProcTable.Entry entry : ProcTable.read().entries()) {
            try {
                all.add(new String(
                        Files.readAllBytes(Path.of("/proc/" + entry.id().pid() + "/cmdline")), StandardCharsets.UTF_8));
            } catch (IOException ended) {
                // then it has no command line any more
            }
        }
        return all;
    }

    private void assertNoCanary() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.getFileName().toString().equals("expected")) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(CANARY);
                }
            }
        }
        assertThat(commandLines())
                .anyMatch(line -> line.contains("angee-shim"))
                .noneMatch(line -> line.contains(CANARY));
    }

    @Test
    void no_value_is_in_a_file_a_command_line_a_log_or_an_exception_and_a_probe_has_it_after_the_owners_death_R38()
            throws Exception {
        Files.writeString(folder.resolve("expected"), CANARY);
        Process owner = jvm(Owner.class, List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"), root.toString())
                .start();
        long web;
        try {
            await("the owner: " + folder.resolve("jvm.log"))
                    .atMost(DEADLINE)
                    .until(() -> Files.exists(root.resolve("owner-is-done")) || !owner.isAlive());
            assertThat(root.resolve("owner-is-done"))
                    .as(Files.readString(folder.resolve("jvm.log")))
                    .exists();
            web = pid("web");
            assertNoCanary();
        } finally {
            owner.destroyForcibly().waitFor();
        }
        assertThat(Files.readString(folder.resolve("jvm.log")))
                .contains("no-such-program", "db-password", "NUL", "locale", "user");
        Map<String, String> poor = Map.of("PATH", System.getenv("PATH"), "TOKEN", "x");
        Backend heir = open(ProcessSettings.of(poor));
        await().atMost(DEADLINE).until(() -> status(heir, "web").health() == Health.HEALTHY);
        Files.writeString(folder.resolve("expected"), "other");
        await().atMost(DEADLINE).until(() -> status(heir, "web").health() == Health.UNHEALTHY);
        assertThat(status(heir, "web").toString()).doesNotContain(CANARY);
        heir.up(plan(Owner.web()), UpOptions.defaults());
        assertThat(isAlive(web))
                .as("it runs as wanted, so nobody needs the value")
                .isTrue();
        assertNoCanary();
        heir.stop(Selection.all(), STOP);
        assertThat(status(heir, "web").exitCode()).hasValue(143);
        heir.down(DownOptions.defaults());
    }
}
