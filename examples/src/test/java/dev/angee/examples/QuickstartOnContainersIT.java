package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.compose.ComposeBackendProvider;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same circle, with the services in containers. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class QuickstartOnContainersIT {
    @TempDir
    Path folder;

    /** Without an engine these tests are skipped at a desk, and fail where they must have run. */
    @BeforeEach
    void requireEngine() {
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

    @Test
    void the_circle_closes_in_containers() throws Exception {
        Path state = Files.createDirectories(folder.toRealPath().resolve("state"));
        Path repository = Repositories.small(folder.toRealPath().resolve("small"));
        try (RunningProgram quickstart =
                RunningProgram.start(Quickstart.class, repository, state, "--runtime", "container")) {
            assertThat(quickstart.exitCode()).as(quickstart.output()).isZero();
            assertThat(quickstart.output())
                    .contains("in containers", "answers as feat-x", "answers as feat-y")
                    .contains("job check: exit 1", "job check: exit 0", "merged into main")
                    .contains("README.md of feat-y shows the change too")
                    .contains("no process, port, lease or worktree is left");
        }
        assertThat(docker("ps", "-aq").lines().map(QuickstartOnContainersIT::inspect))
                .noneMatch(text -> text.contains(state.toString()));
    }

    private static String inspect(String id) {
        try {
            return docker("inspect", id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String docker(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
