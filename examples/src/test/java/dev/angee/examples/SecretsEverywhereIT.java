package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.compose.ComposeBackendProvider;
import dev.angee.contract.AwkwardValues;
import dev.angee.plan.ProjectName;
import dev.angee.process.ProcessBackendProvider;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.stack.Stack;
import dev.angee.stack.StackContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets all the way: from the store in {@code .env} through a stack on both runtimes to what runs, and nowhere else. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SecretsEverywhereIT {
    private static final int SECRETS = 250;
    private static final String CANARY = "canary-4711-";

    @TempDir
    Path folder;

    @Test
    void values_reach_a_process_and_a_container_exactly_and_stand_in_nothing_else_R7() throws Exception {
        requireEngine();
        Path root = Files.createDirectories(folder.toRealPath().resolve("stack"));
        Path out = Files.createDirectory(root.resolve("out"));
        Map<String, String> values = values();
        Files.writeString(root.resolve("angee.yaml"), manifest(values.keySet()));
        Set<String> commandLines = new ConcurrentSkipListSet<>();
        StackContext context = StackContext.of(List.of(new ComposeBackendProvider(), new ProcessBackendProvider()));
        try (Stack stack = Stack.open(root, context)) {
            values.forEach((name, value) -> stack.secrets().set(new SecretName(name), SecretValue.of(value)));
            Thread watch = watch(commandLines);
            try {
                stack.up(UpOptions.defaults().within(Duration.ofMinutes(2)));
                for (String runtime : List.of("local", "container")) {
                    Path dump = out.resolve(runtime + ".done");
                    await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(dump));
                    assertThat(environment(out.resolve(runtime))).as(runtime).containsAllEntriesOf(values);
                }
            } finally {
                watch.interrupt();
                watch.join();
                stack.down(DownOptions.defaults().grace(Duration.ofSeconds(1)));
            }
        }
        assertThat(commandLines).isNotEmpty().noneMatch(line -> line.contains(CANARY));
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.startsWith(out) && !file.endsWith(".env")))
                    .isNotEmpty()
                    .noneMatch(SecretsEverywhereIT::holdsCanary);
        }
    }

    /** Awkward values, each with a word in it that can be looked for. */
    private static Map<String, String> values() {
        Random random = new Random(4711);
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < SECRETS; i++) {
            values.put("s" + i, AwkwardValues.next(random) + CANARY + i + AwkwardValues.next(random));
        }
        return values;
    }

    private static String manifest(Set<String> names) {
        StringBuilder secrets = new StringBuilder();
        StringBuilder env = new StringBuilder();
        for (String name : names) {
            secrets.append("  ").append(name).append(": { required: true }\n");
            env.append("      ")
                    .append(name)
                    .append(": \"${secret.")
                    .append(name)
                    .append("}\"\n");
        }
        return """
                name: secrets
                secrets:
                %sservices:
                  local:
                    runtime: local
                    command: [sh, -c, "cat /proc/self/environ > out/local && touch out/local.done && exec sleep 600"]
                    env:
                %s  container:
                    runtime: container
                    image: angee-busybox:local
                    command: [sh, -c, "cat /proc/self/environ > /out/container && touch /out/container.done && exec sleep 600"]
                    mounts: ["bind://./out:/out"]
                    env:
                %s""".formatted(secrets, env, env);
    }

    private static Map<String, String> environment(Path dump) throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (String entry : Files.readString(dump, StandardCharsets.UTF_8).split("\0", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                environment.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return environment;
    }

    /** Reads the command lines of all processes of this machine, over and over. */
    private static Thread watch(Set<String> lines) {
        Thread watch = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                ProcessHandle.allProcesses()
                        .map(process -> Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                        .forEach(file -> read(file, lines));
            }
        });
        watch.start();
        return watch;
    }

    private static void read(Path file, Set<String> lines) {
        try {
            lines.add(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            lines.add(""); // it has ended since
        }
    }

    private static boolean holdsCanary(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(CANARY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without an engine this is skipped at a desk, and fails where it must have run. */
    private void requireEngine() {
        BackendInfo info;
        try (Backend backend = new ComposeBackendProvider().open(ProjectName.of("probe", folder), folder)) {
            info = backend.describe();
        }
        boolean required = Boolean.getBoolean("require.docker") || "true".equals(System.getenv("CI"));
        if (required) {
            assertThat(info.usable()).as(info.problem()).isTrue();
        }
        Assumptions.assumeTrue(info.usable(), info.problem());
    }
}
