package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.runtime.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineAssemblerTest {
    private static final int LONGEST = LogLine.LONGEST;

    /** The lines of the bytes, given a few at a time. */
    private static List<String> lines(byte[] bytes, int step) {
        List<String> lines = new ArrayList<>();
        LineAssembler assembler = new LineAssembler();
        for (int at = 0; at < bytes.length; at += step) {
            byte[] some = Arrays.copyOfRange(bytes, at, Math.min(at + step, bytes.length));
            assembler.take(some, some.length, lines::add);
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

    @Test
    void megabytes_without_a_line_break_come_in_pieces_and_the_lines_after_them_go_on_R19() {
        String huge = "0123456789abcdef".repeat(3 * 1024 * 1024 / 16);
        byte[] bytes = ("before\n" + huge + "\nafter\n").getBytes(StandardCharsets.UTF_8);
        List<String> lines = lines(bytes, 32 * 1024);
        assertThat(lines).startsWith("before").endsWith("after").hasSize(2 + huge.length() / LONGEST);
        assertThat(String.join("", lines.subList(1, lines.size() - 1))).isEqualTo(huge);
    }

    @Test
    void bytes_of_any_kind_are_taken_whatever_the_step_they_come_in() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            List<String> whole = lines(bytes, 5000);
            assertThat(lines(bytes, 1)).as("round %d", round).isEqualTo(whole);
            assertThat(lines(bytes, 1 + random.nextInt(100)))
                    .as("round %d", round)
                    .isEqualTo(whole);
        }
    }

    @Test
    void a_line_that_is_forgotten_leaves_nothing_behind() {
        List<String> lines = new ArrayList<>();
        LineAssembler assembler = new LineAssembler();
        byte[] begun = "gone \u20ac".getBytes(StandardCharsets.UTF_8);
        assembler.take(begun, begun.length - 1, lines::add);
        assembler.forget();
        assembler.take(new byte[] {'n', 'e', 'w', '\n'}, 4, lines::add);
        assertThat(lines).containsExactly("new");
    }
}
