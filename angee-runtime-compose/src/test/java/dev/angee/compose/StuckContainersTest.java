package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What Compose 2.26 with engine 20.10 was seen to write. */
class StuckContainersTest {
    private static final String ID = "877ca66c23dcfdecc6b4275b0b054ab6893a42af85d762361047c376c7a8e7f4";

    @Test
    void a_container_that_can_only_be_made_anew_is_told_from_what_compose_says() {
        for (String said : List.of(
                "task " + ID + ": already exists: unknown",
                "id already in use",
                "failed to start shim: mkdir /x/io.containerd.runtime.v2.task/moby/" + ID + ": file exists: unknown",
                "network " + ID + " not found",
                "Conflict. The container name \"/p-a-1\" is already in use by container \"" + ID + "\"",
                "No such container: " + ID,
                "container is marked for removal and cannot be started")) {
            String line = "Error response from daemon: " + said + "\n";
            assertThat(StuckContainers.areToldOf(result(1, line))).as(said).isTrue();
            assertThat(StuckContainers.areToldOf(result(0, line))).as(said).isFalse();
        }
    }

    @Test
    void no_other_failure_is_a_reason_to_make_containers_anew() {
        for (String said : List.of(
                "Bind for 127.0.0.1:18081 failed: port is already allocated",
                "No such image: nosuch/thing:1",
                "manifest for p-a-1 not found",
                "cannot start a paused container, try unpause instead",
                "dependency failed to start: container p-a-1 is unhealthy")) {
            assertThat(StuckContainers.areToldOf(result(1, said + "\n")))
                    .as(said)
                    .isFalse();
        }
    }

    @Test
    void a_program_that_was_killed_at_the_deadline_is_not_called_again() {
        CliResult killed = new CliResult(OptionalInt.empty(), "", "network " + ID + " not found\n");
        assertThat(StuckContainers.areToldOf(killed)).isFalse();
    }

    private static CliResult result(int code, String stderr) {
        return new CliResult(OptionalInt.of(code), "", stderr);
    }
}
