package dev.angee.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Saving across JVMs, and saving that is killed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ManifestSaveIT {
    private static final int KILLS = 12;
    private static final String LONG = "# " + "x".repeat(78) + "\n";

    @TempDir
    Path folder;

    @Test
    void a_jvm_killed_while_it_saves_leaves_one_of_the_two_versions_and_the_next_save_works_R29_R29b()
            throws Exception {
        Path file = folder.resolve("angee.yaml");
        String odd = "name: \"odd\"\n" + LONG.repeat(10_000);
        String even = odd.replace("odd", "even");
        Files.writeString(file, odd);
        Random random = new Random(1);
        int reads = 0;
        for (int i = 0; i < KILLS; i++) {
            Process saver = start(Saver.class, file.toString());
            try {
                assertThat(firstLine(saver)).isEqualTo("saving");
                long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(150));
                while (System.nanoTime() < until) {
                    assertThat(List.of(odd, even).contains(Files.readString(file)))
                            .as("a complete version while it is saved")
                            .isTrue();
                    reads++;
                }
            } finally {
                saver.destroyForcibly().waitFor();
            }
            assertThat(List.of(odd, even).contains(Files.readString(file)))
                    .as("a complete version")
                    .isTrue();
            ManifestEditor.edit(file, editor -> editor.put(List.of("name"), "between"));
            ManifestEditor.edit(file, editor -> editor.put(List.of("name"), "odd"));
            try (Stream<Path> entries = Files.list(folder)) {
                assertThat(entries.map(entry -> entry.getFileName().toString()).sorted())
                        .containsExactly("angee.yaml", "run");
            }
        }
        assertThat(reads).isPositive();
    }

    @Test
    void four_jvms_lose_no_update_R28_C6() throws Exception {
        Path file = Files.writeString(folder.resolve("angee.yaml"), "name: x\n");
        List<Process> writers = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                writers.add(start(Writer.class, file.toString(), "w" + i));
            }
            for (Process writer : writers) {
                assertThat(writer.waitFor(2, TimeUnit.MINUTES)).isTrue();
                assertThat(writer.exitValue()).isZero();
            }
        } finally {
            writers.forEach(Process::destroyForcibly);
        }
        assertThat(new ManifestReader().read(file).volumes()).hasSize(4 * Writer.TURNS);
    }

    private static Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    /** Saves one version, then the other, until it is killed: the last step of a save and nothing else, all the time. */
    static final class Saver {
        private Saver() {}

        public static void main(String[] args) throws IOException {
            ManifestFile file = ManifestFile.of(Path.of(args[0]));
            String odd = Files.readString(file.real());
            List<byte[]> versions = List.of(
                    odd.replace("odd", "even").getBytes(StandardCharsets.UTF_8), odd.getBytes(StandardCharsets.UTF_8));
            for (int i = 0; ; i++) {
                try (ManifestFile.Held held = file.lock("save", Duration.ofSeconds(30))) {
                    held.check();
                    file.replace(versions.get(i % 2));
                }
                if (i == 0) {
                    System.out.println("saving");
                }
            }
        }
    }

    /** Adds its own volumes, one by one. */
    static final class Writer {
        static final int TURNS = 25;

        private Writer() {}

        public static void main(String[] args) {
            for (int i = 0; i < TURNS; i++) {
                String name = args[1] + "-" + i;
                ManifestEditor.edit(Path.of(args[0]), editor -> editor.put(List.of("volumes", name), Map.of()));
            }
        }
    }
}
