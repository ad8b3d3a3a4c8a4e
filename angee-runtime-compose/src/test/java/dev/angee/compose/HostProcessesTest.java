package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.runtime.Health;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this host sees of a container's processes. */
class HostProcessesTest {
    @TempDir
    Path proc;

    @Test
    void the_first_process_and_its_children_are_seen() throws IOException {
        process(7, "docker-init", "0::/docker/abc", "8 9");
        process(8, "web server", "0::/docker/abc", "");
        assertThat(HostProcesses.programs(proc, container(7)))
                .as("9 has ended")
                .contains(List.of("docker-init", "web server"));
    }

    @Test
    void a_process_of_the_same_number_that_is_not_the_containers_is_no_answer() throws IOException {
        process(7, "docker-init", "0::/docker/other", "");
        assertThat(HostProcesses.programs(proc, container(7))).isEmpty();
    }

    @Test
    void what_does_not_run_or_cannot_be_seen_is_no_answer() throws IOException {
        process(0, "docker-init", "0::/docker/abc", "");
        assertThat(HostProcesses.programs(proc, container(0))).isEmpty();
        assertThat(HostProcesses.programs(proc, container(7))).isEmpty();
    }

    private void process(int pid, String name, String cgroup, String children) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
        Files.writeString(folder.resolve("comm"), name + "\n");
        Files.writeString(folder.resolve("cgroup"), cgroup + "\n");
        Path task = Files.createDirectories(folder.resolve("task").resolve(Integer.toString(pid)));
        Files.writeString(task.resolve("children"), children + " ");
    }

    private static ProjectContainer container(long pid) {
        return new ProjectContainer(
                "abc",
                "web",
                false,
                "",
                "running",
                0,
                0,
                "",
                "",
                "",
                false,
                Health.NONE,
                "",
                Optional.empty(),
                Set.of(),
                1,
                pid,
                false);
    }
}
