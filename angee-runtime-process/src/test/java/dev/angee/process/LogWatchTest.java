package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.LogLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LogWatchTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final List<ServiceLog> logs = new CopyOnWriteArrayList<>();
    private final AtomicInteger listings = new AtomicInteger();
    private final LogWatch watch = new LogWatch(() -> {
        listings.incrementAndGet();
        return List.copyOf(logs);
    });

    @AfterEach
    void close() {
        watch.close();
    }

    private HoledLog add(String workload, String fileName) {
        Path file = folder.resolve(fileName);
        logs.add(new ServiceLog(workload, file));
        return new HoledLog(file);
    }

    private FileLogStream follow() {
        return FileLogStream.open(watch, name -> true, -1, FileLogStream.Mode.FOLLOW, closed -> {});
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(LogWatch.THREAD))
                .count();
    }

    @Test
    void a_hundred_followers_of_fifty_logs_share_one_watch_and_each_sees_every_line_R45() throws Exception {
        List<HoledLog> files = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            files.add(add("s" + i, "log." + i));
        }
        List<FileLogStream> streams = new ArrayList<>();
        ExecutorService readers = Executors.newFixedThreadPool(100);
        try {
            List<Future<Map<String, List<String>>>> seen = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                FileLogStream stream = follow();
                streams.add(stream);
                seen.add(readers.submit(() -> take(stream, 50 * 40)));
            }
            assertThat(threads()).isEqualTo(1);
            for (int round = 0; round < 4; round++) {
                for (HoledLog file : files) {
                    file.append(HoledLog.numbers(round * 10, round * 10 + 10));
                }
            }
            for (Future<Map<String, List<String>>> each : seen) {
                assertThat(each.get())
                        .hasSize(50)
                        .allSatisfy(
                                (name, lines) -> assertThat(lines).isEqualTo(HoledLog.lines(HoledLog.numbers(0, 40))));
            }
            int before = listings.get();
            await().atMost(DEADLINE).until(() -> listings.get() >= before + 2);
            assertThat(listings.get()).isLessThan(before + 50); // by one for all, not by each
            assertThat(threads()).isEqualTo(1);
        } finally {
            streams.forEach(FileLogStream::close);
            readers.shutdownNow();
        }
        await().atMost(DEADLINE).until(() -> threads() == 0);
    }

    private static Map<String, List<String>> take(FileLogStream stream, int count) throws InterruptedException {
        Map<String, List<String>> lines = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            LogLine line = stream.next().orElseThrow();
            lines.computeIfAbsent(line.workload(), name -> new ArrayList<>()).add(line.text());
        }
        return lines;
    }

    @Test
    void several_files_may_be_of_one_workload_R20() throws Exception {
        add("web", "log.1").append("one\n");
        add("web", "log.2").append("two\n");
        add("db", "log.3").append("three\n");
        try (FileLogStream stream =
                FileLogStream.open(watch, name -> name.equals("web"), -1, FileLogStream.Mode.ONCE, closed -> {})) {
            assertThat(stream.next()).contains(new LogLine("web", "one"));
            assertThat(stream.next()).contains(new LogLine("web", "two"));
            assertThat(stream.next()).isEmpty();
        }
        assertThat(threads()).isZero();
    }

    @Test
    void the_thread_ends_with_the_last_follower_and_begins_again_with_the_next() throws Exception {
        HoledLog log = add("a", "log.1");
        FileLogStream one = follow();
        FileLogStream two = follow();
        one.close();
        assertThat(threads()).isEqualTo(1);
        two.close();
        await().atMost(DEADLINE).until(() -> threads() == 0);
        try (FileLogStream three = follow()) {
            log.append("x\n");
            assertThat(three.next()).contains(new LogLine("a", "x"));
        }
        await().atMost(DEADLINE).until(() -> threads() == 0);
    }

    @Test
    void closing_the_watch_ends_its_thread_before_it_returns_and_nobody_follows_any_more() {
        try (FileLogStream open = follow()) {
            assertThat(open).isNotNull();
            watch.close();
            assertThat(threads()).isZero();
            assertThatThrownBy(this::follow)
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }

    @Test
    void closing_a_stream_ends_a_call_that_waits() throws Exception {
        add("a", "log.1");
        FileLogStream stream = follow();
        CompletableFuture<Optional<LogLine>> waiting = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                waiting.complete(stream.next());
            } catch (InterruptedException | RuntimeException e) {
                waiting.completeExceptionally(e);
            }
        });
        reader.start();
        await().atMost(DEADLINE).until(() -> reader.getState() == Thread.State.WAITING);
        stream.close();
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void a_log_that_is_there_later_is_read_from_its_beginning_and_one_that_is_gone_is_left_alone() throws Exception {
        add("a", "log.1").append("one\n");
        try (FileLogStream stream = follow()) {
            assertThat(stream.next()).contains(new LogLine("a", "one"));
            logs.clear();
            HoledLog later = add("b", "log.2");
            later.append("early\n");
            assertThat(stream.next()).contains(new LogLine("b", "early"));
            later.append("late\n");
            assertThat(stream.next()).contains(new LogLine("b", "late"));
        }
    }

    @Test
    void who_waits_is_told_when_the_logs_cannot_be_found_and_can_go_on_afterwards() throws Exception {
        List<RuntimeException> trouble = new CopyOnWriteArrayList<>();
        HoledLog log = add("a", "log.1");
        try (LogWatch troubled = new LogWatch(() -> {
                    trouble.forEach(e -> {
                        throw e;
                    });
                    return List.copyOf(logs);
                });
                FileLogStream stream =
                        FileLogStream.open(troubled, name -> true, -1, FileLogStream.Mode.FOLLOW, closed -> {})) {
            trouble.add(new AngeeException(ErrorCode.UNAVAILABLE, "a damaged record"));
            assertThatThrownBy(stream::next).hasMessageContaining("a damaged record");
            trouble.clear();
            log.append("x\n");
            await().atMost(DEADLINE).until(() -> readOrFail(stream).equals(Optional.of(new LogLine("a", "x"))));
        }
    }

    private static Optional<LogLine> readOrFail(FileLogStream stream) throws InterruptedException {
        try {
            return stream.next();
        } catch (AngeeException e) {
            return Optional.empty();
        }
    }

    @Test
    void a_busy_log_does_not_keep_others_waiting() throws Exception {
        HoledLog busy = add("busy", "log.1");
        HoledLog quiet = add("quiet", "log.2");
        busy.append(HoledLog.numbers(0, 200_000));
        quiet.append("hello\n");
        try (FileLogStream stream = follow()) {
            int before = 0;
            while (!stream.next().orElseThrow().workload().equals("quiet")) {
                before++;
            }
            assertThat(before).isLessThan(10_000);
        }
    }

    @Test
    void streams_may_come_and_go_while_others_read() throws Exception {
        HoledLog log = add("a", "log.1");
        try (FileLogStream stays = follow()) {
            for (int i = 0; i < 200; i++) {
                FileLogStream passing = follow();
                write(log, i);
                assertThat(stays.next().orElseThrow().text()).isEqualTo("line " + i);
                passing.close();
            }
        }
    }

    private static void write(HoledLog log, int i) throws IOException {
        log.append("line " + i + "\n");
    }

    @Test
    void closing_the_watch_ends_the_streams_of_those_who_still_follow() throws Exception {
        add("a", "log.1");
        List<FileLogStream> told = new CopyOnWriteArrayList<>();
        FileLogStream stream = FileLogStream.open(watch, name -> true, -1, FileLogStream.Mode.FOLLOW, told::add);
        watch.close();
        assertThat(told).containsExactly(stream);
        assertThat(stream.next()).isEmpty();
    }

    @Test
    void who_waits_is_told_that_the_thread_died_and_the_next_who_follows_has_another() throws Exception {
        HoledLog log = add("a", "log.1");
        List<Error> trouble = new CopyOnWriteArrayList<>();
        try (LogWatch troubled = new LogWatch(() -> {
                    trouble.forEach(e -> {
                        throw e;
                    });
                    return List.copyOf(logs);
                });
                FileLogStream stream =
                        FileLogStream.open(troubled, name -> true, -1, FileLogStream.Mode.FOLLOW, closed -> {})) {
            trouble.add(new StackOverflowError("made for a test"));
            assertThatThrownBy(stream::next).hasMessageContaining("has ended; close this stream and open another");
            trouble.clear();
            try (FileLogStream next =
                    FileLogStream.open(troubled, name -> true, -1, FileLogStream.Mode.FOLLOW, closed -> {})) {
                log.append("x\n");
                assertThat(next.next()).contains(new LogLine("a", "x"));
            }
        }
    }

    @Test
    void a_new_log_that_cannot_be_read_hides_no_other_and_is_read_once_it_can_be() throws Exception {
        add("a", "log.1");
        try (FileLogStream stream = follow()) {
            Path damaged = folder.resolve("log.2");
            Files.createDirectory(damaged);
            HoledLog other = new HoledLog(folder.resolve("log.3"));
            other.append("hello\n");
            logs.addAll(List.of(new ServiceLog("b", damaged), new ServiceLog("c", folder.resolve("log.3"))));
            assertThatThrownBy(stream::next).hasMessageContaining("log.2");
            await().atMost(DEADLINE).until(() -> readOrFail(stream).equals(Optional.of(new LogLine("c", "hello"))));
            Files.delete(damaged);
            new HoledLog(damaged).append("again\n");
            await().atMost(DEADLINE).until(() -> readOrFail(stream).equals(Optional.of(new LogLine("b", "again"))));
        }
    }
}
