package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Text;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SecretVariablesTest {
    private static final SecretName DB = new SecretName("db.password");
    private static final SecretName KEY = new SecretName("key");

    @Test
    void only_what_the_workloads_need_is_handed_over() {
        SecretVariables variables = SecretVariables.of(
                List.of(needing("web", DB)), secrets(Map.of(DB, "one", KEY, "two")), StandardCharsets.UTF_8);
        assertThat(environment(variables)).isEqualTo(Map.of("PATH", "/bin", "ANGEE_SECRET_DB_PASSWORD", "one"));
        assertThat(environment(SecretVariables.none())).isEqualTo(Map.of("PATH", "/bin"));
    }

    @Test
    void a_secret_without_a_value_is_not_found_and_named_with_who_needs_it() {
        for (Workload needing : List.of(
                needing("web", KEY),
                Workload.job("web", new Launch.Image("x"))
                        .variables(Map.of("V", Text.secret(KEY)))
                        .build())) {
            assertThatThrownBy(() ->
                            SecretVariables.of(List.of(needing), secrets(Map.of(DB, "canary")), StandardCharsets.UTF_8))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                    .hasMessageStartingWith(needing.isJob() ? "job 'web': " : "service 'web': ")
                    .hasMessageContaining("secret 'key'");
        }
    }

    @Test
    void a_value_that_no_program_can_be_given_is_refused_and_not_quoted() {
        Map<String, Charset> values = new LinkedHashMap<>();
        values.put("canary\0", StandardCharsets.UTF_8);
        values.put("canary grün", StandardCharsets.US_ASCII);
        values.put("canary gruen grün", StandardCharsets.ISO_8859_1);
        values.put("canary".repeat(22_000), StandardCharsets.UTF_8);
        values.forEach((value, charset) -> assertThatThrownBy(
                        () -> SecretVariables.of(List.of(needing("web", KEY)), secrets(Map.of(KEY, value)), charset))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining("'web'")
                .hasMessageContaining("'key'")
                .hasMessageNotContaining("canary"));
    }

    @Test
    void a_value_in_plain_ascii_can_be_handed_over_in_any_locale() {
        assertThat(environment(SecretVariables.of(
                        List.of(needing("web", KEY)), secrets(Map.of(KEY, " a\n$b ")), StandardCharsets.US_ASCII)))
                .containsEntry("ANGEE_SECRET_KEY", " a\n$b ");
    }

    @Test
    void a_quoted_text_is_rid_of_every_value_and_every_line_of_it_the_longest_first() {
        SecretVariables variables = SecretVariables.of(
                List.of(needing("web", DB), needing("api", KEY)),
                secrets(Map.of(DB, "pass", KEY, "  password \"x\"\n\nsecond line\n")),
                StandardCharsets.UTF_8);
        assertThat(variables.hide("is password \"x\" or \"password \\\"x\\\"\\nsecond line\" or pass"))
                .isEqualTo("is *** or \"***\\n***\" or ***");
        assertThat(variables).hasToString("[ANGEE_SECRET_DB_PASSWORD, ANGEE_SECRET_KEY]");
    }

    @Test
    void nothing_is_hidden_for_an_empty_value() {
        SecretVariables variables =
                SecretVariables.of(List.of(needing("web", KEY)), secrets(Map.of(KEY, "")), StandardCharsets.UTF_8);
        assertThat(variables.hide("as it was")).isEqualTo("as it was");
        assertThat(environment(variables)).containsEntry("ANGEE_SECRET_KEY", "");
    }

    private static Map<String, String> environment(SecretVariables variables) {
        Map<String, String> environment = new TreeMap<>(Map.of("PATH", "/bin"));
        variables.addTo(environment);
        return environment;
    }

    private static Workload needing(String name, SecretName secret) {
        return Workload.service(name, new Launch.Image("x"))
                .variables(Map.of("V", Text.of("<").plus(Text.secret(secret))))
                .build();
    }

    static ResolvedSecrets secrets(Map<SecretName, String> values) {
        Map<SecretName, SecretValue> resolved = new TreeMap<>();
        values.forEach((name, value) -> resolved.put(name, SecretValue.of(value)));
        return ResolvedSecrets.of(resolved);
    }
}
