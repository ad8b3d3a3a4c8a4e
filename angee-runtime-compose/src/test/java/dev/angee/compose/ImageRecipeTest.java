package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRecipeTest {
    @Test
    void the_same_packages_are_the_same_recipe() {
        ImageRecipe recipe = new ImageRecipe("debian:12", List.of("git", "curl", "git"));
        assertThat(recipe).isEqualTo(new ImageRecipe("debian:12", List.of("curl", "git")));
        assertThat(recipe.dockerfile("sha256:12", "dev"))
                .startsWith("FROM sha256:12\nUSER 0\nRUN set -eu;")
                .contains("--no-install-recommends curl git;", "apk add --no-cache curl git;")
                .endsWith("USER dev\n");
        assertThat(new ImageRecipe("debian:12", List.of()).dockerfile("sha256:12", "dev"))
                .isEqualTo("FROM sha256:12\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-y", "git; rm -rf /", "a b", "$(id)", "", "git\n", "`id`", "a='b'", "--allow-unauthenticated"})
    void what_is_no_package_never_becomes_part_of_a_script(String name) {
        assertThatThrownBy(() -> new ImageRecipe("debian:12", List.of(name))).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v", "debian:12\nRUN id", "a b", "", "$BASE"})
    void what_is_no_image_never_becomes_a_base(String base) {
        assertThatThrownBy(() -> new ImageRecipe(base, List.of("git"))).isInstanceOf(InvalidInputException.class);
    }
}
