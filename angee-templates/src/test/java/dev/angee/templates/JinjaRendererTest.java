package dev.angee.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.TemplateRendererContract;
import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateRenderer;
import dev.angee.template.TemplateText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaRendererTest extends TemplateRendererContract {
    private final JinjaRenderer strict = JinjaRenderer.strict();
    private final JinjaRenderer lenient = new JinjaRenderer();

    @Override
    protected TemplateRenderer renderer() {
        return strict;
    }

    @Override
    protected String print(String input) {
        return "{{ " + input + " }}";
    }

    @Override
    protected String when(String input, String value, String text) {
        return "{% if " + input + " == \"" + value + "\" %}" + text + "{% endif %}";
    }

    @Override
    protected Iterable<String> escapes() {
        return List.of(
                "{{ x.__class__ }}",
                "{{ ''.__class__.__mro__[1].__subclasses__() }}",
                "{{ x.getClass().forName('java.lang.Runtime') }}",
                "{{ x.class.classLoader }}",
                "{{ self.__init__.__globals__ }}",
                "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
                "{{ joiner.__globals__ }}",
                "{{ namespace.__init__ }}",
                "{{ range.__call__ }}",
                "{{ x|attr('__class__') }}",
                "{{ x|map(attribute='__class__')|list|join }}",
                "{{ '{0.__class__}'.format(x) }}",
                "{{ '{x.__class__}'.format(x=x) }}",
                "{{ '%(__class__)s' % x }}",
                "{{ lipsum.__globals__ }}",
                "{{ lipsum() }}",
                "{{ environment }}",
                "{{ env.HOME }}",
                "{{ os.environ }}",
                "{{ now() }}",
                "{% include '/etc/passwd' %}",
                "{% include '../../../../etc/passwd' %}",
                "{% import '/etc/passwd' as p %}",
                "{% extends '/etc/passwd' %}",
                "{% set x = namespace() %}{{ x.set('a', 1) }}",
                "{{ [1, 2]|random }}",
                "{{ x|fileglob }}");
    }

    @Override
    protected String endless() {
        return "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{{ 'x' * 2000000000 }}",
                "{{ [1] * 2000000000 }}",
                "{{ 'x'.ljust(2000000000) }}",
                "{{ 'x'.center(2000000000) }}",
                "{{ 'x'.zfill(2000000000) }}",
                "{{ 'x'|center(2000000000) }}",
                "{{ 'x\nx'|indent(2000000000) }}",
                "{{ '%999999s' % 'x' * 100000 }}",
                "{{ '{:>999999}'.format(1) * 100000 }}",
                "{{ ('x' * 1000000)|replace('x', 'y' * 1000000) }}",
                "{{ 'x'|replace('', 'y' * 30000000) }}",
                "{{ [1]|batch(2000000000, 'x')|list }}",
                "{{ [1]|slice(2000000000, 'x')|list }}",
                "{{ range(100000000) }}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% set l = [1] %}{% set _ = l.append(l) %}{{ l }}",
                "{% set l = [1] %}{% set _ = l.append(l) %}{{ l == [1, l] }}",
                "{% set ns = namespace(t=('a', 'b')) %}{% for i in range(60) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ ns.t }}",
                "{% set ns = namespace(t=('a', 'b')) %}{% for i in range(50) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ ns.t == (ns.t, 1) or ns.t < ns.t }}{{ ns.t|tojson }}",
                "{% set l = range(100000)|list %}{{ l|map('string')|join|length }}{% for i in range(1000) %}{{ 7 in l }}{{ l|unique|list|length }}{% endfor %}",
                "{% for i in range(99999) %}{% set x %}{{ 'x' * 100000 }}{% endset %}{% endfor %}",
                "{% set s = 'x' * 1000000 %}{% for i in range(100000) %}{{ s == s ~ '' }}{% endfor %}",
                "{% set s = 'x' * 1000000 %}{% for i in range(100000) %}{{ s|length }}{{ s.find('y') }}{% endfor %}",
                "{% for a in [[1]] recursive %}{{ loop([a]) }}{% endfor %}",
                "{% include 'self' %}",
                "{{ [1]|slice(9223372036854775807) }}",
                "{{ [1]|batch(9223372036854775807, 'x')|list }}",
                "{{ 'x'.ljust(4611686018427387904) }}{{ 'a' * 100000000 }}",
                "{% set s = 'a' * 10000000 %}{{ ([s] * 1000)|tojson }}",
                "{% set s = 'a' * 10000000 %}{{ ([s] * 1000)|to_json }}",
                "{% set s = 'a' * 10000000 %}{{ ([s] * 1000)|to_nice_yaml }}",
                "{% set s = 'a' * 10000000 %}{{ [s] * 1000 }}",
                "{% set s = 'a' * 10000000 %}{{ s ~ s ~ s ~ s ~ s ~ s ~ s ~ s }}",
                "{% set s = 'a' * 10000000 %}{{ ('%(a)s' * 1000) % {'a': s} }}",
                "{% set s = 'a' * 10000000 %}{{ ('{0}' * 1000).format(s) }}",
                "{{ ('a,' * 10000000).split(',') }}",
                "{{ ('a' * 400000).find('a' * 200000 ~ 'b') }}",
                "{{ ('a' * 200000 ~ 'b') in 'a' * 400000 }}",
                "{{ ('a' * 400000)|replace('a' * 200000 ~ 'b', 'x') }}",
                "{{ ('a' * 400000).count('a' * 200000 ~ 'b') }}",
                "{{ ('a' * 1000000)|wordwrap(1) }}",
                "{% set l = [] %}{% for a in range(1000) %}{% for b in range(600) %}{% set _ = l.insert(0, b) %}{% endfor %}{% endfor %}",
                "{% set l = range(30000)|list %}{% for a in range(1000) %}{% for b in range(600) %}{% set _ = l.reverse() %}{% endfor %}{% endfor %}",
                "{% macro f() %}{{ varargs|length }}{% endmacro %}{% set l = range(30000)|list %}{% for a in range(1000) %}{{ f(*l) }}{% endfor %}",
                "{% set s = 'é' * 1000000 %}{% for a in range(1000) %}{% for b in range(600) %}{{ s[-1] }}{% endfor %}{% endfor %}",
                "{% set l = [] %}{% for a in range(3000) %}{% set _ = l.append(range(100000)|list) %}{% endfor %}"
            })
    void what_would_fill_memory_or_take_for_ever_fails(String template) {
        TemplateIncludes self = (including, path) ->
                path.equals("self") ? Optional.of(new TemplateText("self", "{% include 'self' %}")) : Optional.empty();
        assertThatThrownBy(() -> lenient.render(new TemplateText("t", template), Map.of(), self))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageMatching("(?s)(t|self)(:\\d+:\\d+)?: .+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{'a':",
                "not ",
                "-",
                "1 if 1 else ",
                "x.y(",
                "1+",
                "1~",
                "x|f|",
                "x[",
                "1 and ",
                "1<",
                "{% if 1 %}"
            })
    void a_text_that_nests_too_deeply_is_no_template(String part) {
        boolean tag = part.startsWith("{%");
        String template = (tag ? "" : "{{ ") + part.repeat(100_000);
        assertThatThrownBy(() -> lenient.render("t", template, Map.of())).isInstanceOf(AngeeException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ('<' * 200000)|striptags }}",
                "{{ ('/' * 200000 ~ 'a/b')|dirname }}",
                "{{ ('a' * 100000)|wordwrap }}",
                "{{ ('a-' * 20000)|wordwrap }}",
                "{{ ('é' * 1000000)|tojson|length }}",
                "{{ ('a' * 6000000)|first }}",
                "{{ ('x' * 1000000)|upper|lower|title|length }}"
            })
    void what_is_only_long_is_rendered(String template) {
        assertThat(lenient.render("t", template, Map.of())).isNotNull();
    }

    @Test
    void a_template_that_is_too_long_to_be_read_is_refused() {
        assertThatThrownBy(() -> lenient.render("t", "{{ a }}".repeat(1_000_000), Map.of()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED));
    }

    @Test
    void long_chains_are_rendered_or_refused() {
        for (String chain :
                List.of("{{ 1" + " + 1".repeat(100_000) + " }}", "{{ x" + "|upper".repeat(100_000) + " }}")) {
            try {
                lenient.render("t", chain, Map.of("x", "1"));
            } catch (AngeeException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.INVALID);
            }
        }
    }

    @Test
    void what_is_not_defined_is_nothing_unless_the_renderer_is_strict() {
        assertThat(lenient.render("t", "[{{ nope }}]", Map.of())).isEqualTo("[]");
        assertThat(strict.render("t", "{{ nope|default('d') }}{{ nope is defined }}", Map.of()))
                .isEqualTo("dFalse");
        assertThat(strict.render("t", "[{{ 1 if false }}]", Map.of())).isEqualTo("[]");
        for (String use : List.of(
                "{{ 1 == nope }}",
                "{{ 1 != nope }}",
                "{{ nope in [1] }}",
                "{{ nope }}",
                "{% if nope %}{% endif %}",
                "{% for x in nope %}{% endfor %}",
                "{{ nope == 1 }}",
                "{{ nope ~ 'x' }}",
                "{{ [nope]|join }}")) {
            assertThatThrownBy(() -> strict.render("t", use, Map.of()))
                    .as(use)
                    .hasMessageContaining("'nope' is undefined");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "'{{ x'                       ! t:1:1: '{{' is not closed; add '}}'",
                "'a\n  {% if x %}'            ! t:2:3: the tag is not closed; add '{% endif %}'",
                "'{% nonsense %}'             ! t:1:4: there is no tag 'nonsense'",
                "'{% do x %}'                 ! t:1:4: the tag 'do' is not supported",
                "'{{ x|nonsense }}'           ! t:1:6: there is no filter 'nonsense'",
                "'{{ x|regex_search(1) }}'    ! t:1:6: the filter 'regex_search' is not supported: regular expressions can run without end",
                "'{{ a.b.c }}'                ! t:1:6: 'a' is undefined",
                "'{{ 1 + }}'                  ! t:1:8: expected a value, not the end of the expression",
                "'{{ x x }}'                  ! t:1:6: expected the end of the expression, '}}', not 'x'",
                "'{{ 1 / 0 }}'                ! t:1:6: '/': division by zero",
                "'{{ (-9223372036854775807-1)|abs }}' ! t:1:29: abs: the result is too large",
                "'{{ 9223372036854775807|round(-19) }}' ! t:1:24: round: the result is too large",
                "'{{ 9223372036854775807 + 1}}' ! t:1:24: '+': the result is too large"
            })
    void an_error_says_where_and_what(String template, String message) {
        assertThatThrownBy(() -> lenient.render("t", template, Map.of("x", "1")))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessage(message);
    }

    @Test
    void an_error_in_what_is_included_names_that_text() {
        TemplateIncludes includes =
                (including, path) -> Optional.of(new TemplateText("dir/" + path, "one\n{{ 1 / 0 }}"));
        assertThatThrownBy(() -> lenient.render(new TemplateText("t", "{% include 'part' %}"), Map.of(), includes))
                .hasMessage("dir/part:2:6: '/': division by zero");
    }

    @Test
    void whoever_includes_is_named_so_that_paths_can_be_relative() {
        TemplateIncludes includes = (including, path) -> Optional.of(
                new TemplateText(including + "/" + path, path.equals("a") ? "a({% include 'b' %})" : "{{ x }}"));
        assertThat(lenient.render(new TemplateText("t", "{% include 'a' %}"), Map.of("x", "t/a/b"), includes))
                .isEqualTo("a(t/a/b)");
    }

    @Test
    void nothing_of_the_callers_inputs_is_changed() {
        List<Object> list = new java.util.ArrayList<>(List.of(1L));
        Map<String, Object> map = new java.util.TreeMap<>(Map.of("l", list));
        lenient.render("t", "{% set _ = m.l.append(2) %}{% set _ = m.update(a=1) %}{% set m = 1 %}", Map.of("m", map));
        assertThat(list).containsExactly(1L);
        assertThat(map).containsOnlyKeys("l");
    }

    @Test
    void it_is_found_by_whoever_has_the_module() {
        assertThat(ServiceLoader.load(TemplateRenderer.class)).anyMatch(JinjaRenderer.class::isInstance);
    }

    @Test
    void any_text_is_rendered_or_refused_and_nothing_else() {
        String[] parts = {
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "{%-",
            "-%}",
            "x",
            " ",
            "\n",
            "if",
            "else",
            "endif",
            "for",
            "in",
            "endfor",
            "set",
            "=",
            "endset",
            "raw",
            "endraw",
            "|",
            "upper",
            "default",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ":",
            ",",
            ".",
            "'a'",
            "\"b\"",
            "1",
            "2.5",
            "+",
            "-",
            "*",
            "/",
            "//",
            "**",
            "%",
            "~",
            "==",
            "<",
            "not",
            "and",
            "or",
            "is",
            "defined",
            "macro",
            "endmacro",
            "f",
            "call",
            "endcall",
            "block",
            "endblock",
            "extends",
            "include",
            "import",
            "from",
            "as",
            "with",
            "endwith",
            "filter",
            "endfilter",
            "loop",
            "recursive",
            "ignore",
            "missing",
            "context",
            "without",
            "none",
            "true",
            "\\",
            "'",
            "é",
            "🚀",
            "\u0000"
        };
        Random random = new Random(7);
        for (int i = 0; i < 60_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(25); j >= 0; j--) {
                text.append(parts[random.nextInt(parts.length)]).append(random.nextBoolean() ? " " : "");
            }
            try {
                lenient.render("t", text.toString(), Map.of("x", List.of(1L, "a")));
            } catch (AngeeException e) {
                assertThat(e.code()).as(text.toString()).isIn(ErrorCode.INVALID, ErrorCode.FAILED);
                assertThat(e).as(text.toString()).hasMessageNotContaining("could not be rendered");
            }
        }
    }
}
