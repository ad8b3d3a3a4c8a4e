package dev.angee.process;

import static dev.angee.process.HoledLog.lines;
import static dev.angee.process.HoledLog.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.runtime.LogLine;
import dev.angee.workload.LogRotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers of logs whose beginning is gone. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HoledLogTest {
    private static final int BLOCK = OpenLog.BLOCK;
    private static final int LINES_A_BLOCK = BLOCK / 16;

    @TempDir
    Path folder;

    private Path file;
    private HoledLog log;

    @BeforeEach
    void place() {
        file = folder.resolve("log.1");
        log = new HoledLog(file);
    }

    @Test
    void a_log_begins_with_the_first_whole_line_after_its_hole() throws Exception {
        log.append("x\n" + numbers(0, 2000));
        log.punch(3 * BLOCK);
        List<String> all = lines(numbers(0, 2000));
        List<String> left = all.subList(3 * LINES_A_BLOCK, 2000);
        assertThat(log.last(-1)).isEqualTo(left);
        for (int tail : new int[] {0, 1, 7, 900, left.size(), left.size() + 1, 100_000}) {
            int count = Math.min(tail, left.size());
            assertThat(log.last(tail)).as("tail %d", tail).isEqualTo(all.subList(2000 - count, 2000));
        }
        assertThat(LogTail.last(file, 2)).isEqualTo(String.join("\n", all.subList(1998, 2000)));
        assertThat(LogTail.text(file, 1 << 20)).isEqualTo(String.join("\n", left) + "\n");
    }

    @Test
    void a_last_line_of_megabytes_is_found_behind_a_hole_and_comes_in_pieces_R19() throws Exception {
        String huge = "0123456789".repeat(1024 * 1024);
        log.append(numbers(0, 1000) + "last but one\n" + huge);
        log.punch(2 * BLOCK);
        List<String> last = log.last(1);
        assertThat(String.join("", last)).isEqualTo(huge);
        assertThat(last).allMatch(piece -> piece.length() <= LogLine.LONGEST);
        assertThat(log.last(2)).startsWith("last but one");
    }

    @Test
    void a_line_so_long_that_its_beginning_is_gone_is_read_from_where_it_is_there() throws Exception {
        log.append("y".repeat(3 * 1024 * 1024));
        log.punch(BLOCK);
        assertThat(String.join("", log.last(-1))).isEqualTo("y".repeat(3 * 1024 * 1024 - BLOCK));
        assertThat(String.join("", log.last(1))).isEqualTo("y".repeat(3 * 1024 * 1024 - BLOCK));
    }

    @Test
    void a_follower_that_fell_behind_is_told_once_and_goes_on_with_whole_lines() throws Exception {
        log.append(numbers(0, 100_000));
        try (LogWatch watch = log.watch();
                FileLogStream stream = log.open(watch, -1, FileLogStream.Mode.FOLLOW)) {
            assertThat(stream.next().orElseThrow().text())
                    .isEqualTo(lines(numbers(0, 1)).get(0));
            log.punch(300 * BLOCK);
            log.append("end\n");
            List<String> read = until(stream, "end");
            int notice = read.indexOf(read.stream()
                    .filter(line -> line.startsWith("["))
                    .findFirst()
                    .orElseThrow());
            assertThat(read.subList(0, notice)).isEqualTo(lines(numbers(1, 1 + notice)));
            assertThat(read.get(notice)).matches("\\[\\d+ bytes of this log were dropped before they were read\\]");
            assertThat(read.subList(notice + 1, read.size() - 1))
                    .isEqualTo(lines(numbers(300 * LINES_A_BLOCK + 1, 100_000)));
        }
    }

    @Test
    void nul_bytes_that_a_program_wrote_are_no_hole() throws Exception {
        String binary = "begin\n" + "\0".repeat(5 * BLOCK) + "\nend\n";
        log.append(binary);
        assertThat(log.last(-1)).isEqualTo(lines(binary));
        assertThat(log.last(2)).isEqualTo(lines(binary).subList(1, 3));
    }

    @Test
    void nul_bytes_behind_a_hole_do_not_stop_a_reader() throws Exception {
        log.append(numbers(0, 1000) + "\0".repeat(8 * BLOCK) + "\n" + numbers(0, 9));
        log.punch(2 * BLOCK);
        assertThat(log.last(-1)).endsWith(lines(numbers(0, 9)).toArray(String[]::new));
    }

    @Test
    void where_holes_cannot_be_made_the_end_is_moved_aside_and_readers_go_on_in_it() throws Exception {
        LogBound bound = new LogBound(Optional.empty(), Long.MAX_VALUE);
        Optional<LogRotation> rule = Optional.of(new LogRotation(64 * 1024, 4));
        int total = 400_000;
        List<String> read = new ArrayList<>();
        try (LogWatch watch = log.watch();
                FileLogStream stream = log.open(watch, -1, FileLogStream.Mode.FOLLOW)) {
            for (int i = 0; i < total; i += 10_000) {
                log.append(numbers(i, i + 10_000));
                bound.enforce(file, rule);
                long onDisk = Files.size(file)
                        + HoledLog.Usage.of(OpenLog.before(file).toFile().exists() ? OpenLog.before(file) : file)
                                .onDisk();
                assertThat(onDisk).isLessThan(2 * (256 * 1024 + 1024 * 1024 + 200_000));
                if (i % 50_000 == 0) {
                    read.addAll(
                            until(stream, lines(numbers(i + 9_999, i + 10_000)).get(0)));
                }
            }
            read.addAll(until(stream, lines(numbers(total - 1, total)).get(0)));
        }
        assertContiguousButForNotices(read);
        assertThat(Files.exists(OpenLog.before(file))).isTrue();
        List<String> last = log.last(18_000);
        assertThat(last).isEqualTo(lines(numbers(total - last.size(), total)));
        assertThat(last.size()).isGreaterThan(15_000);
    }

    @Test
    void a_follower_loses_nothing_when_the_log_is_moved_aside_while_it_waits_or_reads() throws Exception {
        LogBound bound = new LogBound(Optional.empty(), Long.MAX_VALUE);
        try (LogWatch watch = log.watch();
                FileLogStream stream = log.open(watch, -1, FileLogStream.Mode.FOLLOW)) {
            List<String> read = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                log.append(numbers(i * 100_000, i * 100_000 + 99_000));
                read.addAll(until(
                        stream,
                        lines(numbers(i * 100_000 + 80_000, i * 100_000 + 80_001))
                                .get(0)));
                bound.enforce(file, Optional.of(new LogRotation(500_000, 1)));
                assertThat(Files.size(file)).isZero();
                log.append(numbers(i * 100_000 + 99_000, i * 100_000 + 100_000));
                read.addAll(until(
                        stream,
                        lines(numbers(i * 100_000 + 99_999, i * 100_000 + 100_000))
                                .get(0)));
            }
            assertThat(read).isEqualTo(lines(numbers(0, 2_000_000)));
        }
    }

    @Test
    void a_log_is_begun_anew_when_its_offsets_have_become_too_large() throws Exception {
        LogBound bound = new LogBound(Optional.of(Path.of("/usr/bin/fallocate")), 100_000);
        log.append(numbers(0, 10_000));
        bound.enforce(file, Optional.of(new LogRotation(32_000, 1)));
        assertThat(Files.size(file)).isZero();
        assertThat(log.last(2000)).isEqualTo(lines(numbers(8000, 10_000)));
    }

    @Test
    void nothing_is_done_before_it_is_worth_it_or_without_a_log() throws Exception {
        LogBound bound = new LogBound(Optional.empty(), Long.MAX_VALUE);
        bound.enforce(file, Optional.empty());
        assertThat(Files.exists(file)).isFalse();
        log.append(numbers(0, 65_536 + 60));
        bound.enforce(file, Optional.of(new LogRotation(1000, 1)));
        assertThat(Files.size(file)).isEqualTo(16 * (65_536 + 60));
        log.append(numbers(0, 3));
        bound.enforce(file, Optional.of(new LogRotation(1000, 1)));
        assertThat(Files.size(file)).isZero();
    }

    @Test
    void any_rule_is_a_number_of_bytes() {
        assertThat(LogBound.kept(Optional.empty())).isEqualTo(50L << 20);
        assertThat(LogBound.kept(Optional.of(new LogRotation(20_000, 2)))).isEqualTo(40_000);
        assertThat(LogBound.kept(Optional.of(new LogRotation(Long.MAX_VALUE, Integer.MAX_VALUE))))
                .isEqualTo(Long.MAX_VALUE / 4);
        assertThat(LogBound.slack(LogBound.kept(Optional.empty()))).isEqualTo(50L << 18);
    }

    private static List<String> until(FileLogStream stream, String last) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(stream.next().orElseThrow().text());
        } while (!lines.get(lines.size() - 1).equals(last));
        return lines;
    }

    /** A number follows the one before; only after a notice it may be a larger one. */
    static int assertContiguousButForNotices(List<String> read) {
        long expected = 0;
        int notices = 0;
        boolean skipped = false;
        for (String line : read) {
            if (line.startsWith("[")) {
                skipped = true;
                notices++;
                continue;
            }
            long number = Long.parseLong(line);
            assertThat(line).hasSize(15);
            if (skipped) {
                assertThat(number).isGreaterThanOrEqualTo(expected);
            } else {
                assertThat(number).isEqualTo(expected);
            }
            expected = number + 1;
            skipped = false;
        }
        return notices;
    }

    @Test
    void an_unreadable_log_is_an_error_that_names_it() throws IOException {
        Files.createDirectory(file);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> log.last(3)).hasMessageContaining(file.toString());
    }
}
