package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
    private static final SecretName DB = new SecretName("db");
    private static final SecretValue CANARY = SecretValue.of("canary-4711");

    @Test
    void a_text_with_a_secret_prints_its_name_and_never_its_value() {
        Text url = Text.of("postgres://a${b}:").plus(Text.secret(DB)).plus(Text.of("@db"));
        ResolvedSecrets secrets = ResolvedSecrets.of(Map.of(DB, CANARY));
        assertThat(url).hasToString("postgres://a$${b}:${secret.db}@db");
        assertThat(url.plain()).isEmpty();
        assertThat(url.secrets()).containsExactly(DB);
        assertThat(secrets.fill(url)).isEqualTo("postgres://a${b}:canary-4711@db");
        assertThat("" + secrets + CANARY + url).doesNotContain("4711");
    }

    @Test
    void equal_texts_are_equal_however_they_were_put_together() {
        assertThat(Text.of("a").plus(Text.of("")).plus(Text.of("b")))
                .isEqualTo(Text.of("ab"))
                .hasSameHashCodeAs(Text.of("ab"));
        assertThat(Text.of("").plain()).contains("");
        assertThat(Text.secret(DB)).isNotEqualTo(Text.of("${secret.db}"));
    }

    @Test
    void a_secret_without_a_value_is_named() {
        assertThatThrownBy(() -> ResolvedSecrets.none().fill(Text.secret(DB)))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("secret 'db'");
    }

    @ParameterizedTest
    @CsvSource({
        "postgres-password, ANGEE_SECRET_POSTGRES_PASSWORD",
        "-a-, ANGEE_SECRET__A",
        "a.b, ANGEE_SECRET_A_B",
        "A_B, ANGEE_SECRET_A_B",
    })
    void a_secret_has_the_variable_that_existing_env_files_use(String name, String variable) {
        assertThat(new SecretName(name).variable()).isEqualTo(variable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "--", "_", "a b", "a/b", "é", "a\n"})
    void what_would_collapse_to_nothing_is_no_name_R23(String name) {
        assertThatThrownBy(() -> new SecretName(name)).hasMessageContaining("cannot be the name of a secret");
    }
}
