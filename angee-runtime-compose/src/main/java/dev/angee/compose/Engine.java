package dev.angee.compose;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.WaitContainerCondition;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.mount.HostPaths;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the engine about one project. Thread-safe.
 *
 * <p>Each question is asked by a worker that is interrupted when its time is up: the timeouts of docker-java have no
 * effect on unix sockets (seen with 3.7.1), and an engine that hangs would hang its caller.
 */
final class Engine implements AutoCloseable {
    /** What is large, or on a slow disk, takes a while to remove; that is no engine that hangs. */
    static final Duration REMOVAL = Duration.ofMinutes(1);

    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(1);
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final ComposeSettings settings;
    private final String project;
    private final ExecutorService workers;
    private final EngineConnection connection;
    private final EngineStreams streams;
    private final SideBySide sideBySide;
    private final ProjectEvents events;
    private final LogHub logs;
    private final Duration longestOutage;

    Engine(ComposeSettings settings, ComposeProject project, ExecutorService workers) {
        this(settings, project, workers, LONGEST_OUTAGE, SILENCE);
    }

    /**
     * @param longestOutage how long those who listen wait for an engine that is away
     * @param silence after how long a silent engine is asked whether it still replies
     */
    Engine(
            ComposeSettings settings,
            ComposeProject project,
            ExecutorService workers,
            Duration longestOutage,
            Duration silence) {
        this.settings = settings;
        this.project = project.name().value();
        this.workers = workers;
        this.sideBySide = new SideBySide(workers);
        this.connection = new EngineConnection(settings.dockerHost());
        this.longestOutage = longestOutage;
        this.streams = new EngineStreams(
                settings.dockerHost(),
                this.project,
                workers,
                connection,
                settings.engineTimeout(),
                new Pulse(workers, silence, this::ping));
        this.events = new ProjectEvents(this, longestOutage);
        this.logs = new LogHub(this, longestOutage);
    }

    /** The engine's version. */
    String version() throws InterruptedException {
        return ask("for its version", client -> client.versionCmd().exec().getVersion());
    }

    /** Whether it replies: returns if it does. */
    void ping() throws InterruptedException {
        ask("whether it replies", client -> client.pingCmd().exec());
    }

    /** How long those who listen wait for an engine that is away. */
    Duration longestOutage() {
        return longestOutage;
    }

    /** What time it is for the engine; another machine's clock may differ. */
    Instant now() throws InterruptedException {
        String time = ask("for the time", client -> client.infoCmd().exec().getSystemTime());
        return OffsetDateTime.parse(time).toInstant();
    }

    /** All containers of the project: running or not, of services and of jobs. */
    List<ProjectContainer> containers() throws InterruptedException {
        return containers(ours());
    }

    /** Those of one service or job. */
    List<ProjectContainer> containers(String service) throws InterruptedException {
        Map<String, String> labels = new HashMap<>(ours());
        labels.put(ProjectContainer.SERVICE_LABEL, service);
        return containers(labels);
    }

    private List<ProjectContainer> containers(Map<String, String> labels) throws InterruptedException {
        List<String> ids = ask(
                "for the containers of " + project,
                client -> client.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
                        .map(Container::getId)
                        .toList());
        return sideBySide.ask(ids, this::container).stream() // most of the time is waiting, here or there
                .flatMap(Optional::stream)
                .toList();
    }

    /** Asks about many containers at once, but not too many. */
    SideBySide sideBySide() {
        return sideBySide;
    }

    /**
     * One container.
     *
     * @param id its id or its name
     */
    Optional<ProjectContainer> container(String id) throws InterruptedException {
        return ask("for a container", client -> inspect(client, id));
    }

