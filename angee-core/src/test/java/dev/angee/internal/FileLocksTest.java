package dev.angee.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.angee.ConflictException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class FileLocksTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void a_second_taker_in_this_jvm_waits_and_is_told_who_holds_it() {
        Path file = folder.resolve("a/x.lock");
        try (FileLocks.Held held = FileLocks.take(file, "paint the shed", LONG)) {
            held.check();
            assertThatThrownBy(() -> FileLocks.take(file, "mow", SHORT))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("'paint the shed' of this process");
            assertThat(FileLocks.tryTake(file, "mow")).isEmpty();
        }
        assertThat(FileLocks.tryTake(file, "mow")).isPresent().get().satisfies(FileLocks.Held::close);
    }

    @Test
    void threads_take_turns() throws Exception {
        Path file = folder.resolve("x.lock");
        Path counter = Files.writeString(folder.resolve("n"), "0");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Object>> turns = IntStream.range(0, 100)
                    .<Callable<Object>>mapToObj(i -> () -> {
                        try (FileLocks.Held held = FileLocks.await(file, "count", LONG)) {
                            held.check();
                            int next = Integer.parseInt(Files.readString(counter)) + 1;
                            return Files.writeString(counter, Integer.toString(next));
                        }
                    })
                    .toList();
            for (Future<Object> each : threads.invokeAll(turns)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(counter).hasContent("100");
    }

    @Test
    void another_jvm_is_kept_out_and_its_death_frees_the_lock() throws Exception {
        Path file = folder.resolve("x.lock");
        Process other = holder(file);
        try {
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8));
            assertThat(output.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> FileLocks.take(file, "mow", SHORT))
                    .hasMessageContaining("'hold' of process " + other.pid());
        } finally {
            other.destroyForcibly().waitFor();
        }
        await().atMost(LONG).until(() -> FileLocks.tryTake(file, "mow"), held -> {
            held.ifPresent(FileLocks.Held::close);
            return held.isPresent();
        });
    }

    @Test
    void what_is_no_plain_file_is_not_used_as_a_lock() throws Exception {
        Path target = Files.createFile(folder.resolve("target"));
        Path link = Files.createSymbolicLink(folder.resolve("x.lock"), target);
        assertThatThrownBy(() -> FileLocks.take(link, "mow", SHORT)).hasMessageContaining("not a plain file");
        assertThat(target).isEmptyFile();
    }

    @Test
    void a_second_spelling_of_the_path_neither_passes_nor_loses_the_lock() throws Exception {
        Path file = Files.createDirectory(folder.resolve("real")).resolve("x.lock");
        Path spelling = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"))
                .resolve("x.lock");
        try (FileLocks.Held held = FileLocks.take(file, "paint the shed", LONG)) {
            Throwable refusal = catchThrowable(() -> FileLocks.take(spelling, "mow", SHORT));
            assertOtherJvmsAreKeptOut(file);
            assertThat(refusal).hasMessageContaining("'paint the shed' of this process");
            held.check();
        }
    }

    /** A second class loader comes by the same way: its gates are others, and the kernel's lock is one for the JVM. */
    @Test
    void a_second_name_of_the_file_neither_passes_nor_loses_the_lock() throws Exception {
        Path file = Files.createFile(folder.resolve("x.lock"));
        Path name = Files.createLink(folder.resolve("y.lock"), file);
        try (FileLocks.Held held = FileLocks.take(file, "paint the shed", LONG)) {
            long open = openFiles();
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> FileLocks.take(name, "mow", Duration.ZERO))
                        .hasMessageContaining("held by this process");
            }
            assertThat(openFiles()).isLessThan(open + 10);
            assertOtherJvmsAreKeptOut(file);
            held.check();
        }
        try (FileLocks.Held held = FileLocks.take(name, "mow", LONG)) {
            held.check();
            assertOtherJvmsAreKeptOut(name);
        }
    }

    private static void assertOtherJvmsAreKeptOut(Path file) throws Exception {
        Process other = holder(file, "0");
        try {
            assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .as("what another JVM says when it tries to take %s", file)
                    .startsWith("kept out");
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static Process holder(Path file, String... patience) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                file.toString()));
        command.addAll(List.of(patience));
        return new ProcessBuilder(command).start();
    }

    /** Holds a lock until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            Duration patience = args.length > 1 ? Duration.ofMillis(Long.parseLong(args[1])) : LONG;
            try (FileLocks.Held held = FileLocks.take(Path.of(args[0]), "hold", patience)) {
                held.check();
                System.out.println("held");
                System.out.flush();
                if (args.length == 1) {
                    System.in.transferTo(System.out);
                }
            } catch (ConflictException e) {
                System.out.println("kept out: " + e.getMessage());
            }
        }
    }
}
