package dev.angee.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.ConflictException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .start();
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

    /** Holds a lock until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (FileLocks.Held held = FileLocks.take(Path.of(args[0]), "hold", LONG)) {
                held.check();
                System.out.println("held");
                System.in.transferTo(System.out);
            }
        }
    }
}