    /** What a container mounts, as {@link HostPaths} has it; empty if the engine knows no such container. */
    Optional<HostPaths> mounts(String id) throws InterruptedException {
        return ask("what a container mounts", client -> {
            try {
                return Optional.of(
                        ContainerMounts.of(client.inspectContainerCmd(id).exec()));
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        });
    }

    /** The names of the programs that run in a container; empty if it does not run. */
    List<String> programs(String id) throws InterruptedException {
        return ask("what runs in a container", client -> {
            try {
                return lastColumn(client.topContainerCmd(id)
                        .withPsArgs("-eo pid,comm")
                        .exec()
                        .getProcesses());
            } catch (NotFoundException | ConflictException e) {
                return List.of();
            }
        });
    }

    /** The engine lists nothing at all for a container that ends just then (seen with 20.10). */
    static List<String> lastColumn(String @Nullable [][] rows) {
        return rows == null
                ? List.of()
                : List.of(rows).stream().map(row -> row[row.length - 1]).toList();
    }

    /** Kills and removes a container with its nameless volumes, and sees it gone; it need not be there. */
    void remove(String id) throws InterruptedException {
        ask("to remove a container", REMOVAL, client -> {
            try {
                client.removeContainerCmd(id)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
                return true;
            } catch (ConflictException e) {
                return awaitRemoved(client, id); // somebody else is removing it
            } catch (NotFoundException e) {
                return true;
            }
        });
    }

    /** The ids of the project's networks. */
    List<String> networks() throws InterruptedException {
        return ask(
                "for the networks of " + project,
                client -> client
                        .listNetworksCmd()
                        .withFilter("label", List.of(ProjectContainer.PROJECT_LABEL + "=" + project))
                        .exec()
                        .stream()
                        .map(Network::getId)
                        .toList());
    }

    /** Removes a network; it need not be there. */
    void removeNetwork(String id) throws InterruptedException {
        ask("to remove a network", REMOVAL, client -> {
            try {
                client.removeNetworkCmd(id).exec();
            } catch (NotFoundException e) {
                return false;
            }
            return true;
        });
    }

    /** Its answers that go on for a while. */
    EngineStreams streams() {
        return streams;
    }

    /** What happens to the project's services. */
    ProjectEvents events() {
        return events;
    }

    /** What its containers write, for those who follow. */
    LogHub logs() {
        return logs;
    }

    /** What an exception of docker-java means. */
    AngeeException failure(String question, @Nullable Throwable cause) {
        if (cause instanceof AngeeException known) {
            return known;
        }
        if (cause instanceof DockerException refusal) {
            return new AngeeException(
                    ErrorCode.FAILED,
                    "the Docker engine refused when asked " + question + ": " + refusal.getMessage()
                            + Unreachable.hint(refusal),
                    refusal);
        }
        if (connection.isClosed()) {
            return new AngeeException(
                    ErrorCode.UNAVAILABLE, "the container backend of " + project + " was closed", cause);
        }
        Unreachable way = new Unreachable(settings.dockerHost());
        if (cause == null || !way.isUnderstood() || Unreachable.isOnTheWay(cause)) {
            return new AngeeException(ErrorCode.UNAVAILABLE, way.sentence(cause), cause);
        }
        return new AngeeException(
                ErrorCode.FAILED,
                "the Docker engine at " + settings.dockerHost() + " was asked " + question
                        + ", and nothing can be made of that: " + cause,
                cause);
    }

    @Override
    public void close() {
        streams.close();
        connection.close();
    }

    /**
     * Asks, for as long as an answer may take.
     *
     * @param question what is asked, for messages: "for the time"
     */
    <T> T ask(String question, Function<DockerClient, T> call) throws InterruptedException {
        return ask(question, settings.engineTimeout(), call);
    }

    /** How long it may take for the answer to a look. */
    Duration usualPatience() {
        return settings.engineTimeout();
    }

    /** The same, for what may take the engine longer than a look. */
    <T> T ask(String question, Duration patience, Function<DockerClient, T> call) throws InterruptedException {
        Future<T> answer = workers.submit(() -> call.apply(connection.questions()));
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    "the Docker engine at " + settings.dockerHost() + " did not answer within "
                            + Deadline.spell(patience) + " when asked " + question
                            + ": look whether it hangs, and start it anew",
                    e);
        } catch (ExecutionException e) {
            throw failure(question, e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static boolean awaitRemoved(DockerClient client, String id) {
        try {
            client.waitContainerCmd(id)
                    .withCondition(WaitContainerCondition.REMOVED)
                    .start()
                    .awaitStatusCode();
        } catch (NotFoundException e) {
            return true; // gone by now
        }
        return true;
    }

    private Map<String, String> ours() {
        return Map.of(ProjectContainer.PROJECT_LABEL, project);
    }

    static Optional<ProjectContainer> inspect(DockerClient client, String id) {
        try {
            return Optional.of(
                    ProjectContainer.of(client.inspectContainerCmd(id).exec()));
        } catch (NotFoundException e) {
            return Optional.empty(); // removed since it was listed
        }
    }
}
