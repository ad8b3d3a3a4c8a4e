package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.template.TemplateRenderer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link TemplateRenderer} promises, one test per sentence of its documentation. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
public abstract class TemplateRendererContract {

    /** The engine under test. */
    protected abstract TemplateRenderer renderer();

    /** A template in the engine's language that prints the input. */
    protected abstract String print(String input);

    /** A template in the engine's language that prints {@code text} when the input is {@code value}, else nothing. */
    protected abstract String when(String input, String value, String text);

    /** Templates that try to reach a class, a file, an environment variable or the clock; each is refused. */
    protected abstract Iterable<String> escapes();

    /** A template that would run, or write, for ever. */
    protected abstract String endless();

    @Test
    void an_input_is_printed_as_it_is() {
        assertThat(renderer().render("t", "a " + print("x") + " b", Map.of("x", "<&\"'ü> ${y}")))
                .isEqualTo("a <&\"'ü> ${y} b");
    }

    @Test
    void a_condition_decides() {
        String template = "1" + when("mode", "dev", "2") + "3";
        assertThat(renderer().render("t", template, Map.of("mode", "dev"))).isEqualTo("123");
        assertThat(renderer().render("t", template, Map.of("mode", "prod"))).isEqualTo("13");
    }

    @Test
    void the_manifests_own_expressions_pass_through() {
        String text = "port: ${ports.web}\nenv: $${HOME} $$n $(date) #{y} <#if x> <b> {path} [[ -f a ]] - [a, b]\n";
        assertThat(renderer().render("t", text, Map.of())).isEqualTo(text);
    }

    @Test
    void an_input_that_does_not_exist_is_invalid_with_name_line_and_column() {
        assertInvalid("first\nsecond " + print("nope"), "nope");
        assertInvalid("first\nsecond " + print("nope"), "dir/file.txt:2:");
    }

    @Test
    void a_text_that_is_no_template_is_invalid_with_name_and_line() {
        String broken = when("a", "b", "c");
        assertInvalid("first\n" + broken.substring(0, broken.length() - 3), "dir/file.txt:2:");
    }

    @Test
    void rendering_twice_gives_the_same_text() {
        String template = print("x") + when("x", "1", "one");
        assertThat(renderer().render("t", template, Map.of("x", "1")))
                .isEqualTo(renderer().render("t", template, Map.of("x", "1")));
    }

    @Test
    void a_template_reaches_nothing_but_its_inputs() {
        for (String escape : escapes()) {
            assertThatThrownBy(() -> renderer().render("t", escape, Map.of("x", "1")))
                    .as(escape)
                    .isInstanceOf(AngeeException.class);
        }
    }

    @Test
    void a_template_that_would_never_end_fails() {
        assertThatThrownBy(() -> renderer().render("t", endless(), Map.of("x", "1")))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED));
    }

    private void assertInvalid(String template, String mentioned) {
        assertThatThrownBy(() -> renderer().render("dir/file.txt", template, Map.of()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining("dir/file.txt")
                .hasMessageContaining(mentioned);
    }
}
