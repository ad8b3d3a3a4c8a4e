package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Health;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Health checks of containers, by the engine. */
class ContainerHealthIT extends OneStack {
    private static final String SERVES = "mkdir -p /www/a; echo well > /www/index.html; exec httpd -f -p 8080 -h /www";

    /** Answers with a redirect to where nobody is, again and again. */
    private static final String REDIRECTS =
            "while :; do printf 'HTTP/1.0 302 Found\\r\\nLocation: http://10.255.255.1/\\r\\n\\r\\n' | nc -l -p 8080; done";

    @Test
    void a_server_that_answers_is_healthy_and_a_status_of_failure_is_told_R48() throws Exception {
        backend()
                .up(
                        plan(
                                service("good", SERVES, new HealthCheck.Http(8080, "/")),
                                service("moved", REDIRECTS, new HealthCheck.Http(8080, "/")),
                                service("absent", SERVES, new HealthCheck.Http(8080, "/$(touch x) 'ü\"")),
                                service("silent", "exec sleep 86400", new HealthCheck.Http(8080, "/"))),
                        UpOptions.defaults());
        soon().until(() -> status("good").health() == Health.HEALTHY);
        soon().until(() -> status("moved").health() == Health.HEALTHY);
        soon().until(() -> status("absent").health() == Health.UNHEALTHY);
        assertThat(status("absent").reason())
                .isEqualTo("its health check: GET /$(touch%20x)%20'%C3%BC\" on port 8080: status 404");
        soon().until(() -> status("silent").health() == Health.UNHEALTHY);
        assertThat(status("silent").reason()).contains("GET / on port 8080: ", "refused");
        assertThat(status("good").reason()).isEmpty();
    }

    @Test
    void a_port_that_takes_connections_is_healthy_and_another_is_not_R48() throws Exception {
        backend()
                .up(
                        plan(
                                service("good", SERVES, new HealthCheck.Tcp(8080)),
                                service("other", SERVES, new HealthCheck.Tcp(8081))),
                        UpOptions.defaults());
        soon().until(() -> status("good").health() == Health.HEALTHY);
        soon().until(() -> status("other").health() == Health.UNHEALTHY);
        assertThat(status("other").reason()).contains("port 8081: ", "refused");
    }

    @Test
    void a_dependent_is_started_once_its_dependency_answers_R48() throws Exception {
        backend()
                .up(
                        plan(
                                service("db", "sleep 1; " + SERVES, new HealthCheck.Tcp(8080)),
                                Programs.service("web", new Program.Sleeps())
                                        .dependsOn(new Dependency("db", Condition.HEALTHY))),
                        UpOptions.defaults());
        assertThat(status("db").health()).isEqualTo(Health.HEALTHY);
        assertThat(status("web").state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(status("web").startedAt().orElseThrow())
                .isAfter(status("db").startedAt().orElseThrow().plusSeconds(1));
    }

    @Test
    void a_dependency_that_never_answers_fails_the_up_by_name_R48() {
        assertThatThrownBy(() -> backend()
                        .up(
                                plan(
                                        service("db", "exec sleep 86400", new HealthCheck.Http(8080, "/")),
                                        Programs.service("web", new Program.Sleeps())
                                                .dependsOn(new Dependency("db", Condition.HEALTHY))),
                                UpOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("'db'");
        assertThat(states()).doesNotContainEntry("web", WorkloadState.RUNNING);
    }

    @Test
    void what_a_check_of_the_users_prints_is_not_told() throws Exception {
        SecretName name = new SecretName("password");
        WorkloadBuilder leaky = service(
                        "leaky",
                        "exec sleep 86400",
                        new HealthCheck.Exec(List.of("sh", "-c", "echo \"$PASSWORD\"; exit 3")))
                .variables(Map.of("PASSWORD", Text.secret(name)));
        ResolvedSecrets secrets = ResolvedSecrets.of(Map.of(name, SecretValue.of("canary-4711")));
        backend()
                .up(
                        plan(
                                leaky,
                                service(
                                        "missing",
                                        "exec sleep 86400",
                                        new HealthCheck.Exec(List.of("no-such-program"))),
                                service("slow", "exec sleep 86400", new HealthCheck.Exec(List.of("sleep", "60")))),
                        UpOptions.defaults().secrets(secrets));
        soon().until(() -> status("leaky").health() == Health.UNHEALTHY);
        assertThat(status("leaky").reason()).isEqualTo("its health check ended with exit code 3");
        soon().until(() -> status("missing").health() == Health.UNHEALTHY);
        assertThat(status("missing").reason()).contains("no-such-program");
        soon().until(() -> status("slow").health() == Health.UNHEALTHY);
        assertThat(status("slow").reason()).isEqualTo("its health check took too long");
    }

    private static WorkloadBuilder service(String name, String script, HealthCheck.Probe probe) {
        return Workload.service(name, Programs.IMAGE)
                .command(Programs.shell(script))
                .health(new HealthCheck(probe, Duration.ofMillis(500), Duration.ofSeconds(2), 6, Duration.ZERO));
    }
}
