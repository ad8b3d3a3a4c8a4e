package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The library itself in a container, and the engine outside: each step is a program in a container of its own. */
@ExtendWith(RealDocker.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InsideContainerIT {
    private static final String IMAGE = "angee-java:local";
    private static final String SOCKET = "/var/run/docker.sock";
    private static final int PORTS = 10;
    private static final Pattern PROJECT = Pattern.compile("(?m)^name: *\"?([a-z0-9_-]+)");

    private static final String MANIFEST = """
            name: inside
            operator: { port_pool: { web: { range: FIRST-LAST } } }
            services:
              web:
                runtime: container
                image: angee-busybox:local
                command: [sh, -c, 'cp /given/word /data/written; echo "I say $(cat /given/word)"; exec httpd -f -p 80 -h /data']
                mounts: ["bind://data:/data", "bind://given:/given:ro"]
                healthcheck: { exec: [wget, -q, -O, /dev/null, "http://127.0.0.1/written"], interval: 200ms, start_period: 20s }
                ports: ["127.0.0.1:${alloc.web}:80"]
            jobs:
              look: { runtime: container, image: angee-busybox:local, command: [cat, /data/written], mounts: ["bind://data:/data"] }
            """;

    @TempDir
    private Path folder;

    private final List<Path> roots = new ArrayList<>();
    private int firstPort;
    private String manifest;
    private EngineConnection connection;

    @BeforeEach
    void requireImage() throws IOException {
        folder = folder.toRealPath();
        firstPort = freePorts();
        manifest = MANIFEST.replace("FIRST", String.valueOf(firstPort))
                .replace("LAST", String.valueOf(firstPort + PORTS - 1));
        connection = new EngineConnection(RealDocker.settings().dockerHost());
        try {
            engine().inspectImageCmd(IMAGE).exec();
        } catch (NotFoundException e) {
            String problem = "the image " + IMAGE + " is missing: run .ci/test-images.sh";
            if ("true".equals(System.getenv("CI")) || Boolean.getBoolean("require.docker")) {
                Assertions.fail(problem);
            }
            Assumptions.abort(problem);
        }
    }

    /** The first of some in a row that nobody has now, below those that are given out to whoever asks for any. */
    private static int freePorts() {
        Random random = new Random();
        return random.ints(20_000, 32_000)
                .filter(first -> IntStream.range(first, first + PORTS).allMatch(InsideContainerIT::isFree))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void takeDown() throws Exception {
        try {
            for (Path root : roots) {
                inside(root.getParent(), "down");
                assertThat(containers(root)).isEmpty();
            }
        } finally {
            connection.close();
        }
    }

    @Test
    void a_stack_that_is_brought_up_from_inside_a_container_works_on_the_folders_outside() throws Exception {
        Path root = stack("one", "hello");
        assertThat(inside(folder.resolve("one"), "up")).isEmpty();
        assertThat(root.resolve("data/written"))
                .as("what the service wrote, outside")
                .hasContent("hello");
        assertThat(served(root)).as("its port, outside").isEqualTo("hello");
        String status = inside(folder.resolve("one"), "status");
        assertThat(status).startsWith("web RUNNING HEALTHY ").hasLineCount(1);
        assertThat(inside(folder.resolve("one"), "logs")).isEqualTo("web: I say hello\n");
        assertThat(inside(folder.resolve("one"), "look")).isEqualTo("exit 0: hello\n");

        assertThat(inside(folder.resolve("one"), "up")).isEmpty();
        assertThat(inside(folder.resolve("one"), "status"))
                .as("an up from another container changes nothing")
                .isEqualTo(status);
        assertThat(inside(folder.resolve("one"), "down")).isEmpty();
        assertThat(containers(root)).isEmpty();
        assertThat(root.resolve("data/written")).exists();
    }

    @Test
    void stacks_of_two_containers_that_see_them_at_the_same_path_are_apart() throws Exception {
        Path one = stack("one", "first");
        Path two = stack("two", "second");
        assertThat(inside(folder.resolve("one"), "up")).isEmpty();
        String status = inside(folder.resolve("one"), "status");
        assertThat(inside(folder.resolve("two"), "up")).isEmpty();
        assertThat(project(one)).isNotEqualTo(project(two));
        assertThat(inside(folder.resolve("one"), "status")).isEqualTo(status);
        assertThat(List.of(served(one), served(two))).containsExactly("first", "second");
        assertThat(inside(folder.resolve("two"), "down")).isEmpty();
        assertThat(served(one)).isEqualTo("first");
    }

    @Test
    void a_folder_that_the_engine_cannot_see_is_refused_and_nothing_is_made() throws Exception {
        Path root = stack("one", "hello");
        Set<String> before = all();
        String copied = "mkdir /own && cp -r /work/stack /own && exec " + program("/own/stack", "up");
        assertThat(run(folder.resolve("one"), InsideContainer.REFUSED, List.of(), "sh", "-c", copied))
                .startsWith("INVALID ")
                .contains("/own/stack/data", "not known to the container engine outside", "-v /own/stack/data:");
        Files.writeString(root.resolve("angee.yaml"), manifest.replace("bind://given", "bind:///etc/ssl"));
        assertThat(run(
                        folder.resolve("one"),
                        InsideContainer.REFUSED,
                        List.of(),
                        "sh",
                        "-c",
                        program("/work/stack", "up")))
                .startsWith("INVALID ")
                .contains("services.web.mounts", "/etc/ssl");
        assertThat(all()).isEqualTo(before);
        Files.writeString(root.resolve("angee.yaml"), manifest);
    }

    @Test
    void a_port_that_is_taken_outside_where_nobody_inside_can_see_it_is_given_up_for_another() throws Exception {
        Path root = stack("one", "hello");
        try (ServerSocket taken = new ServerSocket(firstPort, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThat(inside(folder.resolve("one"), "up")).isEmpty();
            assertThat(port(root)).isNotEqualTo(taken.getLocalPort());
            assertThat(served(root)).isEqualTo("hello");
        }
    }

    @Test
    void an_engine_whose_socket_is_elsewhere_inside_is_given_to_services_and_jobs_from_where_it_is_outside()
            throws Exception {
        Path root = stack("one", "hello");
        Files.writeString(
                root.resolve("angee.yaml"),
                manifest.replace(
                                "    image: angee-busybox:local\n",
                                "    image: angee-busybox:local\n    docker_access: socket\n")
                        .replace("command: [cat, /data/written]", "command: [stat, -c, '%F', /var/run/docker.sock]")
                        .replace("look: {", "look: { docker_access: socket,"));
        List<String> elsewhere =
                List.of("-v", SOCKET + ":/run/engine.sock", "-e", "DOCKER_HOST=unix:///run/engine.sock");
        assertThat(run(folder.resolve("one"), 0, elsewhere, "sh", "-c", program("/work/stack", "up")))
                .isEmpty();
        assertThat(engine().inspectContainerCmd(containers(root).iterator().next())
                        .exec()
                        .getMounts())
                .anyMatch(mount -> SOCKET.equals(mount.getSource()));
        assertThat(run(folder.resolve("one"), 0, elsewhere, "sh", "-c", program("/work/stack", "look")))
                .contains("exit 0: ", "socket");
    }

    /** A stack below {@code /work} of a container that mounts this folder there. */
    private Path stack(String name, String word) throws IOException {
        Path root = Files.createDirectories(folder.resolve(name).resolve("stack"));
        Files.createDirectory(root.resolve("data"));
        Files.writeString(Files.createDirectory(root.resolve("given")).resolve("word"), word);
        Files.writeString(root.resolve("angee.yaml"), manifest);
        roots.add(root);
        return root;
    }

    private String inside(Path mounted, String verb) throws Exception {
        return run(mounted, 0, List.of("-v", SOCKET + ":" + SOCKET), "sh", "-c", program("/work/stack", verb));
    }

    private static String program(String root, String verb) {
        List<String> inside = new ArrayList<>();
        for (int i = 0; i < classPath().size(); i++) {
            inside.add("/cp/" + i + ending(classPath().get(i)));
        }
        return "java -Xshare:auto -XX:TieredStopAtLevel=1 -cp " + String.join(":", inside) + " "
                + InsideContainer.class.getName() + " " + root + " /work/state " + verb;
    }

    private static String ending(String entry) {
        return entry.endsWith(".jar") ? ".jar" : "";
    }

    private static List<String> classPath() {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> Files.exists(Path.of(entry)))
                .toList();
    }

    /** What a command says in a container of its own, once it has ended with this code. */
    private String run(Path mounted, int code, List<String> more, String... command) throws Exception {
        List<String> docker =
                new ArrayList<>(List.of("docker", "run", "--rm", "--label", RealDocker.TEST_LABEL + "=1"));
        docker.addAll(List.of("-v", mounted + ":/work"));
        if (more.isEmpty()) {
            docker.addAll(List.of("-v", SOCKET + ":" + SOCKET));
        }
        docker.addAll(more);
        for (int i = 0; i < classPath().size(); i++) {
            String entry = classPath().get(i);
            docker.addAll(List.of("-v", Path.of(entry).toRealPath() + ":/cp/" + i + ending(entry) + ":ro"));
        }
        docker.add(IMAGE);
        docker.addAll(List.of(command));
        Path errors = folder.resolve("errors");
        Process process =
                new ProcessBuilder(docker).redirectError(errors.toFile()).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said + Files.readString(errors)).isEqualTo(code);
        return said;
    }

    private static String project(Path root) throws IOException {
        Matcher name = PROJECT.matcher(Files.readString(root.resolve(ComposeProject.FILE_NAME)));
        assertThat(name.find()).isTrue();
        return name.group(1);
    }

    private int port(Path root) throws IOException {
        return engine()
                .inspectContainerCmd(containers(root).iterator().next())
                .exec()
                .getHostConfig()
                .getPortBindings()
                .getBindings()
                .values()
                .stream()
                .mapToInt(bindings -> Integer.parseInt(bindings[0].getHostPortSpec()))
                .findFirst()
                .orElseThrow();
    }

    private String served(Path root) throws IOException {
        try (InputStream in = URI.create("http://127.0.0.1:" + port(root) + "/written")
                .toURL()
                .openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Set<String> containers(Path root) throws IOException {
        if (!Files.exists(root.resolve(ComposeProject.FILE_NAME))) {
            return Set.of();
        }
        return ids(Map.of(ProjectContainer.PROJECT_LABEL, project(root)));
    }

    /** All containers and networks that could be of a stack of this test's manifest. */
    private Set<String> all() {
        Set<String> found = new TreeSet<>();
        engine().listContainersCmd()
                .withShowAll(true)
                .exec()
                .forEach(each -> add(found, each.getId(), each.getLabels()));
        engine().listNetworksCmd().exec().forEach(each -> add(found, each.getId(), each.getLabels()));
        return found;
    }

    private static void add(Set<String> found, String id, Map<String, String> labels) {
        if (labels.getOrDefault(ProjectContainer.PROJECT_LABEL, "").startsWith("inside-")) {
            found.add(id);
        }
    }

    private Set<String> ids(Map<String, String> labels) {
        Set<String> ids = new TreeSet<>();
        engine().listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels)
                .exec()
                .forEach(c -> ids.add(c.getId()));
        return ids;
    }

    private DockerClient engine() {
        return connection.questions();
    }
}
