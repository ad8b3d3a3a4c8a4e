package dev.angee.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.contract.Program;
import dev.angee.runtime.ExecRequest;
import dev.angee.runtime.ExecSession;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.TerminalSize;
import dev.angee.runtime.UpOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs inside containers, on the real engine. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ExecIT extends OneStack {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @BeforeEach
    void bringUp() throws InterruptedException {
        backend().up(plan(Programs.service("web", new Program.Sleeps())), UpOptions.defaults());
    }

    @Test
    void output_errors_and_exit_code_come_apart() throws Exception {
        try (ExecSession exec = exec(ExecRequest.of("sh", "-c", "echo out; echo err >&2; exit 7"))) {
            assertThat(text(exec)).isEqualTo("out\n");
            assertThat(new String(exec.errors().readAllBytes(), UTF_8)).isEqualTo("err\n");
            assertThat(exec.await(DEADLINE)).hasValue(7);
        }
    }

    @Test
    void what_is_written_to_it_it_reads_and_the_end_of_it_too() throws Exception {
        byte[] sent = new byte[8 << 20];
        new Random(5).nextBytes(sent);
        try (ExecSession exec = exec(ExecRequest.of("cat"))) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> send(exec, sent));
            assertThat(Arrays.equals(exec.output().readAllBytes(), sent)).isTrue();
            writer.get(10, TimeUnit.SECONDS);
            assertThat(exec.await(DEADLINE)).hasValue(0);
        }
    }

    private static void send(ExecSession exec, byte[] bytes) {
        try (OutputStream input = exec.input()) {
            input.write(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void it_has_the_folder_the_variables_and_the_user_that_it_asks_for() throws Exception {
        ExecRequest request = ExecRequest.of("sh", "-c", "echo \"$PWD $WORD $(id -u)\"")
                .in("/tmp")
                .as("1234")
                .variable("WORD", "a $b 'c'");
        try (ExecSession exec = exec(request)) {
            assertThat(text(exec)).isEqualTo("/tmp a $b 'c' 1234\n");
        }
        assertThat(request.toString()).contains("WORD").doesNotContain("a $b");
    }

    @Test
    void a_terminal_has_its_size_and_is_told_of_another() throws Exception {
        ExecRequest request = ExecRequest.of(
                        "sh", "-c", "read go; stty size; read go; stty size; tty; read rest; exit 3")
                .on(new TerminalSize(97, 31));
        try (ExecSession exec = exec(request)) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(exec.output(), UTF_8));
            type(exec, "\n");
            assertThat(next(lines)).isEqualTo("31 97");
            exec.resize(new TerminalSize(120, 40));
            type(exec, "\n");
            assertThat(next(lines)).isEqualTo("40 120");
            assertThat(next(lines)).startsWith("/dev/");
            assertThat(exec.errors().read()).as("on a terminal, all is output").isNegative();
            type(exec, "\u0004");
            assertThat(exec.await(DEADLINE)).hasValue(3);
            assertThatThrownBy(() -> exec.resize(new TerminalSize(80, 25)))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        }
    }

    @Test
    void a_shell_that_is_let_go_of_ends() throws Exception {
        try (ExecSession exec = exec(ExecRequest.of("sh").on(new TerminalSize(80, 25)))) {
            type(exec, "echo ready\n");
            BufferedReader lines = new BufferedReader(new InputStreamReader(exec.output(), UTF_8));
            while (!next(lines).equals("ready")) {
                assertThat(exec.await(Duration.ZERO)).isEmpty();
            }
        }
        try (ExecSession exec = exec(ExecRequest.of("cat"))) {
            assertThat(exec.await(Duration.ofMillis(100))).isEmpty();
        }
        await().atMost(DEADLINE).until(() -> {
            try (ExecSession ps = exec(ExecRequest.of("ps", "-o", "args"))) {
                return text(ps).lines().noneMatch(line -> line.equals("sh") || line.equals("cat"));
            }
        });
    }

    @Test
    void nothing_is_left_of_many_sessions() throws Exception {
        int before = connections();
        for (int i = 0; i < 30; i++) {
            try (ExecSession exec = exec(ExecRequest.of("cat"))) {
                assertThat(exec.await(Duration.ZERO)).isEmpty();
            }
        }
        await().atMost(DEADLINE).until(() -> connections() <= before + 1);
    }

    private static int connections() throws IOException {
        try (var files = java.nio.file.Files.list(java.nio.file.Path.of("/proc/self/fd"))) {
            return (int) files.filter(file -> {
                        try {
                            return java.nio.file.Files.readSymbolicLink(file)
                                    .toString()
                                    .startsWith("socket:");
                        } catch (IOException e) {
                            return false; // closed since it was listed
                        }
                    })
                    .count();
        }
    }

    @Test
    void what_cannot_be_run_says_why() throws Exception {
        try (ExecSession exec = exec(ExecRequest.of("no-such-program"))) {
            OptionalInt code = exec.await(DEADLINE);
            assertThat(code).isPresent();
            assertThat(code.getAsInt()).isIn(126, 127);
        }
        assertThatThrownBy(() -> backend().exec("nobody", ExecRequest.of("true")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nobody");
        engine().pauseContainerCmd(container("web")).exec();
        assertThatThrownBy(() -> exec(ExecRequest.of("true")))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("is paused");
        engine().unpauseContainerCmd(container("web")).exec();
        backend().stop(Selection.of("web"), StopOptions.defaults().grace(Duration.ZERO));
        assertThatThrownBy(() -> exec(ExecRequest.of("true")))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("'web' does not run");
    }

    private ExecSession exec(ExecRequest request) throws InterruptedException {
        return backend().exec("web", request);
    }

    private static String text(ExecSession exec) throws IOException {
        return new String(exec.output().readAllBytes(), UTF_8);
    }

    private static void type(ExecSession exec, String text) throws IOException {
        exec.input().write(text.getBytes(UTF_8));
    }

    /** What was typed is echoed as an empty line. */
    private static String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && line.isBlank()) {
            line = lines.readLine();
        }
        return line == null ? "" : line;
    }
}
