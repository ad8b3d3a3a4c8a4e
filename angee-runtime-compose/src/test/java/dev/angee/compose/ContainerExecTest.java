package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.ExecRequest;
import dev.angee.runtime.ExecSession;
import dev.angee.runtime.TerminalSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs inside containers, of engines that hang, and in the moments when a container ends. */
@Timeout(60)
class ContainerExecTest {
    private static final String RUNNING = "{\"ID\":\"x\",\"Running\":true}";
    private static final ComposeProject PROJECT = new ComposeProject(new ProjectName("p-1"), Path.of("/"));

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Map<String, Optional<String>> answers = new TreeMap<>(Map.of(
            "GET /containers/c/json",
            FakeEngine.json(
                    200,
                    "{\"Id\":\"c\",\"Created\":\"\",\"Config\":{\"Labels\":{\"com.docker.compose.service\":\"web\"}},"
                            + "\"State\":{\"Status\":\"running\",\"Running\":true},\"HostConfig\":{}}"),
            "POST /containers/c/exec",
            FakeEngine.json(201, "{\"Id\":\"x\"}"),
            "POST /exec/x/start",
            Optional.of(FakeEngine.HANDED_OVER),
            "GET /exec/x/json",
            FakeEngine.json(200, RUNNING)));

    private FakeEngine fake;
    private Engine engine;

    @BeforeEach
    void open() throws IOException {
        fake = new FakeEngine(request -> request.contains("/resize")
                ? FakeEngine.json(200, "")
                : answers.entrySet().stream()
                        .filter(e -> request.endsWith(e.getKey().replaceFirst(".* ", "")))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(request))
                        .getValue());
        ComposeSettings settings =
                ComposeSettings.of(Map.of()).dockerHost(fake.host()).engineTimeout(Duration.ofSeconds(5));
        engine = new Engine(settings, PROJECT, workers);
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        workers.shutdownNow();
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        fake.close();
    }

    private ExecSession exec(ExecRequest request) throws InterruptedException {
        return ContainerExec.start(engine, engine.container("c").orElseThrow(), request);
    }

    private void assertFails(ErrorCode code, String message) {
        assertThatThrownBy(() -> exec(ExecRequest.of("true")))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void a_container_that_ends_between_one_step_and_the_next_is_a_conflict() {
        answers.put("POST /exec/x/start", FakeEngine.json(409, "{\"message\":\"Container c is not running\"}"));
        assertFails(ErrorCode.CONFLICT, "'web' does not run");
        answers.put("POST /containers/c/exec", FakeEngine.json(409, "{\"message\":\"Container c is paused\"}"));
        assertFails(ErrorCode.CONFLICT, "'web' does not run, or is paused");
        answers.put("POST /containers/c/exec", FakeEngine.json(404, "{\"message\":\"No such container\"}"));
        assertFails(ErrorCode.CONFLICT, "'web' does not run");
    }

    @Test
    void a_refusal_of_the_start_quotes_the_engine() {
        answers.put("POST /exec/x/start", FakeEngine.json(500, "{\"message\":\"out of luck\"}"));
        assertFails(ErrorCode.FAILED, "out of luck");
    }

    @Test
    void an_engine_that_never_begins_to_answer_is_given_up_after_its_time_and_holds_no_connection() {
        answers.put("POST /exec/x/start", Optional.empty());
        assertFails(ErrorCode.UNAVAILABLE, "did not answer within 5 s");
        await().atMost(Duration.ofSeconds(10)).until(() -> fake.waiting() == 0);
    }

    @Test
    void an_interrupt_frees_who_waits_for_the_answer_and_the_connection() throws Exception {
        answers.put("POST /exec/x/start", Optional.empty());
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try (ExecSession exec = exec(ExecRequest.of("true"))) {
                outcome.completeExceptionally(new AssertionError(exec));
            } catch (InterruptedException | RuntimeException e) {
                outcome.complete(e);
            }
        });
        caller.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> fake.waiting() == 1);
        caller.interrupt();
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        await().atMost(Duration.ofSeconds(10)).until(() -> fake.waiting() == 0);
    }

    @Test
    void a_terminal_whose_program_reads_nothing_is_let_go_of_all_the_same_and_frees_its_writer() throws Exception {
        ExecSession exec = exec(ExecRequest.of("sleep").on(new TerminalSize(80, 25)));
        AtomicLong written = new AtomicLong();
        CompletableFuture<Throwable> writer = CompletableFuture.supplyAsync(() -> {
            try {
                while (true) {
                    exec.input().write(new byte[64 * 1024]);
                    written.incrementAndGet();
                }
            } catch (IOException e) {
                return e;
            }
        });
        AtomicLong before = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> before.getAndSet(written.get()) == written.get() && written.get() > 0);
        CompletableFuture.runAsync(exec::close).get(10, TimeUnit.SECONDS);
        assertThat(writer.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        exec.close();
    }

    @Test
    void a_program_that_has_closed_its_outputs_and_lives_on_is_asked_for_now_and_then() throws Exception {
        answers.put("POST /exec/x/start", Optional.of(FakeEngine.HANDED_OVER + "\1\0\0\0\0\0\0\1x"));
        try (ExecSession exec = exec(ExecRequest.of("daemon"))) {
            assertThat(exec.output().readAllBytes()).containsExactly('x');
            assertThat(exec.await(Duration.ofSeconds(2))).isEmpty();
            assertThat(fake.asked("GET /exec/x/json")).isBetween(3L, 30L);
            answers.put("GET /exec/x/json", FakeEngine.json(200, "{\"ID\":\"x\",\"Running\":false,\"ExitCode\":4}"));
            assertThat(exec.await(Duration.ofSeconds(10))).hasValue(4);
        }
    }
}
