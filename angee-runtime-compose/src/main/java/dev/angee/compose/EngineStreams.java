package dev.angee.compose;

import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.WaitResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's answers that go on for a while, and who reads them. Thread-safe. */
final class EngineStreams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineStreams.class);
    private static final String TOLD_OF = Stream.of(
                    "create", "start", "die", "oom", "pause", "unpause", "health_status", "destroy")
            .map(action -> '"' + action + '"')
            .collect(Collectors.joining(","));

    private final String host;
    private final String project;
    private final ExecutorService workers;
    private final EngineConnection connection;
    private final Set<AutoCloseable> readers = ConcurrentHashMap.newKeySet();

    EngineStreams(String host, String project, ExecutorService workers, EngineConnection connection) {
        this.host = host;
        this.project = project;
        this.workers = workers;
        this.connection = connection;
    }

    /**
     * Asks what happens to the project's containers, a JSON object an event.
     *
     * @param since the moment to begin at, which is included
     * @param until the moment to end at; empty to go on for ever
     */
    EngineResponse events(Instant since, Optional<Instant> until) throws IOException {
        String filters = "{\"type\":[\"container\"],\"event\":[" + TOLD_OF + "],\"label\":[\""
                + ProjectContainer.PROJECT_LABEL + "=" + project + "\"]}";
        String path = "/events?since=" + seconds(since)
                + until.map(u -> "&until=" + seconds(u)).orElse("")
                + "&filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
        return EngineResponse.get(host, path);
    }

    /** Tells what happens to the project's containers, also what has happened since then, until the engine goes away. */
    void events(Instant since, EngineStream<Event> into) {
        connection
                .streams()
                .eventsCmd()
                .withEventTypeFilter(EventType.CONTAINER)
                .withEventFilter("create", "start", "die")
                .withLabelFilter(Map.of(ProjectContainer.PROJECT_LABEL, project))
                .withSince(seconds(since))
                .exec(into);
    }

    /** Tells the exit code of a container, once it has ended. */
    void exit(String id, EngineStream<WaitResponse> into) {
        connection.streams().waitContainerCmd(id).exec(into);
    }

    /** Opens the log of a container: a frame per entry, each beginning with its time. */
    EngineResponse log(String id, LogRange range) throws IOException {
        String path = "/containers/" + id + "/logs?stdout=1&stderr=1&timestamps=1"
                + "&follow=" + (range.follow() ? 1 : 0)
                + "&tail=" + (range.tail() < 0 ? "all" : String.valueOf(range.tail()))
                + range.since().map(s -> "&since=" + seconds(s)).orElse("");
        return EngineResponse.get(host, path);
    }

    /** Takes over a connection, by a request with this body. */
    EngineResponse upgrade(String path, String body) throws IOException {
        return EngineResponse.upgrade(host, path, body);
    }

    /** What containers use, a sample a second. */
    void usage(String id, EngineStream<Statistics> into) {
        connection.streams().statsCmd(id).exec(into);
    }

    /** Runs something that reads a stream to its end. */
    Future<?> background(Runnable reader) {
        return workers.submit(reader);
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
    }

    /** As the engine reads a time, whatever digits the user of this JVM writes. */
    static String seconds(Instant time) {
        return String.format(Locale.ROOT, "%d.%09d", time.getEpochSecond(), time.getNano());
    }
}
