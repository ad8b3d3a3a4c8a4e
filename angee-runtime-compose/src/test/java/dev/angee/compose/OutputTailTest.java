package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputTailTest {
    @Test
    void the_last_lines_that_fit_are_kept() {
        OutputTail tail = new OutputTail(8);
        for (String line : new String[] {"one", "two", "six"}) {
            tail.add(line);
        }
        assertThat(tail.text()).isEqualTo("two\nsix");
    }

    @Test
    void of_a_line_that_does_not_fit_the_end_is_kept_from_a_whole_character_on() {
        OutputTail tail = new OutputTail(8);
        tail.add("before");
        tail.add("ä".repeat(20));
        assertThat(tail.text()).isEqualTo("äää");
        assertThat(tail.text().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(8);
    }
}
