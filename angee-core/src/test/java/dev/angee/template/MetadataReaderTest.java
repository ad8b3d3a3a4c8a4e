package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataReaderTest {

    private static TemplateMetadata read(String text) {
        return MetadataReader.read("copier.yml", "_angee: { kind: workspace }\n" + text);
    }

    private static TemplateMetadata readAngee(String text) {
        return MetadataReader.read("copier.yml", "_angee:\n  kind: workspace\n" + text.indent(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token: { type: str, secret: true }",
                "token: { type: secret }",
                "token: { type: str }\n_secret_questions: [token]",
                "token: ''\n_secret_questions: [token]"
            })
    void a_question_says_in_each_of_three_ways_that_it_is_a_secret_S7(String text) {
        assertThat(read(text).inputs().get("token").secret()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ required: true } | { type: str } | required",
                "{ type: str } | { required: true } | required",
                "{ immutable: true } | { type: str, default: x } | immutable",
                "{ secret: true } | { type: str } | secret",
                "{ secret: true } | 'x' | secret",
                "{ type: secret } | { type: str, secret: false } | secret",
                "{ generated: true, length: 12 } | { type: str } | generated 12",
                "{ type: str } | { generated: true } | generated 32",
                "{ type: path } | { type: str } | path",
                "{ type: int } | { help: how many } | int",
                "{ type: int } | 7 | int",
                "{ choices: [a, b] } | { type: str } | choices",
                "{ default: from the metadata } | { type: str } | default",
            })
    void a_question_of_the_same_name_never_hides_what_the_metadata_says_C9(
            String declared, String question, String holds) {
        InputSpec input = MetadataReader.read("copier.yml", """
                _angee: { kind: workspace, inputs: { it: %s } }
                it: %s
                """.formatted(declared, question))
                .inputs()
                .get("it");
        InputRules rules = input.rules();
        assertThat(Map.of(
                                "required", rules.required(),
                                "immutable", rules.immutable(),
                                "secret", rules.secret(),
                                "generated 12", rules.generated().equals(OptionalInt.of(12)),
                                "generated 32", rules.generated().equals(OptionalInt.of(32)),
                                "path", input.type() == InputType.PATH,
                                "int", input.type() == InputType.INT,
                                "choices", input.choices().size() == 2,
                                "default", input.standard().equals(Optional.of("from the metadata")))
                        .get(holds))
                .as(holds)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "it: { length: 8 } | it.length: is the length of a generated value",
                "it: { generated: true, length: 0 } | 0 is not between 1 and 4096",
                "it: { generated: true, length: 5000 } | 5000 is not between 1 and 4096",
                "_secret_questions: [it] | 'it' is asked nowhere",
                "'a b': { secret: true } | is a secret, and its name cannot be one's",
            })
    void what_means_nothing_is_refused(String text, String message) {
        assertThatThrownBy(() -> read(text)).hasMessageContaining(message);
    }

    @Test
    void what_a_template_ensures_is_read_by_the_rules_of_manifests() {
        assertThat(readAngee("""
                ensure:
                  operator.port_pool.web: { range: "8100-8199" }
                  services.a\\.b.env: { A: yes, B: 12, C: "12", D: true, E: 1.10, F: [x, 010] }
                """).ensure().toString())
                .isEqualTo("{operator.port_pool.web={range=8100-8199}, "
                        + "services.a\\.b.env={A=yes, B=12, C=12, D=true, E=1.10, F=[x, 10]}}");
        assertThatThrownBy(() -> readAngee("ensure: { a..b: 1 }")).hasMessageContaining("has an empty key");
        assertThatThrownBy(() -> readAngee("ensure: { a.b: }")).hasMessageContaining("says nothing to make sure of");
    }

    @Test
    void persist_folders_naming_and_sources_are_read() {
        TemplateMetadata metadata = readAngee("""
                name_pattern: "agent-${workspace.name}"
                instance_naming: { pattern: "${inputs.branch | slug}", fallback: "ws-${inputs.n}", max_length: 20 }
                persist:
                  data: { subpath: var/data, scope: workspace }
                  none: { subpath: "" }
                sources:
                  app: { url: "${inputs.repo}", default_ref: main, cache_path: sources/x, optional: true }
                """);
        assertThat(metadata.namePattern()).hasToString("Optional[agent-${workspace.name}]");
        assertThat(metadata.naming().maxLength()).hasValue(20);
        assertThat(metadata.persist()).containsOnlyKeys("data");
        SlotTemplate slot = metadata.slots().get("app");
        assertThat(slot.optional()).isTrue();
        assertThat(slot.origin().repo()).hasToString("Optional[${inputs.repo}]");
        assertThatThrownBy(() -> readAngee("sources: { app: { url: a, repo: b } }"))
                .hasMessageContaining("is another word for 'repo'");
        assertThatThrownBy(() -> readAngee("sources: { app: { mode: clone } }")).hasMessageContaining("worktree");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "it: { type: int, generated: true } | a whole number",
                "it: { type: float, generated: true } | a number",
                "it: { type: bool, generated: true } | true or false",
                "it: { type: json, generated: true } | JSON",
                "it: { type: yaml, default: [a], generated: true } | a list",
                "it: { type: str, choices: [a], generated: true } | one of its choices",
                "it: { type: str, multiselect: true, generated: true } | a list",
                "it: { type: int, secret: true, generated: true } | a whole number",
            })
    void what_a_random_text_can_never_be_is_not_generated(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .hasMessageContaining("  it: is 'generated', and a random text is never " + message);
    }

    @Test
    void what_only_the_metadata_calls_generated_is_held_against_the_type_of_the_question() {
        assertThatThrownBy(() -> MetadataReader.read("copier.yml", """
                _angee: { kind: workspace, inputs: { it: { generated: true } } }
                it: { type: int }
                """))
                .hasMessageContaining("  it: is 'generated', and a random text is never a whole number");
        assertThat(read("it: { type: path, generated: true }\nother: { generated: true, type: yaml }")
                        .inputs())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing\n"})
    void a_file_that_says_nothing_is_told_what_a_template_has_to_say(String text) {
        assertThatThrownBy(() -> MetadataReader.read("stacks/dev/copier.yml", text))
                .hasMessageContaining("_angee: { kind: ")
                .hasMessageNotContaining("stack name");
    }
}
