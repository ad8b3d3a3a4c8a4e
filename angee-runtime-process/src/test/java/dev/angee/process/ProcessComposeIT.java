package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.runtime.Backend;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * What process-compose has to do with us: we do without it, and it takes our files. The latter is asked of a program of
 * yours, if {@code ANGEE_TEST_PROCESS_COMPOSE} names one.
 */
class ProcessComposeIT extends LocalStack {
    private static final String PROGRAM = "ANGEE_TEST_PROCESS_COMPOSE";
    private static final long PATIENCE = 60;

    /** Programs that would leave a trace stand where an installer, or process-compose, would be looked for. */
    @Test
    void nothing_is_installed_or_asked_and_no_process_compose_is_run_R53() throws Exception {
        Path traces = Files.createDirectories(folder.resolve("traces"));
        Path programs = Files.createDirectories(folder.resolve("programs"));
        Path home = Files.createDirectories(folder.resolve("home"));
        for (String name : List.of("process-compose", "go", "curl", "wget")) {
            Path program = Files.writeString(
                    programs.resolve(name), "#!/bin/sh\necho \"$0 $*\" >" + traces.resolve(name) + "\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PATH", programs + ":" + environment.getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("HOME", home.toString());
        try (Backend alone = open(ProcessSettings.of(environment))) {
            assertThat(alone.describe().usable()).isTrue();
            assertThat(alone.compile(plan(service("a", "sleep", "1000"))).text())
                    .contains("processes:");
            alone.up(plan(service("a", "sleep", "1000")), UpOptions.defaults());
            await().atMost(DEADLINE).until(() -> status(alone, "a").state() == WorkloadState.RUNNING);
            alone.down(DOWN);
        }
        assertThat(traces).isEmptyDirectory();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    @EnabledIfEnvironmentVariable(named = PROGRAM, matches = ".+")
    void process_compose_itself_finds_nothing_wrong_with_our_files() throws Exception {
        Map<String, String> files = new TreeMap<>(ExportedCorpus.files());
        files.put(
                "everything",
                ProcessComposeFile.of(ProcessComposeFileTest.everything()).text());
        for (Map.Entry<String, String> each : files.entrySet()) {
            assertTaken(each.getKey(), each.getValue());
        }
    }

    private void assertTaken(String name, String text) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("process-compose.yaml"), text);
        Path output = folder.resolve("output");
        Process program = new ProcessBuilder(System.getenv(PROGRAM), "--dry-run", "-f", file.toString())
                .directory(folder.toFile())
                .redirectInput(Host.DEV_NULL)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(program.waitFor(PATIENCE, TimeUnit.SECONDS)).as(name).isTrue();
            assertThat(program.exitValue())
                    .as("%s%n%s%n%s", name, Files.readString(output), text)
                    .isZero();
        } finally {
            program.destroyForcibly();
        }
    }
}
