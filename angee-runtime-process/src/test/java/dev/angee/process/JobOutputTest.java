package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobOutputTest {
    @TempDir
    Path folder;

    private final List<String> heard = new ArrayList<>();

    private Path log() {
        return folder.resolve("log");
    }

    /** A file that has room for nothing but its last line. */
    private void writeSparse(long length, String last) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(log().toFile(), "rw")) {
            out.seek(length - last.length());
            out.write(last.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void who_is_too_far_behind_is_told_what_is_left_out_and_hears_the_end_R49() throws Exception {
        writeSparse(JobOutput.FARTHEST_BEHIND + JobOutput.KEPT_BEHIND, "\nthe end\n");
        JobOutput output = new JobOutput(log(), heard::add);
        output.finish();
        assertThat(heard.get(0)).contains(JobOutput.FARTHEST_BEHIND + " bytes").contains("left out");
        assertThat(heard).endsWith("the end");
    }

    @Test
    void all_lines_are_handed_out_in_turns() throws Exception {
        Files.writeString(log(), "line\n".repeat(100_000) + "unfinished");
        JobOutput output = new JobOutput(log(), heard::add);
        while (!output.drain()) {
            assertThat(heard).isNotEmpty();
        }
        assertThat(heard).hasSize(100_000).containsOnly("line");
        output.finish();
        assertThat(heard).hasSize(100_001).endsWith("unfinished");
    }

    @Test
    void of_an_ended_run_the_last_whole_lines_are_kept_for_the_owner_only_R49() throws Exception {
        Files.writeString(log(), "0123456789abcde\n".repeat(JobOutput.KEPT / 16) + "the end");
        JobOutput.trim(log());
        String kept = Files.readString(log());
        assertThat(kept).startsWith("0123456789abcde\n").endsWith("\nthe end");
        assertThat(kept.length()).isBetween(JobOutput.KEPT - 16, JobOutput.KEPT);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
                .isEqualTo("rw-------");
        JobOutput.trim(log());
        assertThat(log()).hasContent(kept);
    }

    @Test
    void one_endless_line_is_cut() throws Exception {
        Files.writeString(log(), "x".repeat(JobOutput.KEPT + 5));
        JobOutput.trim(log());
        assertThat(Files.size(log())).isEqualTo(JobOutput.KEPT);
    }

    @Test
    void no_log_is_no_error() {
        JobOutput.trim(log());
        JobOutput output = new JobOutput(log(), heard::add);
        assertThat(output.drain()).isTrue();
        output.finish();
        assertThat(log()).doesNotExist();
        assertThat(heard).isEmpty();
    }
}
