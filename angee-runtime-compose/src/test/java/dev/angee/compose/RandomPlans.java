package dev.angee.compose;

import dev.angee.contract.AwkwardValues;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.ProjectName;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Plans of containers with awkward names and values; the same for the same seed. */
final class RandomPlans {
    private static final List<String> NAMES =
            List.of("on", "null", "1", "0x1f", "a.b", "_", "a-", "yes", "Web_1", "~1");
    private static final List<String> RESTARTS = List.of("no", "always", "on-failure:3", "unless-stopped");

    private final Random random;

    RandomPlans(Random random) {
        this.random = random;
    }

    /** A plan of some services and jobs. */
    RuntimePlan next(int workloads) {
        List<Workload> all = new ArrayList<>();
        for (int i = 0; i < workloads; i++) {
            all.add(workload(i, all));
        }
        return RuntimePlan.of(new ProjectName("fuzz-1a2b"), Path.of("/srv/fuzz"), all);
    }

    /** One service, of which one name is awkward, in two of three cases. */
    static RuntimePlan named(Random random) {
        String awkward = random.nextInt(3) == 0 ? "plain" : AwkwardValues.next(random);
        int place = random.nextInt(3);
        WorkloadBuilder service = Workload.service(place == 0 ? awkward : "web", new Launch.Image("busybox:local"));
        if (place == 1) {
            service.container(ContainerOptions.standard().network(awkward));
        } else if (place == 2) {
            service.mount(new PlannedMount.Volume(awkward, "/data", false));
        }
        return RuntimePlan.of(new ProjectName("fuzz-1a2b"), Path.of("/srv/fuzz"), List.of(service.build()));
    }

    private Workload workload(int number, List<Workload> before) {
        String name = NAMES.get(number % NAMES.size()).replace('~', 'z') + (number < NAMES.size() ? "" : "x" + number);
        boolean job = random.nextInt(4) == 0;
        Launch image = new Launch.Image("registry.example/" + random.nextInt(9) + ":1");
        WorkloadBuilder workload = job ? Workload.job(name, image) : Workload.service(name, image);
        workload.entrypoint(values(2)).command(values(4)).variables(variables()).limits(limits());
        workload.lifecycle(lifecycle(job)).container(container());
        if (random.nextBoolean()) {
            workload.workdir("/w/" + AwkwardValues.next(random)).user(AwkwardValues.next(random));
        }
        workload.mount(new PlannedMount.Bind(Path.of("/srv/" + plain(AwkwardValues.next(random))), "/m", true));
        workload.mount(new PlannedMount.Volume("v." + number, "/data", false));
        if (!job) {
            workload.health(check());
            workload.port(new PublishedPort("", 0, 1 + random.nextInt(65535), PublishedPort.Protocol.UDP));
        }
        for (Workload other : before) {
            if (!other.isJob() && random.nextInt(4) == 0) {
                Condition condition = random.nextBoolean() ? Condition.STARTED : Condition.HEALTHY;
                workload.dependsOn(new Dependency(other.name(), condition));
            }
        }
        return workload.build();
    }

    private List<String> values(int most) {
        return IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(i -> AwkwardValues.next(random))
                .toList();
    }

    private Map<String, Text> variables() {
        Map<String, Text> variables = new LinkedHashMap<>();
        for (String value : values(4)) {
            Text text = Text.of(value);
            variables.put(
                    "V" + variables.size(),
                    random.nextInt(3) == 0 ? text.plus(Text.secret(new SecretName("key-" + random.nextInt(3)))) : text);
        }
        return variables;
    }

    private Limits limits() {
        return random.nextBoolean()
                ? Limits.none()
                : new Limits(
                        OptionalLong.of(6_000_000L + random.nextInt()),
                        OptionalInt.of(1 + random.nextInt(9999)),
                        OptionalInt.of(1 + random.nextInt(999)));
    }

    private Lifecycle lifecycle(boolean job) {
        return new Lifecycle(
                RestartPolicy.parse(job ? "no" : RESTARTS.get(random.nextInt(RESTARTS.size())))
                        .orElseThrow(),
                job ? 1 : 1 + random.nextInt(3),
                Set.of(),
                random.nextBoolean() ? Optional.of("SIGINT") : Optional.empty(),
                random.nextBoolean() ? Optional.of(Duration.ofMillis(random.nextInt(9999))) : Optional.empty(),
                OnOwnerExit.KEEP,
                Optional.empty(),
                random.nextInt(3) == 0 ? List.of("p" + random.nextInt(3)) : List.of(),
                RunOn.DEMAND,
                random.nextBoolean() ? Optional.of(new LogRotation(1 + random.nextInt(9999), 2)) : Optional.empty());
    }

    private ContainerOptions container() {
        ContainerOptions options = ContainerOptions.standard();
        for (String value : values(3)) {
            options = options.label("l" + AwkwardValues.next(random).replaceAll("[=\\p{Cntrl}\\s]", "_"), value);
        }
        return random.nextBoolean()
                ? options
                : options.network(NAMES.get(random.nextInt(5))).extraHost("h" + random.nextInt(9), "10.0.0.7");
    }

    private HealthCheck check() {
        HealthCheck.Probe probe = switch (random.nextInt(3)) {
            case 0 -> new HealthCheck.Http(1 + random.nextInt(65535), "/" + AwkwardValues.next(random));
            case 1 -> new HealthCheck.Tcp(1 + random.nextInt(65535));
            default -> new HealthCheck.Exec(List.of("test", AwkwardValues.next(random)));
        };
        return new HealthCheck(
                probe,
                Duration.ofMillis(1 + random.nextInt(9999)),
                Duration.ofMillis(1 + random.nextInt(9999)),
                1 + random.nextInt(5),
                Duration.ofMillis(random.nextInt(2) * 700L));
    }

    /** Compose cleans paths, as does our planner. */
    private static String plain(String name) {
        return name.replace('/', '_').replace("..", "__").replaceAll("^\\.$", "_");
    }
}
