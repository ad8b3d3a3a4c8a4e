package dev.angee.process;

import static dev.angee.process.HoledLog.lines;
import static dev.angee.process.HoledLog.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.runtime.LogLine;
import dev.angee.workload.LogRotation;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    void nul_bytes_that_a_program_wrote_are_no_hole_wherever_they_are() throws Exception {
        for (String begin : List.of("", "begin\n", numbers(0, LINES_A_BLOCK))) {
            Files.deleteIfExists(file);
            String binary = begin + "\0".repeat(5 * BLOCK) + "\nend\n";
            log.append(binary);
            assertThat(log.last(-1)).isEqualTo(lines(binary));
            assertThat(log.last(2)).isEqualTo(lines(binary.substring(begin.length())));
        }
    }

    @Test
    void nul_bytes_behind_a_hole_hide_nothing() throws Exception {
        log.append(numbers(0, 1024) + "\0".repeat(8 * BLOCK) + "\n" + numbers(0, 9));
        log.punch(2 * BLOCK);
        List<String> expected = new ArrayList<>(lines(numbers(2 * LINES_A_BLOCK + 1, 1024)));
        expected.add("\0".repeat(8 * BLOCK));
        expected.addAll(lines(numbers(0, 9)));
        assertThat(log.last(-1)).isEqualTo(expected);
        assertThat(LogTail.text(file, 1 << 20)).isEqualTo(String.join("\n", expected) + "\n");
    }

    @Test
    void a_damaged_note_is_an_error_that_says_what_to_do() throws Exception {
        log.append("x\n");
        Files.writeString(LogNote.file(file), "0 -1 0\n");
        assertThatThrownBy(() -> log.last(-1)).hasMessageContaining("log.1.hole is damaged; delete it");
    }

    @Test
    void the_end_of_one_long_line_is_more_than_nothing_also_with_its_break_at_the_end() throws Exception {
        log.append("first\n" + "x".repeat(5000) + "\n");
        assertThat(LogTail.text(file, 1000)).isEqualTo("x".repeat(999) + "\n");
        log.append("end\n");
        assertThat(LogTail.text(file, 1000)).isEqualTo("end\n");
    }

    /** Whoever waited for its end would wait for ever. */
    @Test
    void the_last_lines_for_a_message_are_those_of_the_moment_however_fast_it_is_written() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        log.append(numbers(0, 1000));
        Thread writer = new Thread(() -> flood(enough));
        writer.start();
        try {
            for (int i = 0; i < 20; i++) {
                CompletableFuture<String> last = CompletableFuture.supplyAsync(() -> LogTail.last(file, 5));
                assertThat(lines(last.get(15, TimeUnit.SECONDS))).hasSizeLessThanOrEqualTo(5);
            }
        } finally {
            enough.set(true);
            writer.join();
        }
    }

    private void flood(AtomicBoolean enough) {
        byte[] lines = numbers(0, 100_000).getBytes(StandardCharsets.US_ASCII);
        try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
            for (long written = 0; !enough.get(); written += lines.length) {
                out.write(lines);
                if (written > 500_000_000) {
                    try (RandomAccessFile all = new RandomAccessFile(file.toFile(), "rw")) {
                        all.setLength(0);
                    }
                    written = 0;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_message_looks_at_the_end_only_of_a_line_without_end() throws Exception {
        try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
            huge.setLength(500L << 30);
            huge.seek(500L << 30);
            huge.write("end".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(LogTail.last(file, 20)).endsWith("end").hasSizeLessThan((1 << 20) + 100);
    }

    @Test
    void a_reader_that_misses_two_moves_goes_on_where_it_was_or_is_told() throws Exception {
        LogBound bound = new LogBound(Optional.empty(), Long.MAX_VALUE);
        Optional<LogRotation> rule = Optional.of(new LogRotation(16 * 4096, 1));
        try (LogWatch watch = log.watch();
                FileLogStream stream = log.open(watch, -1, FileLogStream.Mode.FOLLOW)) {
            log.append(numbers(0, 10));
            assertThat(until(stream, lines(numbers(9, 10)).get(0))).isEqualTo(lines(numbers(0, 10)));
            int at = 10;
            for (int grown : new int[] {100_000, 200_000, 300_000}) { // each time more than was there before
                log.append(numbers(at, at + grown));
                at += grown;
                bound.enforce(file, rule);
                assertThat(Files.size(file)).isZero();
            }
            log.append(numbers(at, at + 400_000));
            List<String> read =
                    until(stream, lines(numbers(at + 399_999, at + 400_000)).get(0));
            assertThat(read.get(0)).startsWith("[");
            assertThat(HoledLogTest.assertContiguousButForNotices(read)).isEqualTo(1);
            assertThat(read.size()).isBetween(400_001 + 4096, 400_001 + 3 * 4096);
            long dropped = Long.parseLong(read.get(0).replaceAll("\\D", ""));
            assertThat(dropped / 16 + read.size() - 1).isEqualTo(600_000 + 400_000);
        }
    }

    /** As it is when who moves it aside is killed after each of his steps. */
    @Test
    void a_kill_between_the_steps_of_a_move_neither_doubles_nor_hides_a_line() throws Exception {
        for (int step = 1; step <= 4; step++) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(OpenLog.before(file));
            Files.deleteIfExists(LogNote.file(file));
            Path copy = folder.resolve("log.1.copy.77");
            log.append(numbers(0, 200_000));
            try (LogWatch watch = log.watch();
                    FileLogStream stream = log.open(watch, -1, FileLogStream.Mode.FOLLOW)) {
                List<String> read =
                        until(stream, lines(numbers(149_999, 150_000)).get(0));
                Files.copy(file, copy);
                long length = Files.size(file);
                if (step > 1) {
                    new LogNote(0, 160_000, length).write(file);
                }
                if (step > 2) {
                    Files.move(copy, OpenLog.before(file), StandardCopyOption.REPLACE_EXISTING);
                }
                if (step > 3) {
                    Files.writeString(file, "");
                }
                log.append(numbers(200_000, 200_100));
                List<String> left = lines(numbers(step > 1 ? 10_001 : 0, 200_100));
                assertThat(log.last(-1)).as("step %d", step).isEqualTo(left);
                new LogBound(Optional.empty(), Long.MAX_VALUE).enforce(file, Optional.empty());
                assertThat(Files.exists(copy)).isFalse();
                assertThat(LogNote.read(file).isPending()).isFalse();
                assertThat(log.last(-1))
                        .as("step %d, after the next look", step)
                        .isEqualTo(left);
                read.addAll(until(stream, lines(numbers(200_099, 200_100)).get(0)));
                assertThat(read).as("step %d, followed", step).isEqualTo(lines(numbers(0, 200_100)));
            }
        }
    }

    @Test
    void what_was_read_counts_only_if_nobody_has_shortened_the_log_meanwhile() throws Exception {
        log.append(numbers(0, 1000));
        try (OpenLog open = OpenLog.open(file).orElseThrow()) {
            log.append(numbers(1000, 1001));
            assertThat(open.isCurrent()).isTrue();
            log.punch(BLOCK);
            assertThat(open.isCurrent()).isFalse();
        }
        new LogNote(0, 160, Files.size(file)).write(file);
        try (OpenLog open = OpenLog.open(file).orElseThrow()) {
            assertThat(open.isCurrent()).isTrue();
            Files.writeString(file, "");
            assertThat(open.isCurrent()).isFalse();
        }
    }

    /** What is written between the copy and the emptying may have been read, but is not counted. */
    @Test
    void a_follower_that_was_ahead_of_the_copy_goes_on_with_the_first_new_line() throws Exception {
        log.append(numbers(0, 1000));
        try (LogWatch watch = log.watch();
                FileLogStream stream = log.open(watch, -1, FileLogStream.Mode.FOLLOW)) {
            until(stream, lines(numbers(999, 1000)).get(0));
            Files.writeString(OpenLog.before(file), numbers(0, 900));
            new LogNote(900 * 16, 0, 900 * 16).write(file);
            Files.writeString(file, numbers(1000, 1500));
            assertThat(until(stream, lines(numbers(1499, 1500)).get(0))).isEqualTo(lines(numbers(1000, 1500)));
        }
    }

    @Test
    void a_log_that_somebody_empties_is_a_new_one_whatever_its_note_says() throws Exception {
        log.append(numbers(0, 10_000));
        log.punch(20 * BLOCK);
        Files.writeString(file, "new\n");
        assertThat(log.last(-1)).containsExactly("new");
        new LogBound(Optional.empty(), Long.MAX_VALUE).enforce(file, Optional.empty());
        assertThat(Files.exists(LogNote.file(file))).isFalse();
        log.append(numbers(0, 10_000));
        assertThat(log.last(-1)).hasSize(10_001);
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
        assertThatThrownBy(() -> log.last(3)).hasMessageContaining(file.toString());
    }
}
