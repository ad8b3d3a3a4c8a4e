package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.ProjectName;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What Compose 2.26 with engine 20.10 was seen to write. */
class CliFailureTest {
    private static final ComposeProject PROJECT = new ComposeProject(new ProjectName("exp-1"), Path.of("/srv"));

    @Test
    void a_dependency_that_is_unhealthy_is_named() {
        AngeeException failure = failure("""
                 Container exp-1-db-x-1  Created
                 Container exp-1-w1-1  Created
                 Container exp-1-db-x-1  Waiting
                 Container exp-1-db-x-1  Error
                dependency failed to start: container exp-1-db-x-1 is unhealthy
                """);
        assertThat(failure.code()).isEqualTo(ErrorCode.FAILED);
        assertThat(failure)
                .hasMessage("service 'db-x': dependency failed to start: container exp-1-db-x-1 is unhealthy");
    }

    @Test
    void a_container_that_cannot_be_started_is_found_in_the_progress() {
        assertThat(failure("""
                                 Container exp-1-good-1  Creating
                                 Container exp-1-good-1  Created
                                 Container exp-1-good-1  Starting
                                 Container exp-1-bad-1  Starting
                                 Container exp-1-good-1  Started
                                Error response from daemon: failed to create shim task: exec: "nope": not found: unknown
                                """))
                .hasMessageStartingWith("service 'bad': Error response from daemon: failed to create shim task");
    }

    @Test
    void a_port_in_use_names_the_service_that_wanted_it() {
        assertThat(failure("""
                                 Container exp-1-w4-1  Starting
                                 Container exp-1-w3-1  Starting
                                 Container exp-1-w4-1  Started
                                Error response from daemon: driver failed programming external connectivity on endpoint exp-1-w3-1 (8b27): Bind for 127.0.0.1:18099 failed: port is already allocated
                                """)).hasMessageStartingWith("service 'w3': ");
    }

    @Test
    void an_image_that_cannot_be_pulled_names_the_service_and_the_way_out() {
        assertThat(failure("""
                                time="2026-11-21T08:19:10Z" level=warning msg="something else"
                                 miss Pulling\s
                                 miss Error Get "https://registry.invalid/v2/": dial tcp: no such host
                                Error response from daemon: Get "https://registry.invalid/v2/": dial tcp: no such host
                                """))
                .hasMessageStartingWith("service 'miss': Error response from daemon: Get")
                .hasMessageEndingWith("(its image is not on this machine and cannot be pulled:"
                        + " build it, load it, or mend its name)")
                .hasMessageNotContaining("something else");
    }

    @Test
    void an_engine_that_is_not_there_is_unavailable() {
        AngeeException failure = failure("Cannot connect to the Docker daemon at unix:///x.sock. Is it running?\n");
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("DOCKER_HOST");
    }

    @Test
    void silence_still_says_the_exit_code() {
        assertThat(failure("")).hasMessage("stack exp-1: docker compose ended with exit code 1");
    }

    private static AngeeException failure(String stderr) {
        return CliFailure.of(
                PROJECT, ComposeCommand.up(PROJECT, List.of()), new CliResult(OptionalInt.of(1), "", stderr));
    }
}
