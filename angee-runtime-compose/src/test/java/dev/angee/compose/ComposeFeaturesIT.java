package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.plan.Dependency;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.workload.Condition;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.DockerAccess;
import dev.angee.workload.Hardening;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a workload can ask for beyond what every backend does, and what the engine then does. */
class ComposeFeaturesIT extends OneStack {
    private static final StopOptions SHORT_GRACE = StopOptions.defaults().grace(Duration.ofSeconds(1));

    /** Ends two seconds after it was asked to. */
    private static final String SLOW =
            "trap 'sleep 2; touch /out/$0 2>/dev/null; exit 0' TERM; while :; do sleep 0.1; done";

    private static final String STUBBORN = "trap '' TERM; while :; do sleep 0.1; done";

    @Test
    void compose_itself_accepts_a_file_with_every_feature() throws Exception {
        Path file = Files.writeString(
                root().resolve("features.yaml"),
                ComposeFile.of(ComposeFileTest.features(), Map.of(), Optional.of(Path.of("/run/$engine.sock"))));
        String said = ComposeFileIT.docker("compose", "-f", file.toString(), "config", "--quiet");
        assertThat(said).contains("ANGEE_SECRET_KEY").hasLineCount(1);
        assertThat(ComposeFileIT.docker("compose", "-f", file.toString(), "config", "--format", "json"))
                .contains("\"mem_limit\": \"6442450944\"", "\"cpus\": 1.25", "\"stop_grace_period\": \"2s\"")
                .contains("notes/web:$$1", "host.docker.internal=host-gateway", "\"driver\": \"nfs\"");
    }

    @Test
    void the_engine_is_told_all_that_was_asked_for() throws Exception {
        Lifecycle lifecycle = new Lifecycle(
                RestartPolicy.parse("on-failure:5").orElseThrow(),
                1,
                Set.of(),
                Optional.of("SIGUSR1"),
                Optional.of(Duration.ofMillis(1500)),
                OnOwnerExit.KEEP,
                Optional.empty(),
                List.of("some"),
                RunOn.DEMAND,
                Optional.of(new LogRotation(1 << 20, 3)));
        ContainerOptions container = new ContainerOptions(
                Map.of("theirs", "{{x}} $y"),
                List.of("edge"),
                Map.of("db.local", "10.0.0.7", "six.local", "fd00::1", "host.docker.internal", "host-gateway"),
                new Hardening(List.of("ALL"), List.of("CHOWN"), true, true),
                Optional.of("io.containerd.runc.v2"),
                DockerAccess.SOCKET);
        backend()
                .up(
                        plan(Workload.service("web", Programs.IMAGE)
                                .entrypoint(List.of("/bin/sh", "-c"))
                                .command(List.of("exec sleep 86400"))
                                .user("1000:1001")
                                .limits(new Limits(OptionalLong.of(64 << 20), OptionalInt.of(250), OptionalInt.of(50)))
                                .lifecycle(lifecycle)
                                .container(container)),
                        UpOptions.defaults());

        InspectContainerResponse web = inspect("web");
        assertThat(web.getConfig().getEntrypoint()).containsExactly("/bin/sh", "-c");
        assertThat(web.getConfig().getUser()).isEqualTo("1000:1001");
        assertThat(ComposeFileIT.docker("inspect", "-f", "{{.Config.StopSignal}} {{.Config.StopTimeout}}", web.getId()))
                .isEqualToIgnoringNewLines("SIGUSR1 2");
        assertThat(web.getConfig().getLabels())
                .containsEntry("theirs", "{{x}} $y")
                .containsEntry(ComposeBackend.ROOT_LABEL, root().toString());
        assertThat(web.getNetworkSettings().getNetworks())
                .containsOnlyKeys(project() + "_default", project() + "_edge");
        assertThat(web.getMounts()).singleElement().satisfies(mount -> {
            assertThat(mount.getSource())
                    .isEqualTo(RealDocker.settings().socket().orElseThrow().toString());
            assertThat(Objects.requireNonNull(mount.getDestination()).getPath()).isEqualTo("/var/run/docker.sock");
            assertThat(mount.getRW()).isFalse();
        });
        HostConfig host = web.getHostConfig();
        assertThat(host.getRestartPolicy().getName()).isEqualTo("on-failure");
        assertThat(host.getRestartPolicy().getMaximumRetryCount()).isEqualTo(5);
        assertThat(host.getMemory()).isEqualTo(64 << 20);
        assertThat(host.getNanoCPUs()).isEqualTo(250_000_000);
        assertThat(host.getPidsLimit()).isEqualTo(50);
        assertThat(host.getExtraHosts())
                .containsExactlyInAnyOrder(
                        "db.local:10.0.0.7", "six.local:fd00::1", "host.docker.internal:host-gateway");
        assertThat(host.getCapDrop()).containsExactly(Capability.ALL);
        assertThat(host.getCapAdd()).containsExactly(Capability.CHOWN);
        assertThat(host.getReadonlyRootfs()).isTrue();
        assertThat(host.getSecurityOpts()).containsExactly("no-new-privileges:true");
        assertThat(host.getRuntime()).isEqualTo("io.containerd.runc.v2");
        assertThat(host.getLogConfig().getType()).hasToString("json-file");
        assertThat(host.getLogConfig().getConfig()).isEqualTo(Map.of("max-size", "1048576", "max-file", "3"));
    }

