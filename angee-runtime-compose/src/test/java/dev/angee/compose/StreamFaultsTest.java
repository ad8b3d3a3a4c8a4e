package dev.angee.compose;

import static dev.angee.compose.ScriptedEngine.END;
import static dev.angee.compose.ScriptedEngine.STAYS;
import static dev.angee.compose.ScriptedEngine.STREAM;
import static dev.angee.compose.ScriptedEngine.chunk;
import static dev.angee.compose.ScriptedEngine.event;
import static dev.angee.compose.ScriptedEngine.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.WorkloadState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams of an engine that says or does what a real one seldom does. */
@Timeout(60)
class StreamFaultsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final LogQuery FOLLOW = LogQuery.all().following();
    private static final String REFUSED = "HTTP/1.1 400 x\r\nContent-Length: 8\r\n\r\nnot this";
    private static final String STARTING = "HTTP/1.1 503 x\r\nContent-Length: 8\r\n\r\nstarting";

    @TempDir
    Path folder;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private ScriptedEngine fake;
    private Engine engine;

    @BeforeEach
    void start() throws IOException {
        fake = new ScriptedEngine(folder.resolve("s"));
        engine = engine(Duration.ofSeconds(20), Duration.ofMinutes(1));
    }

    @AfterEach
    void endEverything() throws Exception {
        engine.close();
        fake.close();
        workers.shutdownNow();
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(fake.awaitEnd()).isTrue();
    }

    @Test
    void a_log_that_the_engine_cannot_read_fails_once_and_the_others_go_on() throws Exception {
        String broken = frame(3, "Error grabbing logs: invalid character 'x' looking for beginning of value\n");
        fake.container("bad").container("good");
        fake.streams(path -> path.contains("/bad/logs")
                ? STREAM + chunk(broken) + END
                : path.contains("follow=0") ? STREAM + chunk(line("00:01Z well")) + END : STREAM + STAYS);
        try (LogStream logs = FollowedLogs.open(engine, FOLLOW)) {
            Optional<LogLine> line = Optional.empty();
            int failures = 0;
            while (line.isEmpty()) {
                try {
                    line = logs.next();
                } catch (AngeeException e) {
                    failures++;
                    assertThat(e.code()).isEqualTo(ErrorCode.FAILED);
                    assertThat(e).hasMessageContaining("bad").hasMessageContaining("invalid character");
                }
            }
            assertThat(line.get().text()).isEqualTo("well");
            assertThat(failures).isLessThanOrEqualTo(1);
            CompletableFuture<Optional<LogLine>> next = CompletableFuture.supplyAsync(() -> next(logs));
            if (failures == 0) {
                assertThatThrownBy(() -> next.get(20, TimeUnit.SECONDS)).hasMessageContaining("invalid character");
            }
            assertThat(fake.asked("/bad/logs")).isLessThanOrEqualTo(2); // by the shared one, and by the reader
        }
    }

    @Test
    void words_of_a_container_without_a_time_are_not_told() throws Exception {
        fake.container("bad").streams(path -> STREAM + chunk(frame(1, "secret without time\n")) + END);
        try (LogStream logs = FollowedLogs.open(engine, FOLLOW)) {
            assertFails(ErrorCode.FAILED, logs::next)
                    .hasMessageContaining("no time")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void an_engine_that_freezes_is_lost_in_its_time_however_long_its_connections_last() throws Exception {
        engine = engine(Duration.ofMillis(300), Duration.ofMillis(700));
        fake.container("a");
        try (EventStream events = ServiceEvents.open(engine);
                LogStream logs = FollowedLogs.open(engine, FOLLOW.tail(0))) {
            await().atMost(LONG).until(() -> fake.open("/events") + fake.open("/logs") == 2);
            fake.freeze();
            assertFails(ErrorCode.UNAVAILABLE, () -> events.poll(LONG)).hasMessageContaining("700 ms");
            assertFails(ErrorCode.UNAVAILABLE, logs::next);
        }
    }

    @Test
    void an_engine_that_has_nothing_to_say_is_not_taken_for_one_that_hangs() throws Exception {
        engine = engine(Duration.ofMillis(300), Duration.ofMillis(700));
        try (EventStream events = ServiceEvents.open(engine)) {
            await().atMost(LONG).until(() -> fake.asked("/_ping") > 5);
            assertThat(events.poll(Duration.ZERO)).isEmpty();
            assertThat(fake.asked("/events")).isEqualTo(1);
        }
        await().atMost(LONG).until(() -> fake.open("/events") == 0);
    }

    @Test
    void closing_ends_a_reader_whose_old_entries_do_not_come() throws Exception {
        fake.container("a").streams(path -> path.contains("follow=0") ? STAYS : STREAM + STAYS);
        LogStream logs = FollowedLogs.open(engine, FOLLOW);
        CompletableFuture<Optional<LogLine>> next = CompletableFuture.supplyAsync(() -> next(logs));
        await().atMost(LONG).until(() -> fake.open("follow=0") == 1);
        logs.close();
        assertThat(next.get(5, TimeUnit.SECONDS)).isEmpty();
        await().atMost(LONG).until(() -> fake.open("/logs") == 0);
    }

    @Test
    void closing_the_backend_tells_a_reader_whose_old_entries_do_not_come() throws Exception {
        fake.container("a").streams(path -> path.contains("follow=0") ? STAYS : STREAM + STAYS);
        try (LogStream logs = FollowedLogs.open(engine, FOLLOW)) {
            CompletableFuture<Optional<LogLine>> next = CompletableFuture.supplyAsync(() -> next(logs));
            await().atMost(LONG).until(() -> fake.open("follow=0") == 1);
            engine.close();
            assertThatThrownBy(() -> next.get(5, TimeUnit.SECONDS)).hasMessageContaining("was closed");
        }
    }

    @Test
    void one_who_comes_while_a_cut_connection_is_not_back_yet_may_listen_if_the_engine_replies() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        fake.streams(path -> connections.incrementAndGet() == 1 ? STREAM + STAYS : STAYS);
        try (EventStream first = ServiceEvents.open(engine)) {
            await().atMost(LONG).until(() -> fake.open("/events") == 1);
            fake.cut("/events");
            await().atMost(LONG).until(() -> connections.get() == 2);
            try (EventStream second = ServiceEvents.open(engine)) {
                assertThat(first.poll(Duration.ZERO)).isEmpty();
                assertThat(second.poll(Duration.ZERO)).isEmpty();
            }
        }
    }

    @Test
    void an_engine_that_starts_up_is_waited_for_by_who_reads_old_entries() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        fake.container("a").streams(path -> {
            if (!path.contains("follow=0")) {
                return STREAM + STAYS;
            }
            return asked.incrementAndGet() < 3 ? STARTING : STREAM + chunk(line("00:01Z old")) + END;
        });
        try (LogStream logs = FollowedLogs.open(engine, FOLLOW)) {
            assertThat(logs.next().orElseThrow().text()).isEqualTo("old");
        }
    }

    @Test
    void events_that_are_refused_fail_at_once() throws Exception {
        fake.streams(path -> REFUSED);
        try (EventStream events = ServiceEvents.open(engine)) {
            assertFails(ErrorCode.FAILED, () -> events.poll(LONG)).hasMessageContaining("not this");
        }
        assertThat(fake.asked("/events")).isEqualTo(1);
    }

    @Test
    void a_tail_that_cannot_be_read_leaves_no_connection() {
        fake.container("a").streams(path -> path.contains("tail=5") ? STREAM + "zz\r\n" + STAYS : STREAM + STAYS);
        assertThatThrownBy(() -> FollowedLogs.open(engine, FOLLOW.tail(5))).isInstanceOf(RuntimeException.class);
        await().atMost(LONG).until(() -> fake.open("/logs") + fake.open("/events") == 0);
    }

    @Test
    void who_begins_at_a_moment_misses_nothing_that_was_written_since_however_much_it_is() throws Exception {
        String all = IntStream.rangeClosed(1, 3000)
                .mapToObj(i -> line(String.format("31.%06dZ l%d", i, i)))
                .collect(Collectors.joining());
        fake.streams(path -> STREAM + chunk(all) + (path.contains("follow=0") ? END : STAYS));
        Instant opened = Instant.parse("2026-01-01T00:00:30Z");
        Signal other = new Signal();
        SharedLog shared = engine.logs().join("a", opened, other);
        await().atMost(LONG).until(() -> shared.head() == 3000);
        Queue<LogLine> lines = new ArrayDeque<>();
        ProjectContainer container = engine.container("a").orElseThrow();
        try (LogCursor cursor = LogCursor.last(engine, container, 0, opened, new Signal(), lines)) {
            await().atMost(LONG).until(() -> {
                boolean more = cursor.advance();
                while (more) {
                    more = cursor.advance();
                }
                return lines.size() == 3000;
            });
        }
        engine.logs().leave(shared, other);
        assertThat(lines.remove().text()).isEqualTo("l1");
    }

    @Test
    void who_has_one_replica_only_is_not_asked_about_with_every_event() throws Exception {
        fake.container("a").container("b");
        try (EventStream events = ServiceEvents.open(engine)) {
            await().atMost(LONG).until(() -> fake.open("/events") == 1);
            long before = fake.asked("/containers/json");
            fake.say("/events", event("a", "die"));
            assertThat(events.poll(LONG))
                    .contains(new RuntimeEvent("a", WorkloadState.EXITED, Health.NONE, OptionalInt.of(1), false, 0));
            assertThat(fake.asked("/containers/json")).isEqualTo(before);
        }
    }

    @Test
    void a_service_that_starts_while_the_engine_is_slow_is_followed_all_the_same() {
        Set<String> started = java.util.concurrent.ConcurrentHashMap.newKeySet();
        SeenContainers seen = new SeenContainers(new ProjectEvents.Listener() {
            @Override
            public void started(String id, String service) {
                started.add(id + " of " + service);
            }

            @Override
            public void lost(AngeeException why) {
                throw why;
            }
        });
        seen.take(new ContainerEvent("c", "web", 1, "start", OptionalInt.empty(), Instant.EPOCH), Optional.empty());
        assertThat(started).containsExactly("c of web");
    }

    private Engine engine(Duration timeout, Duration outage) {
        ComposeSettings settings =
                ComposeSettings.of(System.getenv()).dockerHost(fake.host()).engineTimeout(timeout);
        ComposeProject project = new ComposeProject(new ProjectName("p"), folder);
        return new Engine(settings, project, workers, outage, Duration.ofMillis(100));
    }

    private static String line(String text) {
        return frame(1, "2026-01-01T00:" + (text.charAt(2) == ':' ? "" : "00:") + text + "\n");
    }

    private static Optional<LogLine> next(LogStream logs) {
        try {
            return logs.next();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertFails(
            ErrorCode code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
