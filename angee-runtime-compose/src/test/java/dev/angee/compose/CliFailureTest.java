package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.Workload;
import dev.angee.runtime.PortTakenException;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
                                """))
                .hasMessageStartingWith("service 'w3': ")
                .isInstanceOfSatisfying(
                        PortTakenException.class, e -> assertThat(e.port()).isEqualTo(18099));
    }

    @Test
    void a_port_in_use_is_known_in_the_words_of_newer_engines_too() {
        for (String said : List.of(
                "failed to bind host port for 0.0.0.0:7148:172.18.0.2:7148/tcp: address already in use",
                "failed to bind host port for [::]:7148:[fd00::2]:80/tcp: address already in use",
                "failed to bind host port for :::7148:[fd00::2]:80/udp: address already in use",
                "failed to bind host port 127.0.0.1:7148/tcp: address already in use",
                "failed to bind host port for 0.0.0.0:7148: address already in use",
                "listen tcp4 0.0.0.0:7148: bind: address already in use")) {
            assertThat(failure("Error response from daemon: failed to set up container networking: driver failed"
                            + " programming external connectivity on endpoint exp-1-w3-1 (8b27): " + said + "\n"))
                    .as(said)
                    .hasMessageStartingWith("service 'w3': ")
                    .isInstanceOfSatisfying(
                            PortTakenException.class, e -> assertThat(e.port()).isEqualTo(7148));
        }
    }

    @Test
    void a_service_whose_name_ends_in_a_number_keeps_it() {
        for (String said : List.of(
                "container exp-1-web-1-1 is unhealthy",
                "container /exp-1-web-1-12: gone",
                "endpoint exp-1-web-1-2 (8b27)",
                "after \"exp-1-web-1-1\", before exp-1-db-1")) {
            assertThat(failure(said + "\n")).hasMessageStartingWith("service 'web-1': ");
        }
        assertThat(failure(" Container exp-1-web-1-1  Starting\nno\n")).hasMessage("service 'web-1': no");
        assertThat(failure("container other-exp-1-web-1 is in the way\n")).hasMessageStartingWith("stack exp-1: ");
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
    void an_engine_that_is_not_there_is_unavailable_in_the_words_of_newer_programs_too() {
        AngeeException failure = failure("failed to connect to the docker API at unix:///x.sock; check if the path"
                + " is correct and if the daemon is running: dial unix /x.sock: connect: no such file\n");
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("DOCKER_HOST");
    }

    @Test
    void a_build_that_fails_names_the_service_whose_step_it_was_and_quotes_its_last_lines() {
        String stdout = """
                #1 [good internal] load build definition from Dockerfile
                #2 [bad internal] load build definition from Dockerfile
                #5 [bad stage 2/2] RUN echo out; exit 3
                #6 [good 2/2] RUN sleep 3
                #5 0.398 out
                #5 ERROR: executor failed running [/bin/sh -c echo out; exit 3]: exit code: 3
                ------
                 > [bad stage 2/2] RUN echo out; exit 3:
                0.398 out
                ------
                """;
        String stderr = "failed to solve: executor failed running [/bin/sh -c echo out; exit 3]: exit code: 3\n";
        assertThat(failure(stdout, stderr, SecretVariables.none()))
                .hasMessage("service 'bad': failed to solve: executor failed running"
                        + " [/bin/sh -c echo out; exit 3]: exit code: 3 (the build's last lines: 0.398 out)");
        assertThat(failure(
                        "#1 [missing internal] load build definition from Nope\n#1 DONE 0.0s\n",
                        "failed to solve: failed to read dockerfile: open /var/x/Nope: no such file or directory\n",
                        SecretVariables.none()))
                .hasMessageStartingWith("service 'missing': failed to solve: failed to read dockerfile");
    }

    @Test
    void no_secret_that_compose_was_given_is_quoted_whatever_it_says_but_the_service_is_named() {
        SecretName name = new SecretName("db");
        Workload web = Workload.service("web", new Launch.Image("x"))
                .variables(Map.of("V", Text.secret(name)))
                .build();
        for (String value : List.of("canary-4711", " canary-4711\ncanary-4712 ", "canary\"4711\"", "web")) {
            SecretVariables secrets = SecretVariables.of(
                    List.of(web), SecretVariablesTest.secrets(Map.of(name, value)), StandardCharsets.UTF_8);
            String said = "service \"web\" has an odd value: " + value + "\nagain: \""
                    + value.replace("\"", "\\\"").replace("\n", "\\n") + "\"\n";
            assertThat(failure("", said, secrets))
                    .hasMessageStartingWith("service 'web': service \"")
                    .hasMessageContaining("***")
                    .hasMessageNotContainingAny("canary", "471")
                    .hasNoCause();
        }
    }

    @Test
    void a_secret_that_is_a_common_word_does_not_change_what_the_failure_is() {
        SecretName name = new SecretName("db");
        Workload web = Workload.service("web", new Launch.Image("x"))
                .variables(Map.of("V", Text.secret(name)))
                .build();
        SecretVariables secrets = SecretVariables.of(
                List.of(web), SecretVariablesTest.secrets(Map.of(name, "the")), StandardCharsets.UTF_8);
        assertThat(failure("", "Cannot connect to the Docker daemon at unix:///x\n", secrets)
                        .code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure("", "net/http: TLS handshake timeout of the registry\n", secrets))
                .hasMessageContaining("*** registry")
                .hasMessageContaining("its image is not on this machine");
    }

    @Test
    void silence_still_says_the_exit_code() {
        assertThat(failure("")).hasMessage("stack exp-1: docker compose ended with exit code 1");
    }

    @Test
    void a_program_that_somebody_has_ended_says_so_and_that_the_same_call_goes_on() {
        String progress = " Container exp-1-web-1  Creating\n";
        for (AngeeException each :
                List.of(failure(130, progress + "canceled\n"), failure(137, progress), failure(255, progress))) {
            assertThat(each.code()).isEqualTo(ErrorCode.FAILED);
            assertThat(each)
                    .hasMessageMatching(
                            "service 'web': docker compose ended with exit code (130|137|255) before it was done"
                                    + " \\(somebody has ended it: make the same call again, which goes on from there\\)");
        }
        assertThat(failure(255, "no such thing\n")).hasMessage("stack exp-1: no such thing");
    }

    @Test
    void a_full_disk_of_the_engine_says_what_to_do() {
        assertThat(failure(" Container exp-1-web-1  Creating\nmkdir /x: no space left on device\n"))
                .hasMessage("service 'web': mkdir /x: no space left on device"
                        + " (the engine's disk is full: make room, 'docker system df' says what takes it)");
    }

    @Test
    void what_follows_from_it_is_said_of_the_service_it_is_about() {
        CliResult result =
                new CliResult(OptionalInt.of(1), "", "service \"mig\" didn't complete successfully: exit 3\n");
        assertThat(CliFailure.of(
                        PROJECT,
                        ComposeCommand.up(PROJECT, List.of()),
                        result,
                        service -> ", so not what needs " + service))
                .hasMessageEndingWith("exit 3, so not what needs mig");
    }

    private static AngeeException failure(int code, String stderr) {
        return CliFailure.of(
                PROJECT, ComposeCommand.up(PROJECT, List.of()), new CliResult(OptionalInt.of(code), "", stderr));
    }

    private static AngeeException failure(String stderr) {
        return failure("", stderr, SecretVariables.none());
    }

    private static AngeeException failure(String stdout, String stderr, SecretVariables secrets) {
        return CliFailure.of(
                PROJECT,
                ComposeCommand.up(PROJECT, List.of()).knowing(secrets),
                new CliResult(OptionalInt.of(1), stdout, stderr));
    }
}
