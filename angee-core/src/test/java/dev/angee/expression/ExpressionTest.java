package dev.angee.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final Scope SCOPE = Scope.of(Map.of(
            "name", "web",
            "ports.web", "8101",
            "inputs.title", "Ünïcode & Co @ Straße 100%",
            "inputs.mail", "ada@example.org",
            "inputs.empty", "",
            "inputs.spaced", "a b c",
            "inputs.tricky", "${name}"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "plain                                        | plain",
                "http://127.0.0.1:${ports.web}/               | http://127.0.0.1:8101/",
                "${name}${ports.web}                          | web8101",
                "${ name }                                    | web",
                "$HOME $ $$ $1 ${} a$                         | $HOME $ $$ $1 ${} a$",
                "$${HOME} and ${name}                         | ${HOME} and web",
                "${outer${name}}                              | ${outerweb}",
                "${inputs.tricky}                             | ${name}",
            })
    void references_are_replaced_once_and_everything_else_stays(String text, String expected) {
        assertThat(Expression.parse(text).evaluate(SCOPE)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '§',
            value = {
                "${inputs.title | slug}                       # unicode-and-co-at-strasse-100",
                "${inputs.title|slug|truncate(7)}             # unicode",
                "${inputs.mail | local_part | upper}          # ADA",
                "${inputs.empty | default('none')}            # none",
                "${name | default(x)}                         # web",
                "${name | b64encode}                          # d2Vi",
                "${name|required('say it')}                   # web",
                "${name | truncate(0)}                        # §§",
            })
    void filters_apply_from_left_to_right(String text, String expected) {
        assertThat(Expression.parse(text).evaluate(SCOPE)).isEqualTo(expected);
    }

    @Test
    void a_quoted_argument_keeps_its_blanks_R17() {
        assertThat(Expression.parse("${inputs.spaced | replace(' ', '_')}").evaluate(SCOPE))
                .isEqualTo("a_b_c");
    }

    @Test
    void two_dollars_make_a_literal_reference_R18() {
        assertThat(Expression.parse("$${VAR:-x}").evaluate(SCOPE)).isEqualTo("${VAR:-x}");
        assertThat(Expression.parse("$$$${VAR:-x}").evaluate(SCOPE)).isEqualTo("$${VAR:-x}");
        assertThat(Expression.parse("$$HOME $$ $").evaluate(SCOPE)).isEqualTo("$$HOME $$ $");
        Scope scope = Scope.of(java.util.Map.of("name", "web"));
        assertThat(Expression.parse("costs $$${name}").evaluate(scope)).isEqualTo("costs $web");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '§',
            value = {
                "a ${ports.wbe} b           # 4  # ports.web",
                "${nope.x}                  # 2  # not known here",
                "${inputs.empty | required} # 17 # required",
                "${name | truncate(x)}      # 9  # whole number",
            })
    void an_evaluation_error_points_at_the_character(String text, int offset, String mentioned) {
        Expression expression = Expression.parse(text);
        assertThatThrownBy(() -> expression.evaluate(SCOPE))
                .isInstanceOfSatisfying(
                        ExpressionException.class, e -> assertThat(e.offset()).isEqualTo(offset))
                .hasMessageContaining(mentioned);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '§',
            value = {
                "${ }                   # 3  # name is missing",
                "${name | nope}         # 9  # filters:",
                "${name | replace('a')} # 9  # arguments",
                "${name | replace('a}   # 17 # not closed",
                "${name | truncate(1}   # 17 # matching",
                "${a b}                 # 3  # blanks",
                "${name | lower x}      # 15 # expected",
                "${VAR:-a b}            # 8  # blanks",
            })
    void a_grammar_error_points_at_the_character(String text, int offset, String mentioned) {
        assertThatThrownBy(() -> Expression.parse(text))
                .isInstanceOfSatisfying(
                        ExpressionException.class, e -> assertThat(e.offset()).isEqualTo(offset))
                .hasMessageContaining(mentioned);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void filters_cannot_make_a_value_that_fills_all_memory() {
        String grown = "| replace('a', 'aaaaaaaaaa')";
        assertThat(Expression.parse("${name | default(a) | replace('web', 'a') " + grown.repeat(6) + "}")
                        .evaluate(SCOPE))
                .hasSize(1_000_000);
        String tooMuch = "${name | replace('web', 'a') " + grown.repeat(10) + "}";
        assertThatThrownBy(() -> Expression.parse(tooMuch).evaluate(SCOPE))
                .isInstanceOfSatisfying(
                        ExpressionException.class,
                        e -> assertThat(e.offset()).isEqualTo(tooMuch.indexOf(grown) + 6 * grown.length() + 2))
                .hasMessageContaining("at most 1048576 characters");
        String atOnce =
                "${name | replace('web', '" + "a".repeat(500_000) + "') | replace('', '" + "b".repeat(500_000) + "')}";
        assertThatThrownBy(() -> Expression.parse(atOnce).evaluate(SCOPE))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("250001000000");
        String manyTimes = "${name | replace('web', '" + "a".repeat(1_000_000) + "')}";
        assertThatThrownBy(() -> Expression.parse(manyTimes.repeat(17)).resolve(SCOPE))
                .isInstanceOfSatisfying(
                        ExpressionException.class, e -> assertThat(e.offset()).isEqualTo(16 * manyTimes.length() + 2))
                .hasMessageContaining("longer than 16777216 characters");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void a_megabyte_of_references_is_no_work() {
        int count = 170_000;
        Expression expression = Expression.parse("🚀${name}".repeat(count));
        assertThat(expression.referencesByOffset().lastKey()).isEqualTo(8 * count - 5);
        assertThat(expression.evaluate(SCOPE)).isEqualTo("🚀web".repeat(count));
    }

    @Test
    void its_references_can_be_listed_without_evaluating() {
        assertThat(Expression.parse("${alloc.web}:${alloc.db | lower} $${alloc.no}")
                        .references())
                .containsExactly("alloc.db", "alloc.web");
    }

    @Test
    void what_is_known_is_listed_as_a_whole() {
        Scope scope = Scope.of(java.util.Map.of("name", "web", "workspace.path", "/w", "inputs.base", "b"));
        assertThatThrownBy(() -> Expression.parse("${workspace.name}").evaluate(scope))
                .hasMessageContaining("(known: inputs.base, name, workspace.path)");
        Scope large = scope;
        for (int i = 0; i < 30; i++) {
            large = large.with("inputs.i" + i, "x");
        }
        Scope many = large;
        assertThatThrownBy(() -> Expression.parse("${workspace.name}").evaluate(many))
                .hasMessageContaining("(known: inputs., name, workspace.path)");
        assertThatThrownBy(() -> Expression.parse("${workspace.pat}").evaluate(many))
                .hasMessageContaining("Did you mean 'workspace.path'? (known: workspace.path)");
    }
}
