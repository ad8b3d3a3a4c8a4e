package dev.angee.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestEnsureTest {
    private static final EditOptions ANY = EditOptions.defaults().withCheck((file, text) -> {});

    @Test
    void what_is_missing_or_null_is_set_and_what_is_equal_is_left_alone() {
        String text = "name: x # mine\nports:\n  web: ~\n";
        EnsureResult result = ensure(
                text,
                Map.of(
                        "operator.port_pool.web",
                        Map.of("range", "8100-8199"),
                        "name",
                        "x",
                        "ports.web",
                        Map.of("value", 80)));
        assertThat(result.text()).isEqualTo("""
                        name: x # mine
                        ports:
                          web:
                            value: 80
                        operator:
                          port_pool:
                            web:
                              range: "8100-8199"
                        """);
        assertThat(result.added()).containsExactly("operator.port_pool.web", "ports.web");
        EnsureResult again = ensure(
                result.text(),
                Map.of("ports.web.value", "80", "operator.port_pool", Map.of("web", Map.of("range", "8100-8199"))));
        assertThat(again).isEqualTo(new EnsureResult(result.text(), List.of()));
    }

    @Test
    void a_default_that_is_not_written_is_missing() {
        assertThat(ensure("name: x\n", Map.of("ingress.type", "caddy", "ports.a.value", 0))
                        .text())
                .isEqualTo("name: x\ningress:\n  type: \"caddy\"\nports:\n  a:\n    value: 0\n");
    }

    @Test
    void what_is_different_is_an_error_that_names_path_existing_and_wanted_and_nothing_is_set() {
        assertThatThrownBy(() -> ensure("name: x\ningress: {type: none}\n", Map.of("ingress.type", "caddy", "a", 1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("'ingress.type'")
                .hasMessageContaining("is \"none\" in angee.yaml and must be \"caddy\"");
        assertThatThrownBy(() -> ensure("name: x\na: {b: 1, c: 2}\n", Map.of("a", Map.of("b", 1))))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> ensure("name: x\na: [1]\n", Map.of("a", List.of(1, 2))))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void a_token_that_differs_is_not_shown() {
        String text = "name: x\nsecrets_backend: { type: openbao, token: canary-1 }\n";
        for (Map<String, ?> required : List.of(
                Map.of("secrets_backend.token", "canary-2"),
                Map.of("secrets_backend", Map.of("type", "openbao", "token", "canary-2")))) {
            assertThatThrownBy(() -> ensure(text, required))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("***")
                    .satisfies(thrown -> assertThat(thrown.toString()).doesNotContain("canary"));
        }
    }

    @Test
    void a_path_through_what_is_no_map_names_it() {
        assertThatThrownBy(() -> ensure("name: x\na: {b: [1]}\n", Map.of("a.b.c.d", 1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("'a.b' in angee.yaml is not a map");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", ".a", "a."})
    void an_empty_key_is_an_error(String path) {
        assertThatThrownBy(() -> ensure("name: x\n", Map.of(path, 1))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_dot_in_a_key_is_written_with_a_backslash() {
        assertThat(ensure("name: x\nservices: {a.b: {}}\n", Map.of("services.a\\.b.image", "i", "c\\\\d\\e", 1))
                        .text())
                .isEqualTo("name: x\nservices: {a.b: {image: \"i\"}}\n\"c\\\\d\\\\e\": 1\n");
    }

    @Test
    void the_result_must_be_a_sound_manifest() {
        assertThatThrownBy(() ->
                        ManifestEnsure.apply("angee.yaml", "name: x\n", Map.of("nonsense", 1), EditOptions.defaults()))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("nonsense: is not a known key");
        EditOptions never = ANY.withCheck((file, text) -> {
            throw new InvalidDocumentException(List.of(Problem.of(file, 1, 1, "", "never")));
        });
        assertThatThrownBy(() -> ManifestEnsure.apply("f", "name: x\n", Map.of(), never))
                .hasMessageContaining("never");
    }

    private static EnsureResult ensure(String text, Map<String, ?> required) {
        return ManifestEnsure.apply("angee.yaml", text, required, ANY);
    }
}
