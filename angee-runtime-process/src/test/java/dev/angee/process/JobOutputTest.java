package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
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
    void of_a_run_that_had_to_be_ended_a_part_of_the_rest_is_handed_out_with_a_notice_R49() throws Exception {
        Files.writeString(log(), "0123456789abcde\n".repeat(200_000) + "the end");
        JobOutput output = new JobOutput(log(), heard::add);
        output.finishSoon();
        assertThat(heard.get(0)).contains("left out").contains("the run was ended");
        assertThat(heard).hasSize(1024 * 1024 / 16 + 2).endsWith("the end");
    }

    @Test
    void a_slow_listener_hears_for_a_moment_and_is_told_that_there_was_more_R49() throws Exception {
        Files.writeString(log(), "line\n".repeat(100_000));
        JobOutput output = new JobOutput(log(), line -> {
            LockSupport.parkNanos(1_000_000);
            heard.add(line);
        });
        output.finishSoon();
        assertThat(heard).hasSizeLessThan(6_000).startsWith("line");
        assertThat(heard.get(heard.size() - 1)).contains("left out");
    }

    @Test
    void a_turn_is_over_after_the_line_that_takes_too_long_R49() throws Exception {
        Files.writeString(log(), "line\n".repeat(1_000));
        JobOutput output = new JobOutput(log(), line -> {
            LockSupport.parkNanos(60_000_000);
            heard.add(line);
        });
        assertThat(output.drain()).isFalse();
        assertThat(heard).hasSizeLessThan(5);
    }

    @Test
    void an_interrupt_is_heeded_after_the_line_R49() throws Exception {
        Files.writeString(log(), "line\n".repeat(1_000));
        JobOutput output = new JobOutput(log(), line -> {
            heard.add(line);
            Thread.currentThread().interrupt();
        });
        assertThatThrownBy(output::finish).isInstanceOf(InterruptedException.class);
        assertThat(heard).hasSize(1);
    }

    @Test
    void no_log_is_no_error() throws Exception {
        JobOutput.trim(log());
        JobOutput output = new JobOutput(log(), heard::add);
        assertThat(output.drain()).isTrue();
        output.finish();
        assertThat(log()).doesNotExist();
        assertThat(heard).isEmpty();
    }
}