    @Test
    void a_job_is_hardened_and_limited_like_a_service_R10() throws Exception {
        Workload job = Workload.job("j", Programs.IMAGE)
                .entrypoint(List.of("/bin/sh", "-c"))
                .command(List.of("id -u; touch /x 2>&1 | grep -o Read-only; grep -E '^(CapEff|NoNewPrivs)'"
                        + " /proc/self/status; grep db.local /etc/hosts; [ -S /var/run/docker.sock ] && echo socket"))
                .user("1000")
                .container(new ContainerOptions(
                        Map.of(),
                        List.of("edge"),
                        Map.of("db.local", "10.0.0.7"),
                        new Hardening(List.of("ALL"), List.of(), true, true),
                        Optional.empty(),
                        DockerAccess.SOCKET))
                .build();
        assertThat(backend()
                        .run(job, RunOptions.defaults())
                        .output()
                        .replace('\t', ' ')
                        .lines())
                .containsExactly(
                        "1000",
                        "Read-only",
                        "CapEff: 0000000000000000",
                        "NoNewPrivs: 1",
                        "10.0.0.7 db.local",
                        "socket");
    }

    @Test
    void a_service_on_another_network_stays_on_the_stacks_own_R3() throws Exception {
        List<String> serve = Programs.shell("while :; do echo \"from $(hostname)\" | nc -l -p 80; done");
        backend()
                .up(
                        plan(
                                Workload.service("routed", Programs.IMAGE)
                                        .command(serve)
                                        .container(ContainerOptions.standard().network("edge")),
                                Workload.service("db", Programs.IMAGE).command(serve)),
                        UpOptions.defaults());
        String ask = "until timeout 5 nc %s 80 </dev/null; do sleep 0.1; done";
        Workload plain = Workload.job("plain", Programs.IMAGE)
                .command(Programs.shell(String.format(ask, "routed")))
                .build();
        Workload edged = Workload.job("edged", Programs.IMAGE)
                .command(Programs.shell(String.format(ask, "db")))
                .container(ContainerOptions.standard().network("edge"))
                .build();
        assertThat(backend().run(plain, RunOptions.defaults()).output()).contains("from ");
        assertThat(backend().run(edged, RunOptions.defaults()).output()).contains("from ");
        backend().down(SHORT);
        assertThat(engine().listNetworksCmd().withNameFilter(project().value()).exec())
                .isEmpty();
    }

    @Test
    void a_service_that_is_restarted_says_so_and_how_often_and_stop_is_the_end_of_it() throws Exception {
        for (String policy : List.of("always", "unless-stopped", "on-failure")) {
            RuntimePlan plan = plan(Programs.service("a", new Program.Exits("again", 3))
                    .lifecycle(restart(RestartPolicy.parse(policy).orElseThrow())));
            backend().up(plan, UpOptions.defaults());
            soon().until(() -> Objects.requireNonNull(inspect("a").getRestartCount()) >= 2);
            soon().untilAsserted(() -> {
                WorkloadStatus seen = status("a");
                assertThat(seen.state()).isEqualTo(WorkloadState.RESTARTING);
                assertThat(seen.reason()).isEqualTo("restarting after exit 3");
                assertThat(seen.exitCode()).hasValue(3);
                assertThat(seen.restarts()).isGreaterThanOrEqualTo(2);
            });
            backend().stop(Selection.all(), SHORT_GRACE);
            soon().during(Duration.ofSeconds(2)).until(() -> states().equals(Map.of("a", WorkloadState.EXITED)));
            assertThat(status("a").exitCode()).hasValue(3);
            backend().start(Selection.all(), StartOptions.defaults());
            soon().until(() -> status("a").state() == WorkloadState.RUNNING);
            backend().down(SHORT);
        }
    }

