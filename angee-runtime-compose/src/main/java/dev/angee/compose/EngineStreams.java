package dev.angee.compose;

import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.WaitResponse;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's answers that go on for a while, and who reads them. Thread-safe. */
final class EngineStreams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineStreams.class);
    private static final String TOLD_OF = Stream.of(
                    "create", "start", "kill", "die", "oom", "pause", "unpause", "health_status", "destroy")
            .map(action -> '"' + action + '"')
            .collect(Collectors.joining(","));

    private final String host;
    private final String project;
    private final ExecutorService workers;
    private final EngineConnection connection;
    private final Duration patience;
    private final Pulse pulse;
    private final Set<AutoCloseable> readers = ConcurrentHashMap.newKeySet();

    /**
     * @param patience how long an answer may take to begin
     * @param pulse looks after those that have begun
     */
    EngineStreams(
            String host,
            String project,
            ExecutorService workers,
            EngineConnection connection,
            Duration patience,
            Pulse pulse) {
        this.host = host;
        this.patience = patience;
        this.pulse = pulse;
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
        return answer(path);
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
        return answer(path);
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
        AngeeException why = new AngeeException(
                ErrorCode.UNAVAILABLE, "the container backend of " + project + " was closed; open another");
        for (AutoCloseable each : readers) {
            try {
                if (each instanceof Severable stream) {
                    stream.sever(why);
                } else {
                    each.close();
                }
            } catch (Exception e) {
                LOG.debug("a reader did not close cleanly", e);
            }
        }
    }

    /**
     * The answer of an engine, once it has begun, which is looked after from then on. Opened by a worker, because one that
     * hangs takes connections and never says a word.
     */
    private EngineResponse answer(String path) throws IOException {
        CompletableFuture<EngineResponse> outcome = new CompletableFuture<>();
        Future<?> worker = workers.submit(() -> open(path, outcome));
        try {
            EngineResponse response = outcome.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            pulse.watch(response);
            return response;
        } catch (InterruptedException e) {
            giveUp(worker, outcome);
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } catch (TimeoutException e) {
            giveUp(worker, outcome);
            throw new IOException("it did not begin to answer within " + Deadline.spell(patience), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException known) {
                throw known;
            }
            throw new IOException(e.getCause());
        }
    }

    private static void giveUp(Future<?> worker, CompletableFuture<EngineResponse> outcome) {
        worker.cancel(true);
        if (!outcome.completeExceptionally(new IOException("nobody waits for it any more"))) {
            var unused = outcome.thenAccept(EngineResponse::giveUp); // it has begun just now
        }
    }

    private void open(String path, CompletableFuture<EngineResponse> outcome) {
        try {
            EngineResponse response = EngineResponse.get(host, path);
            if (!outcome.complete(response)) {
                response.close();
            }
        } catch (IOException | RuntimeException e) {
            outcome.completeExceptionally(e);
        }
    }

    /** As the engine reads a time, whatever digits the user of this JVM writes. */
    static String seconds(Instant time) {
        return String.format(Locale.ROOT, "%d.%09d", time.getEpochSecond(), time.getNano());
    }
}
