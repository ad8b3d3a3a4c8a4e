package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for a misspelling, and what for an input that nobody asks for. */
class AskedInputsTest {

    private static Template template(String ref, String metadata, String path, String content) {
        return Template.of(new TemplateFiles(
                ref,
                List.of(
                        new TemplateFile("copier.yml", metadata.getBytes(StandardCharsets.UTF_8), false),
                        new TemplateFile(path, content.getBytes(StandardCharsets.UTF_8), false))));
    }

    private static Template template(String path, String content) {
        return template("workspaces/w", """
                _angee: { kind: workspace, name_pattern: '${inputs.prt}' }
                port: { type: int, default: '{{ pott }}' }
                """, path, content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prot", "ports", "por", "Port", "po"})
    void an_input_near_one_that_is_asked_for_is_misspelt(String name) {
        AskedInputs asked = AskedInputs.of(template("x", "a " + name + " in the text is no use of it"));
        assertThatThrownBy(() -> asked.requireSpelt(List.of("unrelated", "port", name), Set.of()))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo(name))
                .hasMessage(name + ": is not asked for by 'workspaces/w'. Did you mean 'port'? (asked for: port)");
        assertThatCode(() -> asked.requireSpelt(List.of(name), Set.of(name)))
                .as("it was given before")
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "x.jinja, {{ prot }}",
        "x.jinja, '{% if a and\n prot %}'",
        "angee.yaml, ${inputs.prot}",
        "x.ftl, a [=prot]",
        "x.ftl, '[#if prot == 1]y[/#if]'",
        "x.ftl, [@call prot /]",
        "{{ prot }}, ''",
        "{{ x | default(prot) }}/y, ''"
    })
    void an_input_that_a_file_sees_is_not_misspelt(String path, String content) {
        assertThatCode(() -> AskedInputs.of(template(path, content)).requireSpelt(List.of("prot"), Set.of()))
                .doesNotThrowAnyException();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void a_hostile_file_does_not_make_that_a_long_search() {
        AskedInputs asked = AskedInputs.of(template("x", "{{${{%[=".repeat(500_000)));
        assertThatThrownBy(() -> asked.requireSpelt(List.of("prot"), Set.of()))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void an_input_that_the_metadata_refers_to_or_another_template_of_the_chain_asks_for_is_not_misspelt() {
        Template stack = template("stacks/s", "_angee: { kind: stack }\npart: { type: str }\n", "x", "");
        Template chaining = template(
                "workspaces/w",
                "_angee: { kind: workspace, chain: [{ template: s }] }\nport: { type: int }\n",
                "x",
                "");
        assertThatCode(() -> AskedInputs.of(template("x", "")).requireSpelt(List.of("prt", "pott"), Set.of()))
                .doesNotThrowAnyException();
        assertThatCode(() -> AskedInputs.of(chaining, List.of(stack)).requireSpelt(List.of("part"), Set.of()))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> AskedInputs.of(chaining).requireSpelt(List.of("part"), Set.of()))
                .hasMessageContaining("Did you mean 'port'?");
        assertThatThrownBy(() -> AskedInputs.of(chaining, List.of(stack)).requireSpelt(List.of("prat"), Set.of()))
                .hasMessageContaining("Did you mean 'part'? (asked for: part, port)");
    }

    @Test
    void what_a_chain_gives_to_a_template_is_held_against_what_that_one_asks_for() {
        Template stack = template("stacks/s", "_angee: { kind: stack }\nport: { type: int }\n", "x.jinja", "{{ prt }}");
        String chain = "_angee: { kind: workspace, chain: [{ template: s, inputs: { port: '1', other: x, prt: y } }, "
                + "{ template: s, inputs: { prot: '1' } }] }\n";
        assertThatThrownBy(() -> AskedInputs.of(template("workspaces/w", chain, "x", ""), List.of(stack, stack))
                        .requireSpelt(Set.of(), Set.of()))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("template"))
                .hasMessageContaining("'workspaces/w': _angee.chain[1].inputs.prot is not asked for by 'stacks/s'")
                .hasMessageContaining("Did you mean 'port'?");
        assertThatCode(() -> AskedInputs.of(
                                template("workspaces/w", chain.replace("prot", "port"), "x", ""), List.of(stack, stack))
                        .requireSpelt(Set.of(), Set.of()))
                .doesNotThrowAnyException();
    }
}
