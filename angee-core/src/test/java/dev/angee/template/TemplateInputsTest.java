package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.contract.InMemorySecretStore;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateInputsTest {
    private static final String CANARY = "canary-7f3a";
    private static final SecretName TOKEN = new SecretName("feat-x-token");

    private final InMemorySecretStore store = new InMemorySecretStore();
    private final KeptInputs nothing = KeptInputs.of("feat-x").secrets(store::get);

    private static TemplateEngine engine() {
        return new TemplateEngine(List.of(new BracesRenderer()), new Random(42));
    }

    private static Template template(String questions) {
        String text = "_templates_suffix: .tpl\n_angee: { kind: workspace }\n" + questions;
        return Template.of(new TemplateFiles(
                "workspaces/t",
                List.of(
                        new TemplateFile("copier.yml", text.getBytes(StandardCharsets.UTF_8), false),
                        new TemplateFile("out.tpl", "{{ token }}".getBytes(StandardCharsets.UTF_8), false))));
    }

    private TemplateInputs first(String questions, Map<String, String> given) {
        return engine().inputs(template(questions), given, nothing);
    }

    private void save(TemplateInputs inputs) {
        inputs.secrets().forEach(store::put);
    }

    private static KeptInputs after(KeptInputs before, TemplateInputs inputs) {
        return before.values(inputs.values());
    }

    // secrets

    @Test
    void a_template_sees_a_reference_where_a_secret_is_S7() {
        String questions = "token: { type: secret, required: true }\nurl: 'https://{{ token }}@host'";
        TemplateInputs inputs = first(questions, Map.of("token", CANARY));
        assertThat(inputs.values())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("token", "${secret.feat-x-token}", "url", "https://${secret.feat-x-token}@host"));
        assertThat(inputs.secrets()).containsExactly(Map.entry(TOKEN, SecretValue.of(CANARY)));
        assertThat(inputs.toString()).doesNotContain(CANARY);
        assertThat(engine().render(template(questions), inputs.values()))
                .singleElement()
                .satisfies(file -> assertThat(new String(file.content(), StandardCharsets.UTF_8))
                        .isEqualTo("${secret.feat-x-token}"));
        assertThat(new Answers(template(questions), new BracesRenderer())
                        .context(inputs.values())
                        .get("_copier_answers"))
                .asString()
                .doesNotContain("token=");
    }

    @Test
    void no_file_is_rendered_with_the_value_of_a_secret_S7() {
        assertThatThrownBy(() -> engine().render(template("token: { type: secret }"), Map.of("token", CANARY)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining(CANARY);
        assertThatThrownBy(() -> engine().inputs(template("token: { type: secret }"), Map.of("token", CANARY)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining(CANARY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ secret: true, type: int } | is not of type INT",
                "{ secret: true, type: json } | is not of type JSON",
                "{ secret: true, type: yaml } | is not of type YAML",
                "{ secret: true, type: bool } | is not of type BOOL",
                "{ secret: true, choices: [a, b], type: str } | none of its choices",
                "{ secret: true, type: str, validator: 'token !~ sk-.*: must begin with sk-, not {{ token }}' } "
                        + "| must begin with sk-, not ${secret.feat-x-token}",
                "{ secret: true, type: str, validator: 'token !~ [^7]+: must have no 7' } "
                        + "| is not what the template's validator takes",
                "{ secret: true, type: str, validator: 'token !~ (: broken' } | the template's validator fails on it",
            })
    void a_secret_is_checked_and_no_message_shows_it_S7(String question, String message) {
        String value = "\"" + CANARY + ": {";
        String questions = "token: " + question;
        assertThatThrownBy(() -> first(questions, Map.of("token", value)))
                .isInstanceOf(AngeeException.class)
                .satisfies(e -> assertThat(trace(e)).contains(message).doesNotContain(CANARY));
        TemplateCheck check = engine().check(template(questions), Map.of("token", value), nothing);
        assertThat(check.ok()).isFalse();
        assertThat(check.toString()).contains(message).doesNotContain(CANARY);
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void a_secret_that_is_right_passes_its_checks_S7() {
        String questions = "token: { secret: true, type: str, validator: 'token !~ canary-.*: no' }";
        assertThat(first(questions, Map.of("token", CANARY)).secrets()).containsOnlyKeys(TOKEN);
    }

    @Test
    void a_generated_secret_is_not_made_anew_while_the_store_has_it_S7_C10() {
        String questions = "token: { secret: true, generated: true, required: true, type: str, length: 20 }";
        TemplateInputs made = first(questions, Map.of());
        assertThat(made.secrets().get(TOKEN).reveal()).matches("[A-Za-z0-9_-]{20}");
        save(made);
        TemplateInputs again = engine().inputs(template(questions), Map.of(), nothing);
        assertThat(again.secrets()).isEmpty();
        assertThat(again.values()).isEqualTo(made.values());
        assertThat(engine().inputs(template(questions), Map.of(), after(nothing, made)))
                .isEqualTo(again);
    }

    @Test
    void a_secret_can_be_given_as_the_reference_to_one_that_has_a_value() {
        String questions = "token: { type: secret, validator: 'token !~ canary-.*: no' }";
        Map<String, String> given = Map.of("token", "${secret.shared}");
        assertThatThrownBy(() -> first(questions, given)).hasMessageContaining("'shared', which has no value");
        store.put(new SecretName("shared"), SecretValue.of(CANARY));
        assertThat(first(questions, given)).isEqualTo(new TemplateInputs(given, Map.of()));
        assertThatThrownBy(() -> first(questions, Map.of("token", "Bearer ${secret.shared}")))
                .hasMessageContaining("give a secret as a whole");
    }

    @Test
    void without_a_scope_a_secret_has_the_name_of_the_input() {
        assertThat(engine().inputs(template("token: { type: secret }"), Map.of("token", "x"), KeptInputs.none())
                        .secrets())
                .containsOnlyKeys(new SecretName("token"));
    }

    @Test
    void a_secret_that_nobody_gave_is_nothing_or_missing() {
        assertThat(first("token: { type: secret }", Map.of()).values()).containsEntry("token", "");
        assertThatThrownBy(() -> first("token: { type: secret, required: true }", Map.of()))
                .hasMessageContaining("needs a value for: token");
    }

    // generated, kept and immutable

    @Test
    void what_was_generated_once_stays_C10() {
        String questions = "key: { type: str, generated: true, length: 12 }\nother: 'of {{ key }}'";
        TemplateInputs made = first(questions, Map.of());
        assertThat(made.values().get("key")).matches("[A-Za-z0-9_-]{12}");
        assertThat(made.values()).containsEntry("other", "of " + made.values().get("key"));
        TemplateEngine another = new TemplateEngine(List.of(new BracesRenderer()), new Random(43));
        assertThat(another.inputs(template(questions), Map.of(), nothing)).isNotEqualTo(made);
        assertThat(another.inputs(template(questions), Map.of(), after(nothing, made)))
                .isEqualTo(made);
        assertThat(another.inputs(template(questions), Map.of("key", "mine"), after(nothing, made))
                        .values())
                .containsEntry("key", "mine");
    }

    @Test
    void a_generated_value_gives_way_to_what_is_given_and_to_a_default_C10() {
        assertThat(first("key: { type: str, generated: true, default: set }", Map.of())
                        .values())
                .containsEntry("key", "set");
        assertThat(first("key: { type: str, generated: true }", Map.of("key", "given"))
                        .values())
                .containsEntry("key", "given");
        assertThat(first("key: { type: str, generated: true }", Map.of())
                        .values()
                        .get("key"))
                .hasSize(32);
    }

    @Test
    void what_was_answered_before_stays_unless_it_is_given_again() {
        String questions = "a: { type: str, default: one }\nb: { type: str, default: 'of {{ a }}' }";
        KeptInputs kept = nothing.values(Map.of("a", "two", "b", "of two", "extra", "kept for a chained template"));
        assertThat(engine().inputs(template(questions), Map.of(), kept).values())
                .isEqualTo(kept.values());
        assertThat(engine().inputs(template(questions), Map.of("a", "three"), kept)
                        .values())
                .containsEntry("a", "three")
                .containsEntry("b", "of two");
    }

    @Test
    void an_immutable_input_keeps_its_value_C9() {
        String questions = "n: { type: int, immutable: true }\nb: { type: bool, immutable: true, default: true }";
        KeptInputs kept = after(nothing, first(questions, Map.of("n", "7")));
        assertThatThrownBy(() -> engine().inputs(template(questions), Map.of("n", "8"), kept))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("n: cannot become '8': it is immutable, and was '7' from the start");
        assertThat(engine().check(template(questions), Map.of("b", "no"), kept).invalid())
                .extracting(TemplateCheck.Finding::field)
                .containsExactly("b");
        assertThat(engine().inputs(template(questions), Map.of("n", " 7", "b", "yes"), kept))
                .isNotNull();
    }

    @Test
    void an_immutable_secret_keeps_its_value_and_neither_is_shown_C9_S7() {
        String questions = "token: { type: secret, immutable: true }";
        TemplateInputs made = first(questions, Map.of("token", CANARY));
        save(made);
        KeptInputs kept = after(nothing, made);
        assertThat(engine().inputs(template(questions), Map.of("token", CANARY), kept))
                .isEqualTo(new TemplateInputs(made.values(), Map.of()));
        for (String other : List.of("canary-other", "${secret.other}")) {
            store.put(new SecretName("other"), SecretValue.of("canary-other"));
            assertThatThrownBy(() -> engine().inputs(template(questions), Map.of("token", other), kept))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("token: is immutable, and has another value from the start");
        }
    }

    // what is not asked for

    @Test
    void a_question_that_is_not_asked_has_what_is_given_else_its_default_and_nothing_of_the_last_time() {
        String questions = """
                use_db: { type: bool, default: false }
                db: { type: str, default: none, when: '{{ use_db }}', validator: 'db !~ [a-z]+: no name' }
                n: { type: int, default: 1, when: '{{ use_db }}' }
                of: 'of {{ db }}'
                """;
        assertThat(first(questions, Map.of("db", "given")).values())
                .containsEntry("db", "given")
                .containsEntry("of", "of given");
        assertThatThrownBy(() -> first(questions, Map.of("db", "9"))).hasMessage("db: no name");
        assertThatThrownBy(() -> first(questions, Map.of("n", "x"))).hasMessageContaining("no whole number");
        KeptInputs kept = nothing.values(Map.of("use_db", "true", "db", "pg", "n", "x"));
        assertThatThrownBy(() -> engine().inputs(template(questions), Map.of(), kept))
                .hasMessageContaining("no whole number");
        assertThat(engine().inputs(template(questions), Map.of("use_db", "false"), kept)
                        .values())
                .isEqualTo(Map.of("use_db", "false", "db", "none", "n", "1", "of", "of none"));
    }

    @Test
    void an_immutable_input_keeps_its_value_while_it_is_not_asked_for_C9() {
        String questions = "on: { type: bool, default: true }\n"
                + "id: { type: str, default: x, immutable: true, when: '{{ on }}' }";
        KeptInputs kept = after(nothing, first(questions, Map.of("id", "first")));
        TemplateInputs off = engine().inputs(template(questions), Map.of("on", "no"), kept);
        assertThat(off.values()).containsEntry("id", "first");
        assertThatThrownBy(() ->
                        engine().inputs(template(questions), Map.of("on", "yes", "id", "other"), after(nothing, off)))
                .hasMessageContaining("immutable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"default: hunter2", "generated: true", "required: true", "type: str"})
    void a_secret_that_is_neither_asked_for_nor_given_has_no_value_and_none_is_stored_S7(String more) {
        String questions =
                "on: { type: bool, default: false }\ntoken: { secret: true, when: '{{ on }}', " + more + " }";
        TemplateInputs off = first(questions, Map.of());
        assertThat(off.secrets()).isEmpty();
        assertThat(off.values()).containsEntry("token", "");
        TemplateInputs given = first(questions, Map.of("token", CANARY));
        assertThat(given.secrets()).containsExactly(Map.entry(TOKEN, SecretValue.of(CANARY)));
        save(given);
        TemplateInputs later = engine().inputs(template(questions), Map.of(), after(nothing, given));
        assertThat(later.secrets()).isEmpty();
        assertThat(later.values()).containsEntry("token", "");
        assertThat(engine().inputs(template(questions), Map.of("on", "yes"), after(nothing, later)))
                .isEqualTo(new TemplateInputs(Map.of("on", "yes", "token", "${secret.feat-x-token}"), Map.of()));
    }

    // checks

    @Test
    void json_that_is_nested_too_deeply_or_too_long_is_refused_as_any_other() {
        String deep = "[".repeat(100_000);
        for (String text : List.of(deep, deep.replace("[", "{\"a\":"), "[" + "9".repeat(5000) + "]")) {
            assertThatThrownBy(() -> first("it: { type: json }", Map.of("it", text)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("it: is JSON that is nested too deeply, or has a number");
            assertThat(engine().check(template("it: { type: json }"), Map.of("it", text))
                            .invalid())
                    .extracting(TemplateCheck.Finding::field)
                    .containsExactly("it");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type: int } | seven | 'seven' is no whole number",
                "{ type: bool } | perhaps | 'perhaps' is neither true nor false",
                "{ type: float } | inf | 'inf' is no number",
                "{ type: json } | { | is no JSON",
                "{ type: yaml } | { | not YAML",
                "{ type: str, choices: [a, b] } | c | 'c' is none of: a, b",
                "{ type: str, validator: 'it !~ a+: only a' } | b | only a",
            })
    void a_value_of_another_kind_is_refused_when_it_is_given_and_found_by_a_check_C9(
            String question, String value, String reason) {
        String questions = "it: " + question;
        assertThatThrownBy(() -> first(questions, Map.of("it", value)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageStartingWith("it:")
                .hasMessageContaining(reason);
        assertThat(engine().check(template(questions), Map.of("it", value)).invalid())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.field()).isEqualTo("it");
                    assertThat(finding.reason()).contains(reason);
                });
    }

    @Test
    void a_check_finds_everything_that_is_wrong_and_nothing_else_C9() {
        String questions = """
                agent_id: { type: str }
                base: { type: str, required: true, default: main }
                key: { type: str, required: true, generated: true }
                token: { type: secret, required: true }
                port: { type: int, default: 80 }
                count: { type: int }
                """;
        Template template = Template.of(new TemplateFiles(
                "workspaces/t",
                List.of(new TemplateFile(
                        "copier.yml",
                        ("_templates_suffix: .tpl\n_angee: { kind: workspace, inputs: { agent_id: { required: true } } }\n"
                                        + questions)
                                .getBytes(StandardCharsets.UTF_8),
                        false))));
        TemplateCheck check = engine().check(template, Map.of("prot", "81", "count", "x", "zzzzzz", "y"));
        assertThat(check.missing()).containsExactly("agent_id", "token");
        assertThat(check.invalid()).extracting(TemplateCheck.Finding::field).containsExactly("count");
        assertThat(check.unknown()).extracting(TemplateCheck.Finding::field).containsExactly("prot", "zzzzzz");
        assertThat(check.unknown().get(0).reason()).contains("Did you mean 'port'?");
        assertThat(check.effective())
                .containsEntry("base", "main")
                .containsEntry("port", "80")
                .doesNotContainKey("key");
        assertThatThrownBy(() -> engine().inputs(template, Map.of())).hasMessageContaining("agent_id, token");
        assertThat(engine().check(template, new TreeMap<>(Map.of("agent_id", "a", "token", "t")))
                        .ok())
                .isTrue();
    }

    // nothing as a value

    @Test
    void a_choice_that_was_left_open_stays_open_when_the_template_is_answered_again() {
        String questions = "mode: { type: str, choices: [x, y] }";
        TemplateInputs made = first(questions, Map.of());
        assertThat(made.values()).containsExactly(Map.entry("mode", ""));
        assertThat(engine().inputs(template(questions), Map.of(), after(nothing, made)))
                .isEqualTo(made);
        assertThatThrownBy(() -> engine().inputs(template(questions), Map.of("mode", ""), after(nothing, made)))
                .hasMessage("mode: '' is none of: x, y");
        assertThat(engine().inputs(template(questions), Map.of("mode", "y"), after(nothing, made))
                        .values())
                .containsExactly(Map.entry("mode", "y"));
    }

    @Test
    void nothing_that_was_given_on_purpose_does_not_become_the_default() {
        String questions = "suffix: { type: str, default: dev }";
        TemplateInputs made = first(questions, Map.of("suffix", ""));
        assertThat(engine().inputs(template(questions), Map.of(), after(nothing, made))
                        .values())
                .containsExactly(Map.entry("suffix", ""));
    }

    // what a refusal says

    @ParameterizedTest
    @CsvSource({"title, str", "free, str", "where, path", "many, yaml", "unasked, ''"})
    void a_character_that_no_file_of_answers_can_hold_is_told_with_its_question(String name, String type) {
        String questions = type.isEmpty() ? "title: { type: str }" : name + ": { type: " + type + " }";
        for (String value : List.of("a\0b", "\u001b[31m", "\ud800")) {
            assertThatThrownBy(() -> first(questions, Map.of(name, value)))
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.field()).isEqualTo(name))
                    .hasMessageContaining("U+");
        }
        assertThat(first(questions, Map.of(name, "a\tb\nc\u0085")).values()).containsKey(name);
    }

    @Test
    void a_secret_may_hold_what_no_file_can() {
        assertThat(first("token: { type: secret }", Map.of("token", "\u001bx"))
                        .secrets()
                        .get(TOKEN))
                .isEqualTo(SecretValue.of("\u001bx"));
    }

    @Test
    void several_choices_that_are_not_written_as_a_list_are_shown_as_one() {
        String questions = "parts: { type: str, choices: [a, b, c], multiselect: true }";
        assertThatThrownBy(() -> first(questions, Map.of("parts", "a,b")))
                .hasMessage("parts: 'a,b' is none of: a, b, c; several are written as a list: [a,b]");
        assertThat(first(questions, Map.of("parts", "[a,b]")).values()).containsEntry("parts", "[a,b]");
        assertThatThrownBy(() -> first("part: { type: str, choices: [a, b] }", Map.of("part", "a,b")))
                .hasMessage("part: 'a,b' is none of: a, b");
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        String questions = """
                port: { type: int }
                flag: { type: bool }
                mode: { type: str, choices: [x, y] }
                name: { type: str, required: true }
                good: { type: str }
                """;
        assertThatThrownBy(() -> first(questions, Map.of("port", "p", "flag", "q", "mode", "m", "good", "g")))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("flag"))
                .hasMessage("flag: 'q' is neither true nor false; mode: 'm' is none of: x, y; port: 'p' is no whole"
                        + " number; template 'workspaces/t' needs a value for: name");
        assertThatThrownBy(() -> first(questions, Map.of("port", "p", "name", "n")))
                .hasMessage("port: 'p' is no whole number");
    }
}
