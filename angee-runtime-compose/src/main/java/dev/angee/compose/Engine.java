package dev.angee.compose;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.LogContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.WaitResponse;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the engine about one project. Thread-safe.
 *
 * <p>Each question is asked by a worker that is interrupted when its time is up: the timeouts of docker-java have no
 * effect on unix sockets (seen with 3.7.1), and an engine that hangs would hang its caller.
 */
final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final String[] TOLD_OF = {"create", "start", "die", "pause", "unpause", "health_status"};

    private final ComposeSettings settings;
    private final String project;
    private final ExecutorService workers;
    private final EngineConnection connection;
    private final Set<AutoCloseable> readers = ConcurrentHashMap.newKeySet();

    Engine(ComposeSettings settings, ComposeProject project, ExecutorService workers) {
        this.settings = settings;
        this.project = project.name().value();
        this.workers = workers;
        this.connection = new EngineConnection(settings.dockerHost());
    }

    /** The engine's version. */
    String version() throws InterruptedException {
        return ask("for its version", client -> client.versionCmd().exec().getVersion());
    }

    /** What time it is for the engine; another machine's clock may differ. */
    Instant now() throws InterruptedException {
        String time = ask("for the time", client -> client.infoCmd().exec().getSystemTime());
        return OffsetDateTime.parse(time).toInstant();
    }

    /** All containers of the project: running or not, of services and of jobs. */
    List<ProjectContainer> containers() throws InterruptedException {
        return ask("for the containers of " + project, client -> {
            List<ProjectContainer> seen = new ArrayList<>();
            for (Container each : client.listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(ours())
                    .exec()) {
                inspect(client, each.getId()).ifPresent(seen::add);
            }
            return seen;
        });
    }

    /**
     * One container.
     *
     * @param id its id or its name
     */
    Optional<ProjectContainer> container(String id) throws InterruptedException {
        return ask("for a container", client -> inspect(client, id));
    }

    /** The names of the programs that run in a container; empty if it does not run. */
    List<String> programs(String id) throws InterruptedException {
        return ask("what runs in a container", client -> {
            try {
                String[][] rows = client.topContainerCmd(id)
                        .withPsArgs("-eo pid,comm")
                        .exec()
                        .getProcesses();
                return List.of(rows).stream().map(row -> row[row.length - 1]).toList();
            } catch (NotFoundException | ConflictException e) {
                return List.of();
            }
        });
    }

    /** Kills and removes a container with its nameless volumes; it need not be there. */
    void remove(String id) throws InterruptedException {
        ask("to remove a container", client -> {
            try {
                client.removeContainerCmd(id)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException e) {
                return false;
            }
            return true;
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
        ask("to remove a network", client -> {
            try {
                client.removeNetworkCmd(id).exec();
            } catch (NotFoundException e) {
                return false;
            }
            return true;
        });
    }

    /** Streams what a container has written, each piece after its time. */
    void logs(String id, LogRange range, EngineStream<Frame> into) {
        LogContainerCmd command = connection
                .streams()
                .logContainerCmd(id)
                .withStdOut(true)
                .withStdErr(true)
                .withTimestamps(true)
                .withFollowStream(range.follow());
        range.since().ifPresent(since -> command.withSince(Math.toIntExact(since.getEpochSecond())));
        (range.tail() < 0 ? command.withTailAll() : command.withTail(range.tail())).exec(into);
    }

    /** Streams what happens to the project's containers, also what has happened since then. */
    void events(Instant since, EngineStream<Event> into) {
        connection
                .streams()
                .eventsCmd()
                .withEventTypeFilter(EventType.CONTAINER)
                .withEventFilter(TOLD_OF)
                .withLabelFilter(ours())
                .withSince(String.format("%d.%09d", since.getEpochSecond(), since.getNano()))
                .exec(into);
    }

    /** Streams the exit code of a container, once it has ended. */
    void exit(String id, EngineStream<WaitResponse> into) {
        connection.streams().waitContainerCmd(id).exec(into);
    }

    /** What an exception of docker-java means. */
    AngeeException failure(String question, @Nullable Throwable cause) {
        if (cause instanceof DockerException refusal) {
            return new AngeeException(
                    ErrorCode.FAILED,
                    "the Docker engine refused when asked " + question + ": " + refusal.getMessage(),
                    refusal);
        }
        return new AngeeException(
                ErrorCode.UNAVAILABLE,
                "the Docker engine at " + settings.dockerHost() + " does not answer (" + root(cause)
                        + "): start it, or set DOCKER_HOST to where it listens",
                cause);
    }

    /** Closes this reader too when this is closed. */
    void adopt(AutoCloseable reader) {
        readers.add(reader);
    }

    /** Forgets a reader that has been closed. */
    void release(AutoCloseable reader) {
        readers.remove(reader);
    }

    @Override
    public void close() {
        for (AutoCloseable each : readers) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.debug("a reader did not close cleanly", e);
            }
        }
        connection.close();
    }

    private <T> T ask(String question, Function<DockerClient, T> call) throws InterruptedException {
        Future<T> answer = submit(() -> call.apply(connection.questions()));
        try {
            return answer.get(settings.engineTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    "the Docker engine at " + settings.dockerHost() + " did not answer within "
                            + Deadline.spell(settings.engineTimeout()) + " when asked " + question
                            + ": look whether it hangs, and start it anew",
                    e);
        } catch (ExecutionException e) {
            throw failure(question, e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private <T> Future<T> submit(Callable<T> task) {
        try {
            return workers.submit(task);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("this backend is closed", e);
        }
    }

    private Map<String, String> ours() {
        return Map.of(ProjectContainer.PROJECT_LABEL, project);
    }

    private static Optional<ProjectContainer> inspect(DockerClient client, String id) {
        try {
            return Optional.of(
                    ProjectContainer.of(client.inspectContainerCmd(id).exec()));
        } catch (NotFoundException e) {
            return Optional.empty(); // removed since it was listed
        }
    }

    private static String root(@Nullable Throwable failure) {
        Throwable root = failure;
        for (Throwable next = failure; next != null; next = next.getCause()) {
            root = next;
        }
        return String.valueOf(root);
    }
}
