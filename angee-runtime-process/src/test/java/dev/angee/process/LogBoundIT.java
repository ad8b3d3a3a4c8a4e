package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.workload.LogRotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs are bounded while real processes write them. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LogBoundIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long MIB = 1024 * 1024;
    private static final Optional<LogRotation> RULE = Optional.of(new LogRotation(MIB, 2));
    private static final long BOUND = 3 * MIB;

    /** A file system keeps its own notes of a file in blocks that count as the file's. */
    private static final long NOTES = 64 * 1024;

    @TempDir
    Path temporary;

    private Path folder;
    private Path file;
    private HoledLog log;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void place() throws IOException {
        folder = Files.createDirectories(temporary.toRealPath().resolve("it's \"a\" $root \\ of `logs`; *"));
        file = folder.resolve("log.1");
        log = new HoledLog(file);
        Files.createFile(file);
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(Path output, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(Host.DEV_NULL)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        started.add(process);
        return process;
    }

    private Process flood(Path output) throws IOException {
        return start(output, "yes", "x".repeat(200));
    }

    /** Writes numbered lines as {@link HoledLog#numbers} does. */
    private Process count(int lines) throws IOException {
        return start(file, "awk", "BEGIN { for (i = 0; i < " + lines + "; i++) printf \"%015d\\n\", i }");
    }

    private static LogBound bound() {
        return LogBound.detect("/usr/bin:/bin");
    }

    @Test
    void a_log_that_is_flooded_takes_no_more_of_the_disk_than_the_bound_R45() throws Exception {
        Process writer = flood(file);
        LogBound bound = bound();
        long size = 0;
        while (size < 500 * MIB) {
            long before = Files.size(file);
            bound.enforce(file, RULE);
            HoledLog.Usage usage = HoledLog.Usage.of(file);
            size = usage.size();
            assertThat(usage.onDisk()).isLessThanOrEqualTo(BOUND + (size - before) + NOTES);
        }
        assertThat(writer.isAlive()).isTrue();
        writer.destroyForcibly().waitFor();
        bound.enforce(file, RULE);
        assertThat(HoledLog.Usage.of(file).onDisk()).isBetween(2 * MIB, BOUND + NOTES);
        assertThat(Files.exists(OpenLog.before(file))).isFalse();
        assertThat(log.last(5).subList(0, 4)).containsOnly("x".repeat(200)); // the last one may be cut off
    }

    @Test
    void readers_see_every_line_or_are_told_while_a_log_is_written_and_shortened() throws Exception {
        int lines = 3_000_000;
        String last = String.format("%015d", lines - 1);
        Process writer = count(lines);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (LogWatch watch = log.watch();
                FileLogStream quick = log.open(watch, -1, FileLogStream.Mode.FOLLOW);
                FileLogStream slow = log.open(watch, -1, FileLogStream.Mode.FOLLOW)) {
            Future<?> bounding = threads.submit(() -> {
                LogBound bound = bound();
                while (writer.isAlive()) {
                    bound.enforce(file, RULE);
                }
                return null;
            });
            Future<List<String>> readQuickly = threads.submit(() -> until(quick, last, () -> null));
            Future<List<String>> readSlowly = threads.submit(() -> until(slow, last, () -> {
                long size = Files.size(file);
                await().atMost(DEADLINE).until(() -> Files.size(file) > size + 5 * MIB || !writer.isAlive());
                return null;
            }));
            bounding.get();
            HoledLogTest.assertContiguousButForNotices(readQuickly.get());
            assertThat(HoledLogTest.assertContiguousButForNotices(readSlowly.get()))
                    .isPositive();
            assertThat(readQuickly.get().size())
                    .isGreaterThanOrEqualTo(readSlowly.get().size());
            assertThat(log.last(100_000)).isEqualTo(HoledLog.lines(HoledLog.numbers(lines - 100_000, lines)));
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> until(FileLogStream stream, String last, Callable<?> pause) throws Exception {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(stream.next().orElseThrow().text());
            if (lines.size() % 200_000 == 1000) {
                pause.call();
            }
        } while (!lines.get(lines.size() - 1).equals(last));
        return lines;
    }

    @Test
    void a_log_that_was_shortened_by_another_is_gone_on_with() throws Exception {
        log.append(HoledLog.numbers(0, 500_000));
        bound().enforce(file, RULE);
        log.append(HoledLog.numbers(500_000, 600_000));
        bound().enforce(file, RULE);
        HoledLog.Usage usage = HoledLog.Usage.of(file);
        assertThat(usage.size()).isEqualTo(600_000L * 16);
        assertThat(usage.onDisk()).isBetween(2 * MIB, BOUND + NOTES);
        assertThat(log.last(-1)).hasSizeGreaterThanOrEqualTo((int) (2 * MIB / 16) - 1);
    }

    @Test
    void a_file_system_that_refuses_has_the_log_moved_aside() throws Exception {
        log.append(HoledLog.numbers(0, 500_000));
        new LogBound(Optional.of(refusing("keep size mode is unsupported")), Long.MAX_VALUE).enforce(file, RULE);
        assertThat(Files.size(file)).isZero();
        assertThat(HoledLog.Usage.of(OpenLog.before(file)).onDisk()).isBetween(2 * MIB, 2 * MIB + 2 * NOTES);
        assertThat(log.last(100_000)).isEqualTo(HoledLog.lines(HoledLog.numbers(400_000, 500_000)));
        log.append(HoledLog.numbers(500_000, 1_000_000));
        bound().enforce(file, RULE);
        assertThat(Files.exists(OpenLog.before(file))).isFalse();
        assertThat(log.last(100_000)).isEqualTo(HoledLog.lines(HoledLog.numbers(900_000, 1_000_000)));
    }

    private Path script(String name, String text) throws IOException {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private Path refusing(String message) throws IOException {
        String called = folder.resolve("called").toString().replace("'", "'\\''");
        return script(
                "fallocate",
                "echo x >>'" + called + "'\necho 'fallocate: fallocate failed: " + message + "' >&2\nexit 1");
    }

    /** Where copying would make it worse, or the next attempt may do. */
    @Test
    void a_failure_that_may_pass_does_not_have_the_log_moved_aside_and_is_tried_ever_more_seldom() throws Exception {
        for (String message : List.of("No space left on device", "Input/output error")) {
            Path called = folder.resolve("called");
            Files.deleteIfExists(called);
            Files.deleteIfExists(LogNote.file(file));
            Files.writeString(file, HoledLog.numbers(0, 500_000));
            Path program = refusing(message);
            LogBound bound = new LogBound(Optional.of(program), Long.MAX_VALUE);
            for (int look = 1; look <= 1 + 2 + 1 + 4 + 1 + 8 + 1; look++) {
                bound.enforce(file, RULE);
            }
            assertThat(Files.readAllLines(called)).as(message).hasSize(4);
            assertThat(Files.size(file)).isEqualTo(500_000L * 16);
            assertThat(Files.exists(OpenLog.before(file))).isFalse();
            assertThat(log.last(100_000)).isEqualTo(HoledLog.lines(HoledLog.numbers(400_000, 500_000)));
            assertThat(log.last(-1)).hasSize(500_000);
            bound().enforce(file, RULE);
            assertThat(HoledLog.Usage.of(file).onDisk()).isLessThanOrEqualTo(BOUND + NOTES);
        }
    }

    @Test
    void a_failure_that_says_nothing_has_the_log_moved_aside_the_third_time() throws Exception {
        log.append(HoledLog.numbers(0, 500_000));
        LogBound bound = new LogBound(Optional.of(Path.of("/bin/false")), Long.MAX_VALUE);
        for (int look = 1; look <= 1 + 2 + 1 + 4; look++) {
            bound.enforce(file, RULE);
        }
        assertThat(Files.size(file)).isEqualTo(500_000L * 16);
        bound.enforce(file, RULE);
        assertThat(Files.size(file)).isZero();
        assertThat(log.last(100_000)).isEqualTo(HoledLog.lines(HoledLog.numbers(400_000, 500_000)));
    }

    private void boundOnce(String tools) throws Exception {
        bound(tools, 1);
    }

    private void bound(String tools, int times) throws Exception {
        Process once = start(
                folder.resolve("said"),
                "/bin/sh",
                "-euc",
                "PATH=$1\n" + LogBoundScript.FUNCTIONS + "i=0; while [ $i -lt " + times + " ]; do bound_log log.1 "
                        + 2 * MIB + "; i=$((i + 1)); done",
                "sh",
                tools);
        assertThat(once.waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("said"))).isEmpty();
    }

    @Test
    void the_shell_tells_a_refusal_from_a_failure_that_may_pass() throws Exception {
        log.append(HoledLog.numbers(0, 500_000));
        String tools = tools("stat", "dd", "mv", "rm").toString();
        Path program = Path.of(tools, "fallocate");
        for (String message : List.of("No space left on device", "Input/output error", "what")) {
            Files.move(refusing(message), program, StandardCopyOption.REPLACE_EXISTING);
            bound(tools, message.equals("what") ? 2 : 4);
            assertThat(Files.size(file)).as(message).isEqualTo(500_000L * 16);
            assertThat(log.last(-1)).as(message).hasSize(500_000);
        }
        Files.move(refusing("keep size mode is unsupported"), program, StandardCopyOption.REPLACE_EXISTING);
        boundOnce(tools);
        assertThat(Files.size(file)).isZero();
        assertThat(Files.readAllLines(folder.resolve("called"))).hasSize(4 + 4 + 2 + 1);
        assertThat(log.last(100_000)).isEqualTo(HoledLog.lines(HoledLog.numbers(400_000, 500_000)));
        Files.writeString(file, HoledLog.numbers(0, 500_000));
        Files.move(refusing("what"), program, StandardCopyOption.REPLACE_EXISTING);
        bound(tools, 3);
        assertThat(Files.size(file)).isZero();
    }

    @Test
    void the_shell_goes_on_where_another_has_died_and_with_what_was_noted() throws Exception {
        log.append(HoledLog.numbers(0, 200_000));
        Files.copy(file, OpenLog.before(file));
        new LogNote(0, 160_000, 200_000 * 16).write(file);
        Files.writeString(file, HoledLog.numbers(200_000, 200_010));
        boundOnce(tools("stat", "dd", "mv", "rm").toString());
        assertThat(LogNote.read(file)).isEqualTo(new LogNote(200_000 * 16, 160_000, 200_000 * 16));
        assertThat(log.last(-1)).isEqualTo(HoledLog.lines(HoledLog.numbers(10_001, 200_010)));
        Files.writeString(file, HoledLog.numbers(200_010, 600_000), StandardOpenOption.APPEND);
        boundOnce("/usr/bin:/bin");
        assertThat(LogNote.read(file).base()).isEqualTo(200_000 * 16);
        assertThat(LogNote.read(file).begin()).isBetween(600_000L * 16 - 2 * MIB - 4096, 600_000L * 16 - 2 * MIB);
        assertThat(Files.exists(OpenLog.before(file))).isFalse();
        assertThat(log.last(100_000)).isEqualTo(HoledLog.lines(HoledLog.numbers(500_000, 600_000)));
        Files.writeString(file, "new\n");
        boundOnce("/usr/bin:/bin");
        assertThat(Files.exists(LogNote.file(file))).isFalse();
    }

    @Test
    void copies_that_others_left_behind_are_deleted_and_nobody_uses_the_name_of_another() throws Exception {
        Path ofShell = Files.writeString(folder.resolve("log.1.copy.123"), "x");
        Files.writeString(file, "x\n");
        new LogBound(Optional.empty(), Long.MAX_VALUE).enforce(file, RULE);
        assertThat(Files.exists(ofShell)).isFalse();
        Path ofJvm = Files.writeString(folder.resolve("log.1.copy"), "x");
        Files.writeString(ofShell, "x");
        log.append(HoledLog.numbers(0, 500_000));
        String tools = tools("stat", "mv", "rm").toString();
        Files.move(
                script("dd", "for each in log.1.copy*; do echo \"$each\"; done >copies\nexec /usr/bin/dd \"$@\""),
                Path.of(tools, "dd"));
        boundOnce(tools);
        assertThat(Files.readString(folder.resolve("copies"))).isEqualTo("log.1.copy*\n");
        assertThat(Files.exists(ofJvm) || Files.exists(ofShell)).isFalse();
        assertThat(Files.size(file)).isZero();
    }

    @Test
    void a_copy_that_another_took_away_or_a_note_that_another_wrote_leaves_the_log_as_it_was() throws Exception {
        log.append(HoledLog.numbers(0, 500_000));
        String tools = tools("stat", "dd", "rm").toString();
        Path mv = Path.of(tools, "mv");
        Files.move(script("mv", "/usr/bin/mv \"$@\" && echo '1 2 3' >log.1.hole"), mv);
        boundOnce(tools);
        assertThat(Files.size(file)).isEqualTo(500_000L * 16);
        Files.delete(LogNote.file(file));
        Files.delete(mv);
        Files.createSymbolicLink(mv, Path.of("/usr/bin/mv").toRealPath());
        Path dd = Path.of(tools, "dd");
        Files.move(script("dd", "/usr/bin/dd \"$@\" && rm log.1.copy.*"), dd, StandardCopyOption.REPLACE_EXISTING);
        boundOnce(tools);
        assertThat(Files.size(file)).isEqualTo(500_000L * 16);
        assertThat(log.last(-1)).hasSize(500_000);
    }

    @Test
    void the_program_that_makes_holes_is_given_nothing_of_our_environment() throws Exception {
        log.append(HoledLog.numbers(0, 500_000));
        Path seen = folder.resolve("seen");
        Path spy = script(
                "spy", "tr '\\0' '\\n' </proc/$$/environ >'" + folder.toString().replace("'", "'\\''") + "/seen'");
        new LogBound(Optional.of(spy), Long.MAX_VALUE).enforce(file, RULE);
        assertThat(Files.readString(seen).lines().filter(line -> !line.isEmpty()))
                .isEmpty();
    }

    @Test
    void an_interrupt_ends_the_program_too() throws Exception {
        log.append(HoledLog.numbers(0, 500_000));
        Path hanging =
                script("hanging", "echo $$ >'" + folder.toString().replace("'", "'\\''") + "/pid'\nexec sleep 1000");
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread bounding = new Thread(() -> {
            try {
                new LogBound(Optional.of(hanging), Long.MAX_VALUE).enforce(file, RULE);
                outcome.complete(new AssertionError("it went on"));
            } catch (InterruptedException | RuntimeException e) {
                outcome.complete(e);
            }
        });
        bounding.start();
        Path pid = folder.resolve("pid");
        await().atMost(DEADLINE)
                .until(() -> Files.exists(pid) && Files.readString(pid).endsWith("\n"));
        bounding.interrupt();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        long number = Long.parseLong(Files.readString(pid).strip());
        await().atMost(DEADLINE).until(() -> !LocalStack.isAlive(number));
        assertThat(Files.size(file)).isEqualTo(500_000L * 16);
    }

    @Test
    void a_log_that_cannot_be_moved_aside_is_as_it_was_and_the_error_names_it() throws Exception {
        log.append(HoledLog.numbers(0, 500_000));
        Files.createDirectories(folder.resolve("log.1.copy/x"));
        LogBound bound = new LogBound(Optional.empty(), Long.MAX_VALUE);
        assertThatThrownBy(() -> bound.enforce(file, RULE)).hasMessageContaining(file.toString());
        assertThat(Files.size(file)).isEqualTo(500_000L * 16);
    }

    /** Bounds what {@code listing} names, until {@code go} is deleted. */
    private Process keep(String path) throws IOException {
        Files.writeString(folder.resolve("go"), "");
        Path said = folder.resolve("said");
        String loop = "PATH=$1\n" + LogBoundScript.FUNCTIONS
                + "while [ -e go ]; do bound_logs listing; echo; done; echo ended with $?\n";
        return start(said, "/bin/sh", "-euc", loop, "sh", path);
    }

    private void endKeeping(Process keeper) throws Exception {
        Files.delete(folder.resolve("go"));
        assertThat(keeper.waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("said")).lines().filter(line -> !line.isEmpty()))
                .containsExactly("ended with 0");
    }

    @Test
    void the_shell_keeps_many_logs_in_the_same_bound_while_no_jvm_looks() throws Exception {
        Path second = folder.resolve("second log");
        Path idle = folder.resolve("idle");
        Files.writeString(idle, "idle\n");
        Files.writeString(
                folder.resolve("listing"),
                2 * MIB + " " + folder.resolve("missing") + "\n" + 2 * MIB + " " + file + "\n" + 2 * MIB + " gone\n"
                        + 2 * MIB + " idle\n" + 4 * MIB + " second log\n");
        Process keeper = keep("/usr/bin:/bin");
        List<Process> writers = List.of(flood(file), flood(second));
        await().atMost(DEADLINE).until(() -> Files.size(file) > 300 * MIB && Files.size(second) > 300 * MIB);
        for (Process writer : writers) {
            writer.destroyForcibly().waitFor();
        }
        await().atMost(DEADLINE).untilAsserted(() -> {
            assertThat(HoledLog.Usage.of(file).onDisk()).isBetween(2 * MIB, BOUND + NOTES);
            assertThat(HoledLog.Usage.of(second).onDisk()).isBetween(4 * MIB, 5 * MIB + NOTES);
        });
        endKeeping(keeper);
        assertThat(Files.readString(idle)).isEqualTo("idle\n");
        assertThat(log.last(5).subList(0, 4)).containsOnly("x".repeat(200)); // the last one may be cut off
        assertThat(Files.exists(folder.resolve("log.1.before"))).isFalse();
    }

    @Test
    void readers_of_a_log_that_the_shell_shortens_see_every_line_or_are_told() throws Exception {
        Files.writeString(folder.resolve("listing"), 2 * MIB + " log.1\n");
        int lines = 1_500_000;
        String last = String.format("%015d", lines - 1);
        Process keeper = keep("/usr/bin:/bin");
        try (LogWatch watch = log.watch();
                FileLogStream stream = log.open(watch, -1, FileLogStream.Mode.FOLLOW)) {
            count(lines);
            HoledLogTest.assertContiguousButForNotices(until(stream, last, () -> null));
        }
        endKeeping(keeper);
        assertThat(HoledLog.Usage.of(file).onDisk()).isLessThanOrEqualTo(BOUND + MIB);
    }

    private Path tools(String... names) throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String name : names) {
            Files.createSymbolicLink(
                    tools.resolve(name), Path.of("/usr/bin/" + name).toRealPath());
        }
        return tools;
    }

    @Test
    void the_shell_moves_aside_what_it_cannot_make_holes_in() throws Exception {
        Files.writeString(folder.resolve("listing"), 2 * MIB + " " + file + "\n");
        log.append(HoledLog.numbers(0, 500_000));
        Process keeper = keep(tools("stat", "dd", "mv", "rm").toString());
        await().atMost(DEADLINE).until(() -> Files.size(file) == 0);
        log.append(HoledLog.numbers(500_000, 500_100));
        endKeeping(keeper);
        assertThat(HoledLog.Usage.of(OpenLog.before(file)).onDisk()).isBetween(2 * MIB, 2 * MIB + 2 * NOTES);
        assertThat(log.last(100_000)).isEqualTo(HoledLog.lines(HoledLog.numbers(400_100, 500_100)));
        assertThat(Files.exists(folder.resolve("log.1.copy"))).isFalse();
    }

    @Test
    void the_shell_starts_one_program_for_all_logs_when_there_is_nothing_to_do() throws Exception {
        StringBuilder listing = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            Files.writeString(folder.resolve("idle " + i), "x\n");
            listing.append(2 * MIB).append(" idle ").append(i).append('\n');
        }
        Files.writeString(folder.resolve("listing"), listing);
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String name : List.of("fallocate", "dd", "mv", "rm", "wc", "cat", "stat")) {
            Files.move(
                    script("tool", "echo " + name + " >>called\nexec /usr/bin/" + name + " \"$@\""),
                    tools.resolve(name));
        }
        Process once = start(
                folder.resolve("said"),
                "/bin/sh",
                "-euc",
                "PATH=$1\n" + LogBoundScript.FUNCTIONS
                        + "bound_logs listing; bound_log 'idle 1' 5; bound_logs none; bound_log none 5",
                "sh",
                tools.toString());
        assertThat(once.waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("said"))).isEmpty();
        assertThat(Files.readAllLines(folder.resolve("called"))).containsExactly("stat", "stat", "stat");
    }
}
