package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.ProjectName;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.PublishedPort.Protocol;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.Lifecycle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsolationTest {
    private static final Launch IMAGE = new Launch.Image("busybox:local");

    @ParameterizedTest
    @CsvSource({
        "'', 8080, '', 8080, true",
        "127.0.0.1, 8080, 127.0.0.1, 8080, true",
        "127.0.0.1, 8080, '', 8080, true",
        "'', 8080, ::1, 8080, true",
        "0.0.0.0, 8080, 10.0.0.7, 8080, true",
        "::, 8080, ::1, 8080, true",
        "127.0.0.1, 8080, 10.0.0.7, 8080, false",
        "127.0.0.1, 8080, ::1, 8080, false",
        "0.0.0.0, 8080, ::, 8080, false",
        "'', 8080, '', 8081, false",
        "'', 0, '', 0, false"
    })
    void two_services_cannot_have_one_port_of_the_host(String one, int first, String other, int second, boolean clash) {
        for (List<PublishedPort> ports :
                List.of(List.of(tcp(one, first), tcp(other, second)), List.of(tcp(other, second), tcp(one, first)))) {
            WorkloadBuilder web = service("web").port(ports.get(0));
            WorkloadBuilder api = service("api").port(ports.get(1));
            if (clash) {
                assertRefused("'web'", web, api);
                assertRefused("'api'", web, api);
                assertRefused(
                        ports.get(0).toString(),
                        service("both").port(ports.get(0)).port(ports.get(1)));
            } else {
                assertThatCode(() -> compile(web, api)).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void a_port_of_each_protocol_may_have_one_number() {
        assertThatCode(() -> compile(
                        service("web").port(tcp("", 53)),
                        service("dns").port(new PublishedPort("", 53, 53, Protocol.UDP))))
                .doesNotThrowAnyException();
    }

    @Test
    void a_port_of_the_host_cannot_be_had_by_several_replicas() {
        Lifecycle two = Lifecycle.standard().replicas(2);
        assertRefused("replicas", service("web").port(tcp("", 8080)).lifecycle(two));
        assertThatCode(() -> compile(service("web").port(tcp("", 0)).lifecycle(two)))
                .doesNotThrowAnyException();
    }

    @Test
    void a_label_of_composes_own_is_refused() {
        for (String label : List.of("com.docker.compose.project", "com.docker.compose.oneoff")) {
            assertRefused(
                    "'" + label + "'",
                    service("web").container(ContainerOptions.standard().label(label, "other")));
        }
    }

    @Test
    void a_label_of_this_librarys_own_is_refused_but_for_the_agents() {
        for (String label : List.of("dev.angee.root", "dev.angee.inside", "dev.angee.job.run", "dev.angee.test")) {
            assertRefused(
                    "'" + label + "'",
                    service("web").container(ContainerOptions.standard().label(label, "other")));
        }
        assertThat(compile(service("web").container(ContainerOptions.standard().label("dev.angee.agent", "me"))))
                .contains("dev.angee.agent");
    }

    @Test
    void a_label_for_every_container_is_none_of_composes_or_of_this_librarys() {
        ComposeSettings settings = ComposeSettings.of(Map.of());
        for (String label : List.of("com.docker.compose.project", "dev.angee.root", "dev.angee.job.run", "", "a=b")) {
            assertThatThrownBy(() -> settings.labels(Map.of(label, "x")))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining("'" + label + "'");
        }
        Map<String, String> fine = Map.of("dev.angee.test", "1", "dev.angee.test.jvm", "7", "org.example", "x");
        assertThat(settings.labels(fine).labels()).isEqualTo(fine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a\nb", "\t", "com.docker.compose.service=x"})
    void a_label_that_compose_would_read_as_another_is_refused(String label) {
        assertRefused(
                "'" + label,
                service("web").container(ContainerOptions.standard().label(label, "x")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "../x",
                "a\n  b: {}",
                "ü",
                "$HOME",
                "--help",
                "-v",
                ".",
                "..",
                "a/b",
                "a:b",
                "\"",
                "{}"
            })
    void a_name_that_is_none_for_compose_is_refused(String name) {
        String quoted = "'" + name + "'";
        assertRefused(
                quoted, service("web").container(ContainerOptions.standard().network(name)));
        assertRefused(quoted, service("web").mount(new PlannedMount.Volume(name, "/data", false)));
        if (!name.isEmpty()) {
            assertRefused(quoted, service(name));
        }
    }

    private static void assertRefused(String said, WorkloadBuilder... workloads) {
        assertThatThrownBy(() -> compile(workloads))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining(said);
    }

    private static WorkloadBuilder service(String name) {
        return Workload.service(name, IMAGE);
    }

    private static PublishedPort tcp(String address, int port) {
        return new PublishedPort(address, port, 80, Protocol.TCP);
    }

    private static String compile(WorkloadBuilder... workloads) {
        List<Workload> built =
                Arrays.stream(workloads).map(WorkloadBuilder::build).toList();
        RuntimePlan plan = RuntimePlan.of(new ProjectName("p-1"), Path.of("/srv/p"), built);
        return ComposeFile.of(plan, Map.of(), Optional.empty());
    }
}