    @Test
    void a_service_that_failed_too_often_is_exited() throws Exception {
        backend()
                .up(
                        plan(Programs.service("a", new Program.Exits("again", 4))
                                .lifecycle(restart(
                                        RestartPolicy.parse("on-failure:1").orElseThrow()))),
                        UpOptions.defaults());
        soon().until(() -> status("a").state() == WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(4);
        assertThat(inspect("a").getRestartCount()).isEqualTo(1);
    }

    @Test
    void a_command_that_is_not_there_fails_the_up_also_if_it_is_tried_again_and_again() {
        RuntimePlan plan = plan(Workload.service("a", Programs.IMAGE)
                .command(List.of("no-such-program"))
                .lifecycle(restart(RestartPolicy.parse("always").orElseThrow())));
        assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("service 'a'")
                .hasMessageContaining("no-such-program");
    }

    @Test
    void a_stop_signal_of_ones_own_is_what_asks_it_to_end() throws Exception {
        Lifecycle signal = new Lifecycle(
                RestartPolicy.never(),
                1,
                Set.of(),
                Optional.of("SIGUSR1"),
                Optional.empty(),
                OnOwnerExit.KEEP,
                Optional.empty(),
                List.of(),
                RunOn.DEMAND,
                Optional.empty());
        String script = "trap 'exit 9' USR1; trap '' TERM; echo ready; while :; do sleep 0.1; done";
        backend()
                .up(
                        plan(Workload.service("a", Programs.IMAGE)
                                .command(Programs.shell(script))
                                .lifecycle(signal)),
                        UpOptions.defaults());
        soon().until(() -> lines(backend().logs(LogQuery.all())).contains("ready"));
        backend().stop(Selection.all(), StopOptions.defaults());
        assertThat(status("a").exitCode()).hasValue(9);
    }

    @Test
    void a_time_of_ones_own_to_end_in_holds_and_the_callers_is_for_the_others_dependents_first() throws Exception {
        RuntimePlan plan = plan(
                service("db", STUBBORN).dependsOn(new Dependency("far", Condition.STARTED)),
                service("mid", SLOW)
                        .lifecycle(grace(Duration.ofSeconds(30)))
                        .dependsOn(new Dependency("db", Condition.STARTED)),
                service("web", STUBBORN).dependsOn(new Dependency("mid", Condition.STARTED)),
                service("far", STUBBORN));
        backend().up(plan, UpOptions.defaults());
        List<String> ended = new ArrayList<>();
        try (EventStream events = backend().events()) {
            backend().stop(Selection.all(), SHORT_GRACE);
            soon().until(() -> {
                events.poll(Duration.ofSeconds(1))
                        .filter(e -> e.state() == WorkloadState.EXITED)
                        .ifPresent(e -> ended.add(e.workload()));
                return ended.size() == 4;
            });
        }
        assertThat(ended).containsExactly("web", "mid", "db", "far");
        assertThat(status("mid").exitCode()).as("it had its time").hasValue(0);
        assertThat(status("web").exitCode()).hasValue(137);
        assertThat(status("db").exitCode()).hasValue(137);
    }

    @Test
    @Timeout(60)
    void a_time_of_ones_own_that_is_shorter_than_the_callers_holds_too() throws Exception {
        backend().up(plan(service("a", STUBBORN).lifecycle(grace(Duration.ofSeconds(1)))), UpOptions.defaults());
        backend().stop(Selection.all(), StopOptions.defaults().grace(Duration.ofMinutes(5)));
        assertThat(status("a").exitCode()).hasValue(137);
    }

    @Test
    void down_too_leaves_a_service_its_own_time() throws Exception {
        Path out = Files.createDirectory(root().resolve("out"));
        backend()
                .up(
                        plan(
                                Workload.service("a", Programs.IMAGE)
                                        .command(Programs.shell(SLOW, "ended-well"))
                                        .mount(new PlannedMount.Bind(out, "/out", false))
                                        .lifecycle(grace(Duration.ofSeconds(30))),
                                service("b", STUBBORN)),
                        UpOptions.defaults());
        backend().down(SHORT);
        assertThat(out.resolve("ended-well")).exists();
        assertThat(states()).isEmpty();
    }

    @Test
    void logs_that_are_limited_can_be_read_to_their_last_line() throws Exception {
        Lifecycle logs = new Lifecycle(
                RestartPolicy.never(),
                1,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                OnOwnerExit.KEEP,
                Optional.empty(),
                List.of(),
                RunOn.DEMAND,
                Optional.of(new LogRotation(20_000, 2)));
        String script = "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo line $i; done; exec sleep 86400";
        backend()
                .up(
                        plan(Workload.service("a", Programs.IMAGE)
                                .command(Programs.shell(script))
                                .lifecycle(logs)),
                        UpOptions.defaults());
        soon().until(() -> lines(backend().logs(LogQuery.all().tail(1))), last -> last.equals(List.of("line 2000")));
        List<String> kept = lines(backend().logs(LogQuery.all()));
        assertThat(kept).endsWith("line 1999", "line 2000").doesNotContain("line 1");
    }

    @Test
    void an_image_is_built_first_and_again_only_if_what_it_is_built_from_has_changed() throws Exception {
        Path context = Files.createDirectory(root().resolve("the $context"));
        recipe(context, "RUN echo \"built $WORD\" > /said", "FROM one AS two", "RUN echo nothing > /said");
        RuntimePlan plan = plan(Workload.service("a", build(context, Optional.of("one"), Map.of("WORD", "a $b")))
                .command(List.of("sh", "-c", "cat /said; exec sleep 86400")));
        try {
            backend().up(plan, UpOptions.defaults());
            soon().until(() -> lines(backend().logs(LogQuery.all())), List.of("built a $b")::equals);
            String first = status("a").instance();
            backend().up(plan, UpOptions.defaults());
            assertThat(status("a").instance()).isEqualTo(first);

            recipe(context, "RUN echo \"built anew\" > /said");
            backend().up(plan, UpOptions.defaults());
            assertThat(status("a").instance()).isNotEqualTo(first);
            soon().until(() -> lines(backend().logs(LogQuery.all())), List.of("built anew")::equals);
        } finally {
            backend().down(SHORT);
            removeImages();
        }
    }

    @Test
    void a_job_is_built_first_too_R10() throws Exception {
        Path context = Files.createDirectory(root().resolve("context"));
        recipe(context, "RUN echo built > /said");
        Workload job = Workload.job("j", build(context, Optional.empty(), Map.of()))
                .command(List.of("cat", "/said"))
                .build();
        try {
            assertThat(backend().run(job, RunOptions.defaults()).output()).isEqualTo("built");
            recipe(context, "RUN echo anew > /said");
            assertThat(backend().run(job, RunOptions.defaults()).output()).isEqualTo("anew");
        } finally {
            removeImages();
        }
    }

    @Test
    void a_build_that_fails_names_the_service_and_starts_nothing() throws Exception {
        Path context = Files.createDirectory(root().resolve("context"));
        recipe(context, "RUN echo 'it broke here'; exit 3");
        Launch bad = build(context, Optional.empty(), Map.of());
        assertFailed(plan(Workload.service("bad", bad)), "service 'bad'", "exit code: 3", "it broke here");
        Launch noRecipe = new Launch.Build(Optional.empty(), context, Optional.of("Nope"), Optional.empty(), Map.of());
        assertFailed(plan(Workload.service("bad", noRecipe)), "service 'bad'", "Nope");
        Launch noFolder = build(root().resolve("nowhere"), Optional.empty(), Map.of());
        assertFailed(plan(Workload.service("bad", noFolder)), "service 'bad'", "nowhere", "build.context");
        assertThatThrownBy(() -> backend().run(Workload.job("job", noFolder).build(), RunOptions.defaults()))
                .hasMessageContaining("job 'job'")
                .hasMessageContaining("nowhere");
        assertThat(states()).isEmpty();
    }

    private void assertFailed(RuntimePlan plan, String... parts) {
        assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults().within(Duration.ofMinutes(1))))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContainingAll(parts);
    }

    private static void recipe(Path context, String... lines) throws IOException {
        Files.writeString(
                context.resolve("Dockerfile"),
                "FROM " + RealDocker.IMAGE + " AS one\nARG WORD\n" + String.join("\n", lines) + "\n");
    }

    private static Launch build(Path context, Optional<String> target, Map<String, String> args) {
        return new Launch.Build(Optional.empty(), context, Optional.empty(), target, args);
    }

    /** Also those that a later build has taken the name from: Compose labels what it builds. */
    private void removeImages() {
        engine().listImagesCmd()
                .withLabelFilter(
                        Map.of(ProjectContainer.PROJECT_LABEL, project().value()))
                .exec()
                .forEach(image ->
                        engine().removeImageCmd(image.getId()).withForce(true).exec());
    }

    private static dev.angee.plan.WorkloadBuilder service(String name, String script) {
        return Workload.service(name, Programs.IMAGE).command(Programs.shell(script));
    }

    private static Lifecycle restart(RestartPolicy policy) {
        return lifecycle(policy, Optional.empty());
    }

    private static Lifecycle grace(Duration own) {
        return lifecycle(RestartPolicy.never(), Optional.of(own));
    }

    private static Lifecycle lifecycle(RestartPolicy restart, Optional<Duration> grace) {
        return new Lifecycle(
                restart,
                1,
                Set.of(),
                Optional.empty(),
                grace,
                OnOwnerExit.KEEP,
                Optional.empty(),
                List.of(),
                RunOn.DEMAND,
                Optional.empty());
    }

    private InspectContainerResponse inspect(String service) {
        return engine().inspectContainerCmd(container(service)).exec();
    }
}
