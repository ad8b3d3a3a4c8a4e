package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedLogTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.000000006Z");
    private static final long PLENTY = 1 << 20;

    @TempDir
    Path folder;

    private int closed;

    @Test
    void entries_of_several_logs_come_in_the_order_of_time_each_as_a_line_with_its_service() throws IOException {
        byte[] web = log(entry(0, "one\n"), entry(3, "four\r\n"), entry(4, ""));
        byte[] db = log(entry(1, "two | and | a half\n"), entry(2, "three, without an end"));
        assertThat(merged(PLENTY, web, db))
                .containsExactly(
                        "2026-01-02T03:04:05.000000006Z s0 | one",
                        "2026-01-02T03:04:05.000000007Z s1 | two | and | a half",
                        "2026-01-02T03:04:05.000000008Z s1 | three, without an end",
                        "2026-01-02T03:04:05.000000009Z s0 | four",
                        "2026-01-02T03:04:05.000000010Z s0 | ");
        assertThat(closed).isEqualTo(2);
    }

    @Test
    void bytes_that_are_no_text_are_kept_as_they_were_written() throws IOException {
        byte[] odd = {(byte) 0xff, 0, 27, '[', (byte) 0xc3};
        try (NewestBytes sink = NewestBytes.beside(target(), PLENTY);
                MergedLog merged = new MergedLog()) {
            merged.add(entries("web", log(entry(0, new String(odd, StandardCharsets.ISO_8859_1)))));
            merged.writeTo(sink);
            sink.become(target());
        }
        String start = "2026-01-02T03:04:05.000000006Z web | ";
        assertThat(Files.readString(target(), StandardCharsets.ISO_8859_1))
                .isEqualTo(start + new String(odd, StandardCharsets.ISO_8859_1) + "\n");
    }

    @Test
    void a_log_that_breaks_off_or_is_none_ends_there_and_is_noted_and_the_others_go_on() throws IOException {
        byte[] whole = log(entry(0, "a\n"), entry(5, "b\n"));
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        byte[] none = "HTTP and no log at all".getBytes(StandardCharsets.UTF_8);
        byte[] timeless = log(frame("no time here\n"));
        List<String> lines = merged(PLENTY, whole, cut, none, timeless);
        assertThat(lines.subList(0, 3)).extracting(l -> l.substring(31)).containsExactly("s0 | a", "s1 | a", "s0 | b");
        assertThat(lines.subList(3, lines.size()))
                .hasSize(3)
                .allMatch(l -> l.startsWith("# s") && l.contains("could not be read"));
    }

    @Test
    void logs_of_any_size_are_merged_sorted_and_only_the_newest_whole_lines_are_kept() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<byte[]> logs = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            List<List<byte[]>> frames = new ArrayList<>();
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                frames.add(new ArrayList<>());
            }
            for (int time = 0; time < random.nextInt(120); time++) {
                int of = random.nextInt(count);
                String text = "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 90_000 : 40));
                frames.get(of).add(entry(time, text + "\n"));
                expected.add(START.plusNanos(time) + " s" + of + " | " + text);
            }
            frames.forEach(each -> logs.add(log(each.toArray(byte[][]::new))));
            int limit = 1 + random.nextInt(200_000);
            List<String> lines = merged(limit, logs.toArray(byte[][]::new));
            assertThat(lines).as("seed %d", seed).isEqualTo(newest(expected, limit));
        }
    }

    /** The last lines that fit, where one that begins just at the oldest byte is not known to begin there. */
    private static List<String> newest(List<String> lines, int limit) {
        long all = lines.stream().mapToLong(l -> l.length() + 1).sum();
        if (all <= limit) {
            return lines;
        }
        int from = lines.size();
        long kept = 0;
        while (from > 0 && kept + lines.get(from - 1).length() + 1 < limit) {
            from--;
            kept += lines.get(from).length() + 1;
        }
        return lines.subList(from, lines.size());
    }

    @Test
    void the_file_is_its_owners_only_and_what_a_killed_writer_left_is_replaced() throws IOException {
        Files.writeString(folder.resolve("compose.log.ring"), "half");
        Files.createSymbolicLink(
                folder.resolve("compose.log.new"), Files.writeString(folder.resolve("other"), "other"));
        Files.writeString(target(), "of the last time");
        merged(20, log(entry(0, "a\n"), entry(1, "b\n")));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target())))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("other")).hasContent("other");
        assertThat(folder)
                .isDirectoryNotContaining(
                        p -> p.toString().endsWith(".ring") || p.toString().endsWith(".new"));
    }

    @Test
    void a_writer_that_is_late_is_refused_and_what_came_in_time_is_kept() throws IOException {
        try (NewestBytes sink = NewestBytes.beside(target(), PLENTY)) {
            sink.write("in time\n".getBytes(StandardCharsets.UTF_8), 0, 8);
            sink.become(target());
            assertThatThrownBy(() -> sink.write(new byte[1], 0, 1)).isInstanceOf(ClosedByInterruptException.class);
        }
        assertThat(target()).hasContent("in time\n");
        try (NewestBytes abandoned = NewestBytes.beside(target(), PLENTY)) {
            abandoned.write(new byte[1], 0, 1);
        }
        assertThat(target()).hasContent("in time\n");
    }

    private List<String> merged(long limit, byte[]... logs) throws IOException {
        try (NewestBytes sink = NewestBytes.beside(target(), limit);
                MergedLog merged = new MergedLog()) {
            for (int i = 0; i < logs.length; i++) {
                merged.add(entries("s" + i, logs[i]));
            }
            merged.writeTo(sink);
            sink.become(target());
        }
        return Files.readAllLines(target(), StandardCharsets.ISO_8859_1);
    }

    private Path target() {
        return folder.resolve("compose.log");
    }

    private LogEntries entries(String label, byte[] log) {
        return new LogEntries(label, new ByteArrayInputStream(log), () -> closed++);
    }

    private static byte[] log(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : frames) {
            all.writeBytes(each);
        }
        return all.toByteArray();
    }

    private static byte[] entry(int nanos, String text) {
        return frame(START.plusNanos(nanos) + " " + text);
    }

    private static byte[] frame(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(frame)) {
            out.writeInt(1 << 24);
            out.writeInt(bytes.length);
            out.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return frame.toByteArray();
    }
}
