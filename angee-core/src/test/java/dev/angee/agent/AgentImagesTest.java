package dev.angee.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import dev.angee.agent.AgentImages.Choice;
import dev.angee.agent.AgentImages.Origin;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentImagesTest {
    private static final Optional<String> NOTHING = Optional.empty();
    private static final AgentImages ALL = new AgentImages(
            Map.of("claude", "of-claude:1"),
            Optional.of("of-project:1"),
            Map.of(AgentImages.VARIABLE, "of-environment:1"),
            "standard:1");

    @Test
    void the_one_that_is_asked_for_comes_first_then_the_agents_the_projects_the_environments_and_the_standard() {
        assertThat(ALL.choose("claude", Optional.of("mine:2"))).isEqualTo(new Choice("mine:2", Origin.EXPLICIT));
        assertThat(ALL.choose("claude", NOTHING)).isEqualTo(new Choice("of-claude:1", Origin.AGENT));
        assertThat(ALL.choose("codex", NOTHING)).isEqualTo(new Choice("of-project:1", Origin.PROJECT));
        AgentImages noProject = new AgentImages(Map.of(), NOTHING, ALL.environment(), "standard:1");
        assertThat(noProject.choose("codex", NOTHING)).isEqualTo(new Choice("of-environment:1", Origin.ENVIRONMENT));
        assertThat(AgentImages.standard("standard:1").choose("codex", NOTHING))
                .isEqualTo(new Choice("standard:1", Origin.STANDARD));
    }

    @Test
    void a_blank_text_says_nothing() {
        AgentImages blank = new AgentImages(
                Map.of("claude", ""), Optional.of("  "), Map.of(AgentImages.VARIABLE, ""), "standard:1");
        assertThat(blank.choose("claude", Optional.of(" "))).isEqualTo(new Choice("standard:1", Origin.STANDARD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "busybox",
                "busybox:1.36",
                "localhost:5000/team/agent:v1",
                "ghcr.io/a-b/c__d:X_y.z-1",
                "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    void what_is_an_image_is_taken_as_it_is(String image) {
        assertThat(AgentImages.standard(image).choose("claude", NOTHING).image())
                .isEqualTo(image);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--privileged",
                "a b",
                "UPPER",
                "a:",
                "a//b",
                "../a",
                "a:b:c",
                "a$HOME",
                "-a",
                "a\nb",
                "${secret.x}"
            })
    void what_cannot_be_an_image_is_refused_with_the_place_it_comes_from(String image) {
        AgentImages environment = new AgentImages(Map.of(), NOTHING, Map.of(AgentImages.VARIABLE, image), "standard:1");
        assertThatThrownBy(() -> environment.choose("claude", NOTHING))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(AgentImages.VARIABLE);
        assertThatThrownBy(() -> ALL.choose("claude", Optional.of(image))).hasMessageContaining("asked for");
    }
}
