package dev.angee.internal.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.document.YamlLimits;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class YamlDocumentTest {
    private static final long SMALL = 64L * 1024 * 1024;

    /** Ten aliases a line, and two aliases a line with 45 lines: 10^12 and 2^45 values in about a kilobyte. */
    @Test
    void alias_bombs_are_refused_where_they_go_off_and_cost_next_to_nothing() {
        long before = allocated();
        assertThat(problem(bomb(12, 10)).message()).contains("more than 2000000 values once aliases are expanded");
        assertThat(problem(bomb(45, 2))).satisfies(problem -> {
            assertThat(problem.message()).contains("once aliases are expanded");
            assertThat(problem.line()).isEqualTo(20);
        });
        assertThat(problem(bomb(45, 1).replace("[", "[x, ")).message()).isEqualTo("fits");
        assertThat(problem("a: &a [" + "*a, ".repeat(1_000_000) + "*a]\n").line())
                .isEqualTo(1);
        assertThat(allocated() - before).as("bytes allocated").isLessThan(SMALL);
    }

    @Test
    void a_long_value_that_aliases_repeat_is_refused_where_it_is_too_much() {
        StringBuilder text = new StringBuilder("x: &x " + "y".repeat(100_000) + "\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("k" + i + ": *x\n");
        }
        assertThat(problem(text.toString())).satisfies(problem -> {
            assertThat(problem.message()).contains("more than 67108864 characters once aliases are expanded");
            assertThat(problem.line()).isEqualTo(672);
        });
        YamlLimits limits = new YamlLimits(100, 100, 10, 20);
        assertThat(YamlDocument.parse("f", "a: &a [12345, 67]\nb: [*a]\nc: 89", limits))
                .isInstanceOf(MappingNode.class);
        assertThat(problem("a: &a [12345, 67]\nb: [*a]\nc: 8901", limits).message())
                .contains("more than 20 characters");
        assertThat(new YamlLimits(100, 100, 10).characters()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: &a [*a]", "a: &a {k: *a}", "&a {k: {l: *a}}", "a: &a {<<: *a}", "&a [[*a], *a]"})
    void a_value_that_holds_itself_is_refused(String text) {
        assertThat(problem(text).message()).contains("stands inside the value that '&a' names");
    }

    @Test
    void an_alias_of_nothing_is_refused_where_it_stands() {
        assertThat(problem("x: 1\na: *nope\n"))
                .isEqualTo(Problem.of(
                        "f", 2, 4, "", "'*nope' is not defined; write '&nope' before the value it stands for"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[? "})
    void deep_nesting_is_refused_before_it_is_built(String level) {
        long before = allocated();
        assertThat(problem("a:\n  " + level.repeat(4_000_000 / level.length())).message())
                .contains("nested deeper than 64 levels");
        assertThat(allocated() - before).as("bytes allocated").isLessThan(2 * SMALL);
    }

    @Test
    void nesting_by_aliases_counts_as_nesting() {
        StringBuilder text = new StringBuilder("a0: &a0 x\n");
        for (int i = 1; i < 70; i++) {
            text.append("a" + i + ": &a" + i + " [*a" + (i - 1) + "]\n");
        }
        assertThat(problem(text.toString())).satisfies(problem -> {
            assertThat(problem.message()).contains("nested deeper than 64 levels");
            assertThat(problem.line()).isEqualTo(65);
        });
    }

    @Test
    void each_limit_lets_through_what_just_keeps_it() {
        YamlLimits limits = new YamlLimits(20, 6, 2);
        assertThat(YamlDocument.parse("f", "a: [1]\nb: 2", limits)).isInstanceOf(MappingNode.class);
        assertThat(YamlDocument.parse("f", "a: 45678901234567890", limits)).isInstanceOf(MappingNode.class);
        assertThat(problem("a: 456789012345678901", limits).message())
                .isEqualTo("the file is larger than 20 characters");
        assertThat(problem("a: [1, 2]\nb: 2", limits).message()).contains("more than 6 values");
        assertThat(problem("a: &a [1]\nb: *a", limits).message()).contains("more than 6 values");
        assertThat(problem("a: [[1]]", limits).message()).contains("deeper than 2");
    }

    @Test
    void a_text_beyond_the_limit_is_not_looked_at() {
        String text = "a: \0" + "x".repeat(YamlDocument.LONGEST);
        long before = allocated();
        assertThat(problem(text).message()).isEqualTo("the file is larger than 16 MiB");
        assertThat(allocated() - before).isLessThan(1024 * 1024);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: 1\nb: x\0y   -> 2:5 U+0000",
                "a: \uD83D       -> 1:4 U+D83D",
                "🚀: \uDE80      -> 1:4 U+DE80",
                "a: 1\r\n\u0007  -> 2:1 U+0007",
                "a: 1\rb: \uFFFE -> 2:4 U+FFFE",
            })
    void a_character_that_yaml_forbids_is_refused_with_its_place(String row) {
        String[] sides = row.split(" *-> ", 2);
        Problem problem = problem(sides[0]);
        assertThat(problem.line() + ":" + problem.column() + " " + problem.message())
                .startsWith(sides[1].substring(0, 4))
                .contains(sides[1].substring(4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\t",
                "a:\n\t- b",
                "---\n",
                "--- a\n--- b\n",
                "a: b\n...\nc",
                "%YAML 3.0\n---\na: 1",
                "%TAG ! !\n---\n!x a",
                "a: \"\\x\"",
                "a: \"\\uD83D\"",
                "a: \"\\U99999999\"",
                "a: !<> x",
                "a: !%zz x",
                "? ",
                ": ",
                "a: &",
                "a: *",
                "- a\nb: c",
                "a: 'x",
                "a: |9999999999999\n x",
                "%YAML 99999999999.1\n---\na",
                "%",
                "!",
                "&a &b c",
                "*a : b",
                "@",
                "`",
                "a: |\n\tx",
                "[a, b",
                "\uFEFF",
                "\uFEFFa: 1",
                "a\uFEFF: 1",
                "\r",
                "\u2028",
                "\u0085"
            })
    void odd_texts_are_read_or_refused_with_a_place(String text) {
        Problem problem = problem(text);
        assertThat(problem.line()).isPositive();
        assertThat(problem.column()).isPositive();
    }

    @Test
    void a_byte_order_mark_and_line_breaks_of_any_kind_are_layout() {
        MappingNode map = (MappingNode) YamlDocument.parse("f", "\uFEFFa: 1\r\nb: 2\rc: 3\n");
        assertThat(map.getValue()).hasSize(3);
        assertThat(((ScalarNode) map.getValue().get(0).getKeyNode()).getValue()).isEqualTo("a");
        assertThat(YamlDocument.place(map.getValue().get(2).getKeyNode()).line())
                .isEqualTo(3);
    }

    private static String bomb(int lines, int aliases) {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i <= lines; i++) {
            bomb.append("a" + i + ": &a" + i + " [");
            bomb.append(String.join(", ", Collections.nCopies(aliases, "*a" + (i - 1))))
                    .append("]\n");
        }
        return bomb.toString();
    }

    private static Problem problem(String text) {
        return problem(text, YamlLimits.standard());
    }

    private static Problem problem(String text, YamlLimits limits) {
        InvalidDocumentException refused =
                catchThrowableOfType(InvalidDocumentException.class, () -> YamlDocument.parse("f", text, limits));
        return refused == null
                ? Problem.of("f", 1, 1, "", "fits")
                : refused.problems().get(0);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
