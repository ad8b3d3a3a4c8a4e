package dev.angee.compose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import dev.angee.AngeeException;
import dev.angee.internal.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was brought up last, for whoever looks at a root later: {@code run/metadata.json}, from what the engine knows.
 * Holds names, versions, times and images, and no value of a variable. The caller holds the project's lock.
 */
final class RunMetadata {
    static final String FILE_NAME = "metadata.json";

    private static final Logger LOG = LoggerFactory.getLogger(RunMetadata.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VERSION_LABEL = "com.docker.compose.version";
    private static final int FORMAT = 1;
    private static final int LARGEST = 4 << 20;

    private final ComposeProject project;
    private final Engine engine;

    RunMetadata(ComposeProject project, Engine engine) {
        this.project = project;
        this.engine = engine;
    }

    /** Writes it, if it has changed; a failure is logged, since what was brought up is up all the same. */
    void write() throws InterruptedException {
        Path file = file(project.root());
        try {
            ObjectNode now = engine.ask("what was brought up", this::read);
            byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(now);
            if (!isFile(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
                AtomicFile.writePrivate(file, bytes);
            }
        } catch (AngeeException | IOException e) {
            LOG.warn("stack {}: {} was not written: {}", project.name(), file, String.valueOf(e));
        }
    }

    /**
     * The project that was last brought up from a root; empty if that is not on record.
     *
     * @throws IOException if there is a record that cannot be understood
     */
    static Optional<String> project(Path root) throws IOException {
        Path file = file(root);
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!isFile(file) || Files.size(file) > LARGEST) {
            throw new IOException(file + " is not a record of ours");
        }
        try {
            JsonNode name = JSON.readTree(Files.readAllBytes(file)).path("project");
            if (!name.isTextual()) {
                throw new IOException(file + " names no project");
            }
            return Optional.of(name.textValue());
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged", e);
        }
    }

    private static Path file(Path root) {
        return root.resolve("run").resolve(FILE_NAME);
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private ObjectNode read(DockerClient client) {
        List<Container> services = client
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(
                        Map.of(ProjectContainer.PROJECT_LABEL, project.name().value()))
                .exec()
                .stream()
                .filter(c -> !ProjectContainer.isOneOff(labels(c)))
                .sorted(Comparator.comparing(RunMetadata::name))
                .toList();
        ObjectNode node = JSON.createObjectNode();
        node.put("version", FORMAT);
        node.put("project", project.name().value());
        node.put("root", project.root().toString());
        services.stream().mapToLong(Container::getCreated).min().ifPresent(first -> node.put("started", time(first)));
        node.put("library", libraryVersion());
        node.put("engine", client.versionCmd().exec().getVersion());
        services.stream()
                .map(c -> labels(c).getOrDefault(VERSION_LABEL, ""))
                .max(Comparator.naturalOrder())
                .ifPresent(version -> node.put("compose", version));
        Map<String, List<String>> digests = new HashMap<>();
        ArrayNode entries = node.putArray("services");
        for (Container each : services) {
            List<String> known = digests.computeIfAbsent(each.getImageId(), id -> digests(client, id));
            entries.add(entry(each, known));
        }
        return node;
    }

    private static ObjectNode entry(Container container, List<String> digests) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("name", labels(container).getOrDefault(ProjectContainer.SERVICE_LABEL, ""));
        entry.put("container", name(container));
        entry.put("created", time(container.getCreated()));
        entry.put("image", container.getImage());
        entry.put("imageId", container.getImageId());
        digests.forEach(entry.putArray("repoDigests")::add);
        return entry;
    }

    private static List<String> digests(DockerClient client, String image) {
        try {
            List<String> digests = client.inspectImageCmd(image).exec().getRepoDigests();
            return digests == null ? List.of() : digests.stream().sorted().toList();
        } catch (NotFoundException e) {
            return List.of(); // removed since, which the engine allows by force
        }
    }

    private static Map<String, String> labels(Container container) {
        return Objects.requireNonNullElse(container.getLabels(), Map.of());
    }

    private static String name(Container container) {
        String[] names = container.getNames();
        String name = names == null || names.length == 0 ? container.getId() : names[0];
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static String time(long seconds) {
        return Instant.ofEpochSecond(seconds).toString();
    }

    private static String libraryVersion() {
        String version = RunMetadata.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version; // run from a folder of classes
    }
}
