package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.source.FileDiff;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffTextTest {
    private static final String HEADER = "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n";

    @Test
    void a_hunks_head_may_leave_out_a_count_of_one_and_name_what_the_lines_are_in() {
        record Case(String head, FileDiff.Hunk expected) {}
        List<Case> cases = List.of(
                new Case("@@ -1 +1 @@\n-a\n+b\n", hunk(1, 1, 1, 1, "", "-a", "+b")),
                new Case("@@ -3,0 +4 @@ class X {\n+b\n", hunk(3, 0, 4, 1, "class X {", "+b")),
                new Case("@@ -1,2 +0,0 @@\n-a\n-b\n", hunk(1, 2, 0, 0, "", "-a", "-b")),
                new Case("@@ -9,1 +9,2 @@ @@ odd @@\n a\n+b\n", hunk(9, 1, 9, 2, "@@ odd @@", " a", "+b")));
        for (Case each : cases) {
            assertThat(parse(HEADER + each.head).hunks()).as(each.head).containsExactly(each.expected);
        }
    }

    @Test
    void a_line_is_what_the_head_says_and_not_what_it_looks_like() {
        DiffText text = parse(HEADER
                + "@@ -1,3 +1,2 @@\n--- a/x\n-@@ -1 +1 @@\n-Binary files a and b differ\n+++ b/x\n+diff --git a b\n"
                + "@@ -20 +19 @@\n-\n+\r\n");
        assertThat(text.binary()).isFalse();
        assertThat(text.hunks())
                .containsExactly(
                        hunk(
                                1,
                                3,
                                1,
                                2,
                                "",
                                "--- a/x",
                                "-@@ -1 +1 @@",
                                "-Binary files a and b differ",
                                "+++ b/x",
                                "+diff --git a b"),
                        hunk(20, 1, 19, 1, "", "-", "+\r"));
    }

    @Test
    void the_end_without_a_line_break_belongs_to_the_line_before_on_either_side() {
        String end = "\\ No newline at end of file";
        assertThat(parse(HEADER + "@@ -1 +1 @@\n-a\n" + end + "\n+b\n" + end + "\n")
                        .hunks())
                .containsExactly(hunk(1, 1, 1, 1, "", "-a", end, "+b", end));
        assertThat(parse(HEADER + "@@ -1 +1,2 @@\n a\n+b\n" + end + "\n@@ -8 +9 @@\n-c\n+d\n")
                        .hunks())
                .containsExactly(hunk(1, 1, 1, 2, "", " a", "+b", end), hunk(8, 1, 9, 1, "", "-c", "+d"));
    }

    @Test
    void binary_files_have_no_hunks() {
        assertThat(parse("diff --git a/x b/x\nBinary files a/x and b/x differ\n"))
                .isEqualTo(new DiffText(true, List.of()));
        assertThat(parse("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n"))
                .isEqualTo(new DiffText(false, List.of()));
        assertThat(parse("")).isEqualTo(new DiffText(false, List.of()));
    }

    @Test
    void what_is_not_utf8_is_read_all_the_same() {
        byte[] text = (HEADER + "@@ -0,0 +1 @@\n+ä\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(DiffText.parse(text).hunks().get(0).lines()).containsExactly("+\uFFFD");
    }

    @Test
    void a_text_that_ends_in_the_middle_is_refused() {
        for (String cut : List.of("@@ -1,2 +1,2 @@\n a\n", "@@ -1,2 +1,2 @@\n a\ndiff --git a/y b/y\n")) {
            assertThatThrownBy(() -> parse(HEADER + cut)).isInstanceOf(AngeeException.class);
        }
    }

    private static DiffText parse(String text) {
        return DiffText.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static FileDiff.Hunk hunk(
            int oldStart, int oldLines, int newStart, int newLines, String section, String... lines) {
        return new FileDiff.Hunk(oldStart, oldLines, newStart, newLines, section, List.of(lines));
    }
}
