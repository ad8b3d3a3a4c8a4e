package dev.angee.compose;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Frame;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.ProjectName;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.UpOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Some of many projects, brought up, looked at or taken down by a JVM of its own: {@code ManyProjects VERB FOLDER HOST
 * FROM TO ALL}. Ends with exit code 0 if all is as it should be.
 *
 * <p>Each has two services. {@code web} publishes a port that the engine chooses, and shows a folder of the host with a
 * file that says whose it is. {@code db} copies that file to a volume if that has none yet, and shows the volume. All
 * projects call everything the same.
 */
final class ManyProjects {
    private static final int AT_ONCE = 3;
    private static final int PORT = 8080;

    private final Path folder;
    private final ComposeSettings settings;
    private final int all;

    private ManyProjects(Path folder, String host, int all) {
        this.folder = folder;
        this.settings = ComposeSettings.of(System.getenv())
                .dockerHost(host)
                .labels(Map.of(RealDocker.TEST_LABEL, "1"))
                .engineTimeout(Duration.ofMinutes(1));
        this.all = all;
    }

    public static void main(String[] words) throws Exception {
        ManyProjects projects = new ManyProjects(Path.of(words[1]), words[2], Integer.parseInt(words[5]));
        int from = Integer.parseInt(words[3]);
        int to = Integer.parseInt(words[4]);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        List<Future<?>> jobs = new ArrayList<>();
        for (int i = from; i < to; i++) {
            int number = i;
            jobs.add(threads.submit(() -> {
                projects.act(words[0], number);
                return number;
            }));
        }
        threads.shutdown();
        for (Future<?> job : jobs) {
            job.get(); // the first failure ends the program
        }
    }

    /** The root of a project. */
    static Path root(Path folder, int number) {
        return folder.resolve(String.format("p%03d", number));
    }

    static ProjectName name(Path folder, int number) {
        return ProjectName.of("many", root(folder, number));
    }

    private void act(String verb, int number) throws Exception {
        try (ComposeBackend backend = ComposeBackend.open(name(folder, number), root(folder, number), settings)) {
            switch (verb) {
                case "up" -> {
                    Files.createDirectories(root(folder, number).resolve("data"));
                    Files.writeString(
                            root(folder, number).resolve("data/who"),
                            name(folder, number).value());
                    backend.up(plan(number), UpOptions.defaults().within(Duration.ofMinutes(10)));
                }
                case "check" -> check(number);
                case "down" -> backend.down(DownOptions.defaults().grace(Duration.ofSeconds(1)));
                default -> throw new IllegalArgumentException(verb);
            }
        }
    }

    private RuntimePlan plan(int number) {
        Path root = root(folder, number);
        PlannedMount data = new PlannedMount.Bind(root.resolve("data"), "/data", true);
        Workload web = Workload.service("web", Programs.IMAGE)
                .command(Programs.shell("trap 'exit 0' TERM; httpd -f -p " + PORT + " -h /data & wait"))
                .port(new PublishedPort("127.0.0.1", 0, PORT, PublishedPort.Protocol.TCP))
                .mount(data)
                .build();
        Workload db = Workload.service("db", Programs.IMAGE)
                .command(
                        Programs.shell("trap 'exit 0' TERM; test -f /store/who || cp /data/who /store/who; httpd -f -p "
                                + PORT + " -h /store & wait"))
                .mount(data)
                .mount(new PlannedMount.Volume("store", "/store", false))
                .build();
        return RuntimePlan.of(name(folder, number), root, List.of(db, web));
    }

    private void check(int number) throws Exception {
        String me = name(folder, number).value();
        int other = (number + 1) % all;
        try (EngineConnection connection = new EngineConnection(settings.dockerHost())) {
            DockerClient client = connection.questions();
            Container web = container(client, number, "web");
            expect("its folder, by the published port", me, get(web.getPorts()[0].getPublicPort()));
            expect("its folder, by its service", me, fetch(client, web, "http://web:" + PORT + "/who"));
            expect("its volume, by its service", me, fetch(client, web, "http://db:" + PORT + "/who"));
            if (other != number) {
                String stranger = name(folder, other) + "-db-1";
                expect(
                        "another's container by name",
                        "",
                        fetch(client, web, "http://" + stranger + ":" + PORT + "/who"));
                String address = addresses(container(client, other, "db")).get(0);
                expect(
                        "another's container by address",
                        "",
                        fetch(client, web, "http://" + address + ":" + PORT + "/who"));
            }
        }
    }

    private Container container(DockerClient client, int number, String service) {
        Map<String, String> labels = Map.of(
                ProjectContainer.PROJECT_LABEL, name(folder, number).value(), ProjectContainer.SERVICE_LABEL, service);
        return client.listContainersCmd().withLabelFilter(labels).exec().get(0);
    }

    static List<String> addresses(Container container) {
        return container.getNetworkSettings().getNetworks().values().stream()
                .map(ContainerNetwork::getIpAddress)
                .toList();
    }

    private static String get(int port) throws IOException {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/who").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** As a container sees it; empty if it cannot be had. */
    private static String fetch(DockerClient client, Container container, String url) throws Exception {
        String id = client.execCreateCmd(container.getId())
                .withCmd("sh", "-c", "timeout 3 wget -q -O - \"$0\" 2>/dev/null", url)
                .withAttachStdout(true)
                .exec()
                .getId();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        client.execStartCmd(id)
                .exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) {
                        said.writeBytes(frame.getPayload());
                    }
                })
                .awaitCompletion();
        return said.toString(StandardCharsets.UTF_8);
    }

    private static void expect(String what, String expected, String found) {
        if (!expected.equals(found)) {
            throw new IllegalStateException(what + ": expected '" + expected + "', found '" + found + "'");
        }
    }
}
