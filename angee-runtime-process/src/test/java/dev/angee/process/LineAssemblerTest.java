package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.runtime.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineAssemblerTest {
    private static final int LONGEST = LogLine.LONGEST;

    /** The lines of the bytes, given a few at a time. */
    private static List<String> lines(byte[] bytes, int step) {
        List<String> lines = new ArrayList<>();
        LineAssembler assembler = new LineAssembler();
        for (int at = 0; at < bytes.length; at += step) {
            assembler.room().put(bytes, at, Math.min(step, bytes.length - at));
            assembler.take(lines::add);
        }
        assembler.finish(lines::add);
        return lines;
    }

    private static List<String> lines(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> lines = lines(bytes, 4096);
        assertThat(lines(bytes, 1)).isEqualTo(lines);
        assertThat(lines(bytes, 7)).isEqualTo(lines);
        return lines;
    }

    @Test
    void lines_end_with_a_line_break_of_either_kind_or_with_the_end() {
        assertThat(lines("a\n\nb\r\nc")).containsExactly("a", "", "b", "c");
        assertThat(lines("a\rb\n")).containsExactly("a\rb");
        assertThat(lines("")).isEmpty();
        assertThat(lines("\n")).containsExactly("");
    }

    @Test
    void characters_of_several_bytes_stay_whole() {
        assertThat(lines("aü€😀\nü")).containsExactly("aü€😀", "ü");
    }

    @Test
    void what_is_not_utf8_is_replaced() {
        byte[] bytes = {'a', (byte) 0xFF, 'b', '\n', (byte) 0xE2, (byte) 0x82};
        assertThat(lines(bytes, 1)).hasSize(2).first().isEqualTo("a\uFFFDb");
        assertThat(lines(bytes, 1).get(1)).startsWith("\uFFFD");
    }

    @Test
    void a_line_of_the_longest_length_is_one_piece_and_a_longer_one_is_several() {
        String longest = "x".repeat(LONGEST);
        assertThat(lines(longest + "\ny")).containsExactly(longest, "y");
        assertThat(lines(longest + "\r\ny")).containsExactly(longest, "y");
        assertThat(lines(longest + "z\ny")).containsExactly(longest, "z", "y");
        assertThat(lines(longest + longest + "z")).containsExactly(longest, longest, "z");
    }

    @Test
    void a_pair_of_surrogates_is_not_torn_between_pieces() {
        String text = "x".repeat(LONGEST - 1) + "😀" + "y";
        assertThat(lines(text)).containsExactly("x".repeat(LONGEST - 1), "😀y");
    }
}
