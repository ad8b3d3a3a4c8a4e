package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.contract.AwkwardValues;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets among processes: several JVMs on one store, one that is killed, and a child that is given values. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SecretsIT {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve(".env");
    }

    private static EnvFileStore store(Path folder) {
        return EnvFileStore.at(folder.resolve(".env"), folder.resolve("run/secrets.lock"));
    }

    private static SecretName name(int i) {
        return new SecretName("v-" + i);
    }

    private Process jvm(Class<?> program) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C.UTF-8"); // what a child is given goes through this JVM's locale
        return builder.start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void jvms_that_generate_the_same_secrets_at_once_agree_R29() throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                processes.add(jvm(Generator.class));
            }
            List<BufferedReader> outputs =
                    processes.stream().map(SecretsIT::output).toList();
            for (BufferedReader output : outputs) {
                assertThat(output.readLine()).isEqualTo("ready");
            }
            for (Process process : processes) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            Set<String> answers = new HashSet<>();
            for (BufferedReader output : outputs) {
                answers.add(output.readLine());
            }
            assertThat(answers).hasSize(1).doesNotContainNull();
            assertThat(store(folder).keys()).hasSize(Generator.COUNT);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    /** Waits for a line, generates secrets, and prints the values. */
    static final class Generator {
        static final int COUNT = 25;

        public static void main(String[] arguments) throws IOException {
            List<SecretDeclaration> declarations = IntStream.range(0, COUNT)
                    .mapToObj(i -> SecretDeclaration.of(name(i)).withRandomValue())
                    .toList();
            Secrets secrets = Secrets.of(store(Path.of(arguments[0])), declarations, Map.of(), new SecureRandom());
            System.out.println("ready");
            if (System.in.read() < 0) {
                return;
            }
            StringBuilder values = new StringBuilder();
            for (SecretDeclaration declaration : declarations) {
                ResolvedSecrets resolved = secrets.resolve(Set.of(declaration.name()));
                values.append(resolved.find(declaration.name()).orElseThrow().reveal())
                        .append(' ');
            }
            System.out.println(values);
        }
    }

    @Test
    void a_writer_that_is_killed_leaves_the_old_file_or_the_new_one_R29() throws Exception {
        Files.writeString(file(), "# mine\nOTHER='x'\n");
        SecretName steady = new SecretName("steady");
        store(folder).put(steady, SecretValue.of("1"));
        Random random = new Random(1);
        for (int round = 0; round < 10; round++) {
            Process writer = jvm(Writer.class);
            try {
                BufferedReader output = output(writer);
                for (int i = random.nextInt(20); i >= 0; i--) {
                    assertThat(output.readLine()).isEqualTo("written");
                }
                LockSupport.parkNanos(random.nextInt(30_000_000)); // it is killed anywhere in the next write
            } finally {
                writer.destroyForcibly().waitFor();
            }
            assertThat(store(folder).get(steady)).contains(SecretValue.of("1"));
            assertThat(file()).content().startsWith("# mine\nOTHER='x'\n").endsWith("\n");
            String changing = store(folder).get(Writer.NAME).orElseThrow().reveal();
            assertThat(changing).matches("(\\d+)(:\\1)*").hasSizeGreaterThan(20_000);
        }
        store(folder).put(steady, SecretValue.of("2"));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.filter(Files::isRegularFile))
                    .as("no copy stays behind")
                    .containsExactly(file());
        }
    }

    /** Writes one secret again and again, until it is killed. */
    static final class Writer {
        static final SecretName NAME = new SecretName("changing");

        public static void main(String[] arguments) {
            for (int i = 100_000; ; i++) {
                String number = String.valueOf(i);
                store(Path.of(arguments[0])).put(NAME, SecretValue.of(number + (":" + number).repeat(3_000)));
                System.out.println("written");
            }
        }
    }

    @Test
    void a_child_process_gets_every_value_exactly_as_it_was_put_R7() throws Exception {
        Random random = new Random(7);
        Map<String, String> expected = new TreeMap<>();
        for (int i = 0; i < Parent.COUNT; i++) {
            String value = AwkwardValues.next(random);
            store(folder).put(name(i), SecretValue.of(value));
            expected.put("V" + i, value);
        }
        Process parent = jvm(Parent.class);
        byte[] environment = parent.getInputStream().readAllBytes();
        assertThat(parent.waitFor()).isZero();
        Map<String, String> given = new TreeMap<>();
        for (String variable : new String(environment, StandardCharsets.UTF_8).split("\0", -1)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                given.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        assertThat(given).isEqualTo(expected);
    }

    /** Resolves the secrets and hands each to a child, which prints its environment. */
    static final class Parent {
        static final int COUNT = 250;

        public static void main(String[] arguments) throws InterruptedException {
            Set<SecretName> names = new TreeSet<>();
            IntStream.range(0, COUNT).forEach(i -> names.add(name(i)));
            List<SecretDeclaration> declarations =
                    names.stream().map(SecretDeclaration::of).toList();
            ResolvedSecrets resolved = Secrets.of(
                            store(Path.of(arguments[0])), declarations, Map.of(), new SecureRandom())
                    .resolve(names);
            ProcessBuilder child = new ProcessBuilder("cat", "/proc/self/environ");
            child.environment().clear();
            for (int i = 0; i < COUNT; i++) {
                child.environment().put("V" + i, resolved.fill(Text.secret(name(i))));
            }
            try {
                System.exit(child.inheritIO().start().waitFor());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
