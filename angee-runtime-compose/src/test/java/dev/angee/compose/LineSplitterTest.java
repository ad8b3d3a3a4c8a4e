package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.runtime.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private static final int LONGEST = LogLine.LONGEST;

    @Test
    void lines_come_without_their_breaks_and_the_last_one_when_nothing_follows() throws Exception {
        assertThat(split("one\ntwo\r\n\nthr\ree\nlast")).containsExactly("one", "two", "", "thr\ree", "last");
    }

    @Test
    void a_carriage_return_before_the_end_is_part_of_the_break() throws Exception {
        assertThat(split("a\r\r\nb\r")).containsExactly("a\r", "b");
    }

    @Test
    void a_line_of_the_greatest_length_comes_whole_also_with_a_wide_break() throws Exception {
        String longest = "é".repeat(LONGEST);
        assertThat(split(longest + "\r\n" + longest + "\n")).containsExactly(longest, longest);
    }

    @Test
    void a_longer_line_comes_in_pieces_that_do_not_cut_a_character() throws Exception {
        String line = "x".repeat(LONGEST - 1) + "🚀" + "y".repeat(LONGEST);
        List<String> pieces = split(line + "\nend\n");
        assertThat(pieces).hasSize(4);
        assertThat(pieces.get(0)).isEqualTo("x".repeat(LONGEST - 1));
        assertThat(pieces).allMatch(p -> p.length() <= LONGEST);
        assertThat(String.join("", pieces)).isEqualTo(line + "end");
    }

    @Test
    void how_the_bytes_are_cut_makes_no_difference() throws Exception {
        String text = "grüße 🚀\r\nzweite\n\nüü\r\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<String> lines = new ArrayList<>();
            LineSplitter splitter = new LineSplitter(lines::add);
            for (int at = 0; at < bytes.length; ) {
                int size = Math.min(1 + random.nextInt(4), bytes.length - at);
                byte[] block = new byte[size + 2];
                System.arraycopy(bytes, at, block, 2, size);
                splitter.feed(block, 2);
                at += size;
            }
            splitter.finish();
            assertThat(lines).containsExactly("grüße 🚀", "zweite", "", "üü");
        }
    }

    @Test
    void bytes_that_are_no_text_become_a_replacement_character() throws Exception {
        List<String> lines = new ArrayList<>();
        LineSplitter splitter = new LineSplitter(lines::add);
        splitter.feed(new byte[] {'a', (byte) 0xFF, 'b', '\n', (byte) 0xC3}, 0);
        splitter.finish();
        assertThat(lines).containsExactly("a\uFFFDb", "\uFFFD");
    }

    private static List<String> split(String text) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        LineSplitter splitter = new LineSplitter(lines::add);
        splitter.feed(text.getBytes(StandardCharsets.UTF_8), 0);
        splitter.finish();
        return lines;
    }
}
