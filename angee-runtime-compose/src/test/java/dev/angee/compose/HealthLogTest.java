package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.plan.HealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthLogTest {
    private static final List<String> USERS = List.of("CMD", "psql", "-c", "select 1");

    @Test
    void what_a_probe_of_ours_says_is_quoted_in_one_line() {
        assertThat(HealthLog.problem(ours(), 1, "GET / on port 80: status 500\nmore\n"))
                .isEqualTo("its health check: GET / on port 80: status 500");
        assertThat(HealthLog.problem(ours(), 1, "x".repeat(4000))).hasSizeLessThan(350);
        assertThat(HealthLog.problem(ours(), 1, "")).isEqualTo("its health check ended with exit code 1");
    }

    @Test
    void what_a_command_of_the_users_prints_is_not() {
        assertThat(HealthLog.problem(USERS, 2, "password canary-4711 refused"))
                .isEqualTo("its health check ended with exit code 2");
        assertThat(HealthLog.problem(List.of("CMD-SHELL", "x"), 2, "canary-4711"))
                .doesNotContain("4711");
        assertThat(HealthLog.problem(List.of(), 2, "canary-4711")).doesNotContain("4711");
    }

    @Test
    void what_the_engine_says_is_quoted_but_nothing_that_was_printed_meanwhile() {
        assertThat(HealthLog.problem(USERS, -1, "OCI runtime exec failed: \"psql\": executable file not found"))
                .contains("\"psql\": executable file not found");
        assertThat(HealthLog.problem(USERS, -1, "Health check exceeded timeout (1s): canary-4711"))
                .isEqualTo("its health check took too long");
    }

    private static List<String> ours() {
        List<String> test = new ArrayList<>(List.of("CMD"));
        test.addAll(ProbeScript.http(new HealthCheck.Http(80, "/"), Duration.ofMillis(1)));
        return test;
    }
}
