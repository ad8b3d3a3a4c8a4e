package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternsTest {
    @ParameterizedTest
    @CsvSource({
        "*.bak, a.bak, true",
        "*.bak, d/e/a.bak, true",
        "*.bak, a.bak.txt, false",
        "/top, top, true",
        "/top, sub/top, false",
        "logs/, logs/one, true",
        "logs/, sub/logs/one, true",
        "logs/, logs, false",
        "a/b, a/b, true",
        "a/b, a/b/c, true",
        "a/b, x/a/b, false",
        "**/b, b, true",
        "**/b, a/x/b, true",
        "a/**, a/b/c, true",
        "a/**, a, false",
        "a/*, a/b, true",
        "a/*, a/b/c, false",
        "a/**/c, a/c, true",
        "a/**/c, a/b/b/c, true",
        "a/**/c, a/b/b/d, false",
        "d?.h, d1.h, true",
        "d?.h, d/.h, false",
        "[ab].c, b.c, true",
        "[!ab].c, b.c, false",
        "[a-c]x, bx, true",
        "[a-c]x, dx, false",
        "'[', '[', true",
        "'\\*', '*', true",
        "'\\*', a, false",
        "a*b*c, axxbxxc, true",
        "a*b*c, axxcxxb, false",
        "'#c', '#c', false"
    })
    void a_pattern_matches_as_in_a_gitignore(String pattern, String path, boolean matches) {
        assertThat(new PathPatterns(List.of(pattern)).match(path)).isEqualTo(matches);
    }

    @Test
    void the_last_that_matches_decides() {
        PathPatterns patterns = new PathPatterns(List.of("d/", "!d/keep", "d/keep/not"));
        assertThat(patterns.match("d/x")).isTrue();
        assertThat(patterns.match("d/keep")).isFalse();
        assertThat(patterns.match("d/keep/yes")).isFalse();
        assertThat(patterns.match("d/keep/not")).isTrue();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void a_pattern_of_many_stars_is_as_quick_as_any() {
        PathPatterns patterns = new PathPatterns(List.of("*a".repeat(60) + "b", "**/".repeat(60) + "b"));
        assertThat(patterns.match("a".repeat(250))).isFalse();
        assertThat(patterns.match("a/".repeat(250) + "a")).isFalse();
    }
}
