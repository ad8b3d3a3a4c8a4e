package dev.angee.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.TemplateRendererContract;
import dev.angee.template.TemplateRenderer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class FreeMarkerRendererTest extends TemplateRendererContract {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Map<String, String> INPUTS = Map.of("x", "1", "name", "shop", "port", "8101");

    private final FreeMarkerRenderer renderer = new FreeMarkerRenderer();

    @Override
    protected TemplateRenderer renderer() {
        return renderer;
    }

    @Override
    protected String print(String input) {
        return "[=" + input + "]";
    }

    @Override
    protected String when(String input, String value, String text) {
        return "[#if " + input + " == \"" + value + "\"]" + text + "[/#if]";
    }

    @Override
    protected Iterable<String> escapes() {
        return List.of(
                "[=\"freemarker.template.utility.Execute\"?new()(\"id\")]",
                "[=x?api.class.forName(\"java.lang.Runtime\")]",
                "[=x.class.classLoader]",
                "[#include \"/etc/passwd\"]",
                "[#import \"/etc/passwd\" as p]",
                "[=.env.HOME]",
                "[=System.getenv(\"HOME\")]",
                "[=.now]");
    }

    @Override
    protected String endless() {
        return "[#list 1.. as i][#list 1.. as j][/#list][/#list]";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[=x?new()]",
                "[=x?api]",
                "[=x?has_api?c]",
                "[=x?eval]",
                "[=x ? [#-- a comment between --] eval]",
                "[=\"[=x?\\x65val]\"]",
                "[=x?interpret]",
                "[#assign t = \"[=x]\"?interpret][@t/]",
                "[=x?left_pad(2000000000)]",
                "[=x?right_pad(2000000000)]",
                "[=.now?long]",
                "[=.get_optional_template(\"a\").exists?c]",
                "[#include \"a\"]",
                "[#import \"a\" as b]",
                "[#setting classic_compatible=true]",
                "[#if x?eval == 1][/#if]",
                "[#if x == \"2\"][#elseif x?eval == 1][/#if]",
                "[#list x?eval as i][/#list]",
                "[#list [1] as i][=i][#sep][=x?eval][/#sep][/#list]",
                "[#list [x?eval] as i][#else][/#list]",
                "[#assign a = 1 b = x?eval]",
                "[#assign a][=x?eval][/#assign]",
                "[#macro m a=x?eval][/#macro]",
                "[#macro m][#nested x?eval][/#macro]",
                "[#function f][#return x?eval][/#function]",
                "[#macro m a][/#macro][@m a=x?eval/]",
                "[#switch x?eval][#case 1][/#switch]",
                "[#switch 1][#case x?eval][/#switch]",
                "[#attempt]a[#recover][=x?eval][/#attempt]",
                "[#escape a as a?eval][=x][/#escape]",
                "[#stop x?eval]",
                "[=[1]?map(i -> x?eval)?join(\"\")]",
                "[={\"a\": x?eval}.a]",
                "[=(x!x?eval)]",
            })
    void what_templates_do_not_have_is_refused_wherever_it_is_written(String template) {
        // Even where it would not be reached.
        assertThatThrownBy(() -> renderer.render("t", "[#if x == \"2\"]" + template + "[/#if]", INPUTS))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining("t:1:")
                .hasMessageContaining("is not available: ");
    }

    @Test
    void text_and_comments_may_mention_what_is_refused() {
        String text = "what?eval .now ?new #include [#1] [[#-- x?eval --]] [#noparse][=x?eval][/#noparse]";
        assertThat(renderer.render("t", text, INPUTS)).isEqualTo("what?eval .now ?new #include [#1] [] [=x?eval]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[=x?upper_case]|1",
                "[=x?eval_json + 1]|2",
                "[={'now': 'a'}.now]|a",
                "[=(nope)!'none']|none",
                "[#if nope??]a[#else]b[/#if]|b",
                "[=x?number + 1234567]|1234568",
                "[=(x == '1')?c]|true",
                "[#list 'a,b'?split(',') as s]<[=s]>[/#list]|<a><b>",
                "[=.data_model?keys?join(',')]|name,port,x",
                "[#macro m a][=a]![/#macro][@m 'b'/]|b!",
            })
    void the_rest_of_the_language_works(String template, String rendered) {
        assertThat(renderer.render("t", template, INPUTS)).isEqualTo(rendered);
    }

    @Test
    void a_line_with_nothing_but_tags_vanishes() {
        assertThat(renderer.render("t", "a:\n[#if x == \"1\"]\n  b: c\n[/#if]\n[#-- why --]\nd: e\n", INPUTS))
                .isEqualTo("a:\n  b: c\nd: e\n");
    }

    @Test
    void line_ends_are_kept() {
        assertThat(renderer.render("t", "a\r\n[=x]\r\n\n\tb", INPUTS)).isEqualTo("a\r\n1\r\n\n\tb");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[=naem]|t:1:3: input 'naem' does not exist (there are: name, port, x); did you mean 'name'?",
                "[=\tnaem]|t:1:4: input 'naem' does not exist (there are: name, port, x); did you mean 'name'?",
                "[=other]|t:1:3: input 'other' does not exist (there are: name, port, x)",
                "[={}.a]|t:1:3: '{}.a' has no value; if it may be absent, write ({}.a)!\"default\"",
                "[#if x]a[/#if]|t:1:6: For \"#if\" condition: Expected a boolean, but this has evaluated to a string: (x); inputs are text: compare it, as in x == \"true\"",
                "[=name?number]|t:1:1: Can't convert this string to number",
                "[=name?boolean?c]|t:1:3: Can't convert this string to boolean (name?boolean)",
                "[=x + ]|t:1:7: unexpected \"]\"; check the expression before it",
                "[=x?leftPad(3)]|t:1:5: the language's own words are written like_this or likethis, never likeThis",
                "[=x?fooo]|t:1:5: Unknown built-in: \"fooo\"",
                "[#frob]|t:1:2: Unknown directive: #frob; if this is not meant as a directive, put it between [#noparse] and [/#noparse]",
                "[#if x == \"1\"]a|t:1:15: Unexpected end of file reached. You have an unclosed #if. Check if the FreeMarker end-tags are present, and aren't malformed.",
                "[#stop \"no: \" + name]|t:1:1: no: shop",
                "[=x?eval]|t:1:1: ?eval is not available: a text is not run; ?eval_json reads data",
                "[=\"a\"?matches(\"(\")]|t:1:1: Malformed regular expression: Unclosed group near index 1",
            })
    void an_error_says_where_what_and_what_to_do(String template, String message) {
        assertThatThrownBy(() -> renderer.render("t", template, INPUTS))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessage(message)
                .hasNoCause();
    }

    @Test
    void without_any_input_the_error_says_so() {
        assertThatThrownBy(() -> renderer.render("t", "[=x]", Map.of()))
                .hasMessage("t:1:3: input 'x' does not exist (there are none)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[=secret?number]",
                "[=secret?boolean?c]",
                "[=secret?date]",
                "[=secret?eval_json]",
                "[=secret.a]",
                "[=secret?then(1, 2)]",
                "[=secret[\"a\"]]",
                "[=secret?substring(50)]",
                "[=.data_model[secret]]",
            })
    void an_error_does_not_repeat_an_inputs_value(String template) {
        Throwable thrown = catchThrowable(() -> renderer.render("t", template, Map.of("secret", "hunter2 hunter2")));
        assertThat(thrown).isInstanceOf(AngeeException.class);
        assertThat(thrown.getMessage())
                .doesNotContain("hunter2")
                .doesNotContain("\n")
                .doesNotContain("wrapper");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[#list 1.. as i][/#list]",
                "[#list 1..2000000000 as i][#list 1..2000000000 as j][/#list][/#list]",
                "[#attempt][#list 1.. as i][/#list][#recover]a[/#attempt]",
                "[#function f a][#return f(a - 1) + f(a - 1)][/#function][#if x == \"1\"][#list 1.. as i][/#list][/#if]",
                "[#function f a][#if a == 0][#return 0][/#if][#return f(a - 1) + f(a - 1)][/#function][=f(60)]",
                "[#macro m a][#if a != 0][@m a - 1/][@m a - 1/][/#if][/#macro][@m 60/]",
            })
    void a_template_that_runs_too_long_fails_and_its_thread_ends(String template) throws InterruptedException {
        assertFailed(SHORT, template, "t: was still running after 300 ms and was given up");
        for (Thread worker : workers()) {
            worker.join(20_000);
            assertThat(worker.isAlive()).isFalse();
        }
    }

    private static List<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("angee-template"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[#macro m][@m/][/#macro][@m/]",
                "[#function f a][#return f(a)][/#function][=f(1)]",
                "[#attempt][#macro m][@m/][/#macro][@m/][#recover]a[/#attempt]",
            })
    void a_template_that_calls_itself_without_end_fails(String template) {
        assertFailed(LONG, template, "t: nests or calls itself too deeply");
    }

    @Test
    void an_expression_that_nests_too_deeply_fails() {
        assertFailed(LONG, "[=" + "(".repeat(100_000) + "1" + ")".repeat(100_000) + "]", "t: nests or calls");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[#list 1.. as i]0123456789[/#list]",
                "[#attempt][#list 1..9 as i]0123456789[/#list][#recover][/#attempt]",
                "[#assign a][#list 1..9 as i]0123456789[/#list][/#assign][=a]",
                "[=\"0123456789\"?replace(\"\", \"0123456789\")]",
            })
    void a_template_that_makes_too_much_text_fails(String template) {
        assertThatThrownBy(() -> new FreeMarkerRenderer(LONG, 80).render("t", template, INPUTS))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageStartingWith("t: made more than 80 bytes of text");
    }

    @Test
    void sixteen_mebibytes_are_the_most_a_template_may_make() {
        String mebibyte = "0123456789abcdef".repeat(64 * 1024);
        Map<String, String> inputs = Map.of("mebibyte", mebibyte);
        String sixteen = "[#list 1..16 as i][=mebibyte][/#list]";
        assertThat(renderer.render("t", sixteen, inputs)).hasSize(16 * 1024 * 1024);
        assertThatThrownBy(() -> renderer.render("t", sixteen + "!", inputs))
                .hasMessageContaining("made more than 16777216 bytes of text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ü", "€", "😀"})
    void text_is_measured_as_utf_8(String character) {
        int bytes = character.getBytes(StandardCharsets.UTF_8).length;
        String text = character.repeat(10);
        assertThat(new FreeMarkerRenderer(LONG, 10L * bytes).render("t", text, Map.of()))
                .isEqualTo(text);
        assertThatThrownBy(() -> new FreeMarkerRenderer(LONG, 10L * bytes - 1).render("t", text, Map.of()))
                .hasMessageContaining("made more than");
    }

    private static void assertFailed(Duration time, String template, String message) {
        assertThatThrownBy(() -> new FreeMarkerRenderer(time, 1024).render("t", template, INPUTS))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageStartingWith(message);
    }

    @Test
    void running_out_of_memory_is_a_failure_like_others() {
        // Provoking it would take the heap from every other test.
        AngeeException failure = new Diagnosis("t", Set.of()).of(new OutOfMemoryError("Java heap space"));
        assertThat(failure.code()).isEqualTo(ErrorCode.FAILED);
        assertThat(failure).hasMessageStartingWith("t: needs more memory than there is");
    }

    @Test
    void an_interrupted_caller_stays_interrupted() {
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> renderer.render("t", endless(), INPUTS));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(AngeeException.class).hasMessage("t: was interrupted; render it again");
    }

    @Test
    void threads_may_share_a_renderer() {
        assertThat(IntStream.range(0, 200)
                        .parallel()
                        .mapToObj(i -> renderer.render("t", "[=x]-[=x?number + 1]", Map.of("x", "" + i)))
                        .toList())
                .isEqualTo(
                        IntStream.range(0, 200).mapToObj(i -> i + "-" + (i + 1)).toList());
    }

    @Test
    void an_input_whose_name_is_no_identifier_is_reached_through_the_data_model() {
        Map<String, String> inputs = Map.of("a-b", "c", "1", "d");
        assertThat(renderer.render("t", "[=a\\-b] [=.data_model[\"a-b\"]] [=.data_model[\"1\"]]", inputs))
                .isEqualTo("c c d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a\"b'c\\d",
                "a: b # c",
                "- [x, {y: z}]",
                "line\nnext\r\n\ttab",
                "ü € 😀 \u0000 \u0007 \u007f \u0085 \u00a0 \u2028 \ufeff",
                "${ports.web} $${x} #{y} [=x] </script> <b>",
                "true",
                "010",
                "~",
                "%&*!|>@`",
            })
    void an_input_is_quoted_into_yaml_with_json_string_or_c(String value) {
        String yaml = renderer.render("t", "a: \"[=x?json_string]\"\nb: [=x?c]\nc: 1\n", Map.of("x", value));
        assertThat(new Load(LoadSettings.builder().build()).loadFromString(yaml))
                .isEqualTo(Map.of("a", value, "b", value, "c", 1));
    }

    @Test
    void it_is_found_as_a_service() {
        assertThat(ServiceLoader.load(TemplateRenderer.class))
                .filteredOn(FreeMarkerRenderer.class::isInstance)
                .singleElement()
                .satisfies(found -> assertThat(found.suffix()).isEqualTo(".ftl"));
    }
}
