package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.WorkloadState;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logs are read from the files that the services write. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LogIT extends LocalStack {

    private Path upAndEnd(String script) throws InterruptedException {
        up(shell("a", script));
        await().atMost(DEADLINE).until(() -> status("a").state() == WorkloadState.EXITED);
        return store().log(record("a"));
    }

    @Test
    void errors_and_output_are_one_log_that_goes_on_over_restarts_until_down() throws Exception {
        upAndEnd("echo out; echo err >&2");
        backend.start(Selection.all(), StartOptions.defaults());
        await().atMost(DEADLINE).until(() -> lines(LogQuery.all()).size() == 4);
        assertThat(lines(LogQuery.all())).containsExactly("out", "err", "out", "err");
        backend.down(DOWN);
        upAndEnd("echo new");
        assertThat(lines(LogQuery.all())).containsExactly("new");
    }

    @Test
    void tail_is_the_last_lines_of_any_text_also_when_the_last_one_is_unfinished() throws Exception {
        Path log = upAndEnd("true");
        Random random = new Random(5);
        for (int round = 0; round < 60; round++) {
            StringBuilder text = new StringBuilder();
            int count = random.nextInt(40);
            for (int i = 0; i < count; i++) {
                text.append("x".repeat(random.nextInt(round % 3 == 0 ? 3000 : 5)))
                        .append('\n');
            }
            text.append(random.nextBoolean() ? "unfinished" : "");
            Files.writeString(log, text);
            List<String> all = text.toString().lines().toList();
            assertThat(lines(LogQuery.all())).isEqualTo(all);
            for (int tail : new int[] {0, 1, 2, 7, 39, 40, 41, 1000}) {
                assertThat(lines(LogQuery.all().tail(tail)))
                        .as("round %d, tail %d", round, tail)
                        .isEqualTo(all.subList(Math.max(0, all.size() - tail), all.size()));
            }
        }
    }

    @Test
    void tail_of_a_huge_file_does_not_read_it() throws Exception {
        Path log = upAndEnd("true");
        long size = 500L << 30;
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(size);
            file.seek(size);
            file.write("\nlast but one\nlast\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(lines(LogQuery.all().tail(2))).containsExactly("last but one", "last");
    }

    @Test
    void a_line_of_any_length_is_read_in_pieces() throws Exception {
        upAndEnd("head -c 200000 /dev/zero | tr '\\0' x; echo; echo end");
        List<String> lines = lines(LogQuery.all());
        assertThat(lines).hasSize(5).endsWith("end");
        assertThat(lines.get(0)).hasSize(LogLine.LONGEST);
        assertThat(String.join("", lines.subList(0, 4))).hasSize(200000);
    }

    @Test
    void reading_once_ends_although_the_service_goes_on_writing() throws Exception {
        up(shell("a", "while :; do echo y; done"));
        await().atMost(DEADLINE).until(() -> lines(LogQuery.all().tail(10)).size() == 10);
        for (int i = 0; i < 20; i++) {
            assertThat(lines(LogQuery.all().tail(10))).as("try %d", i).hasSize(10);
        }
        backend.stop(Selection.all(), STOP);
    }

    @Test
    void reading_once_ends_where_the_log_ended_when_it_was_opened() throws Exception {
        Path log = upAndEnd("echo one");
        try (LogStream logs = backend.logs(LogQuery.all())) {
            Files.writeString(log, "two\n", StandardOpenOption.APPEND);
            assertThat(next(logs).text()).isEqualTo("one");
            assertThat(logs.next()).isEmpty();
        }
    }

    @Test
    void following_brings_whole_lines_only_and_from_all_services_also_later_ones() throws Exception {
        Path log = upAndEnd("true");
        try (LogStream logs = backend.logs(LogQuery.all().following())) {
            Files.writeString(log, "ha", StandardOpenOption.APPEND);
            CompletableFuture<LogLine> first = CompletableFuture.supplyAsync(() -> next(logs));
            Files.writeString(log, "lf\n", StandardOpenOption.APPEND);
            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(new LogLine("a", "half"));
            up(shell("a", "true"), shell("b", "echo hello"));
            assertThat(next(logs)).isEqualTo(new LogLine("b", "hello"));
        }
    }

    @Test
    void following_goes_on_with_the_new_file_after_down_and_up() throws Exception {
        upAndEnd("echo one");
        try (LogStream logs = backend.logs(LogQuery.all().following())) {
            assertThat(next(logs).text()).isEqualTo("one");
            backend.down(DOWN);
            upAndEnd("echo two");
            assertThat(next(logs).text()).isEqualTo("two");
        }
    }

    @Test
    void following_goes_on_when_somebody_empties_the_file() throws Exception {
        Path log = upAndEnd("echo one; echo two");
        try (LogStream logs = backend.logs(LogQuery.all().following())) {
            assertThat(next(logs).text()).isEqualTo("one");
            assertThat(next(logs).text()).isEqualTo("two");
            Files.writeString(log, "new\n", StandardOpenOption.TRUNCATE_EXISTING);
            assertThat(next(logs).text()).isEqualTo("new");
        }
    }

    @Test
    void closing_the_backend_ends_its_streams_and_an_interrupt_a_waiting_reader() throws Exception {
        upAndEnd("true");
        LogStream logs = backend.logs(LogQuery.all().following());
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                logs.next();
                outcome.complete(new AssertionError("it ended"));
            } catch (InterruptedException | RuntimeException e) {
                outcome.complete(e);
            }
        });
        reader.start();
        reader.interrupt();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        var events = backend.events();
        backend.close();
        assertThatThrownBy(logs::next).hasMessageContaining("closed");
        assertThatThrownBy(() -> events.poll(Duration.ofMinutes(1))).hasMessageContaining("closed");
        assertThatThrownBy(() -> backend.events()).hasMessageContaining("closed");
    }

    private static LogLine next(LogStream logs) {
        try {
            return logs.next().orElseThrow();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
