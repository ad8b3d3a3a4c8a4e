package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretDeclarationTest {
    private static final SecretDeclaration TOKEN = SecretDeclaration.of(new SecretName("token"));

    @Test
    void a_bare_import_is_refused_with_what_to_write_instead_R25() {
        assertThatThrownBy(() -> TOKEN.importedFrom("GITHUB_TOKEN"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("secret 'token' import")
                .hasMessageContaining("write 'env:GITHUB_TOKEN'");
        assertThat(TOKEN.importedFrom("env:GITHUB_TOKEN").importVariable()).contains("GITHUB_TOKEN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "env:", "env:A-B", "env:1A", "env: A", "file:/etc/passwd", "${X}", "ENV:A"})
    void an_import_of_another_form_is_refused(String source) {
        assertThatThrownBy(() -> TOKEN.importedFrom(source))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("must be 'env:NAME'");
    }

    @Test
    void a_length_is_from_1_to_4096() {
        assertThatCode(() -> TOKEN.withRandomValue(1)).doesNotThrowAnyException();
        assertThatCode(() -> TOKEN.withRandomValue(4096)).doesNotThrowAnyException();
        for (int length : new int[] {0, -1, 4097, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> TOKEN.withRandomValue(length)).hasMessageContaining("from 1 to 4096");
        }
        assertThat(TOKEN.withRandomValue().length()).isEqualTo(32);
    }

    @Test
    void names_with_one_variable_collide_R23() {
        List<SecretName> names =
                List.of(new SecretName("a-b"), new SecretName("c"), new SecretName("a.b"), new SecretName("A_B"));
        assertThat(SecretCollision.among(names))
                .containsExactly(
                        new SecretCollision(names.get(0), names.get(2)),
                        new SecretCollision(names.get(0), names.get(3)));
        assertThat(SecretCollision.among(names).get(0).message())
                .isEqualTo("secrets 'a-b' and 'a.b' would share the variable ANGEE_SECRET_A_B; rename one of them");
        assertThat(SecretCollision.among(List.of(new SecretName("a"), new SecretName("a"))))
                .isEmpty();
        assertThat(SecretCollision.among(List.of(new SecretName("a-"), new SecretName("a"))))
                .hasSize(1);
    }
}
