package dev.angee.compose;

import com.github.dockerjava.api.model.Container;
import dev.angee.AngeeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the containers of a project have written, kept in {@code run/compose.log} when they are removed: all in one, in
 * the order of time, the newest 16 MiB. Best effort: it takes ten seconds at most and its failure is only logged.
 *
 * <p>Services may print secrets, so the file is its owner's only.
 */
final class TeardownLog {
    static final String FILE_NAME = "compose.log";

    private static final Logger LOG = LoggerFactory.getLogger(TeardownLog.class);
    private static final long LIMIT = 16L << 20;

    /** Entries of each container, and how long they may take: if so many are too much, fewer but the newest. */
    private static final List<Attempt> ATTEMPTS =
            List.of(new Attempt(20_000, Duration.ofSeconds(6)), new Attempt(500, Duration.ofSeconds(3)));

    private static final String NUMBER_LABEL = "com.docker.compose.container-number";
    private static final int LONGEST_REASON = 500;

    /** One way to read them. */
    record Attempt(int tail, Duration patience) {}

    private record Source(String id, String label) {}

    private final ComposeProject project;
    private final Engine engine;
    private final List<Attempt> attempts;
    private final long limit;

    TeardownLog(ComposeProject project, Engine engine) {
        this(project, engine, ATTEMPTS, LIMIT);
    }

    /** @param attempts tried one after another, until one ends in its time */
    TeardownLog(ComposeProject project, Engine engine, List<Attempt> attempts, long limit) {
        this.project = project;
        this.engine = engine;
        this.attempts = List.copyOf(attempts);
        this.limit = limit;
    }

    /** Writes the file anew, if there is a container. */
    void write() throws InterruptedException {
        try {
            List<Source> sources = sources();
            if (!sources.isEmpty()) {
                Files.createDirectories(project.run());
                write(sources);
            }
        } catch (AngeeException | IOException e) {
            LOG.warn("stack {}: the logs of its containers were not kept: {}", project.name(), String.valueOf(e));
        }
    }

    private void write(List<Source> sources) throws IOException, InterruptedException {
        Path file = project.run().resolve(FILE_NAME);
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            try (NewestBytes sink = NewestBytes.beside(file, limit)) {
                boolean isDone = isDone(engine.streams().background(() -> copy(sources, attempt, sink)), attempt);
                if (isDone || i == attempts.size() - 1) {
                    sink.become(file);
                    return;
                }
            }
        }
    }

    private boolean isDone(Future<?> copying, Attempt attempt) throws IOException, InterruptedException {
        try {
            copying.get(attempt.patience().toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            LOG.warn(
                    "stack {}: the last {} log entries of each of its containers were not read within {}",
                    project.name(),
                    attempt.tail(),
                    Deadline.spell(attempt.patience()));
            return false;
        } catch (ExecutionException | CancellationException e) {
            throw new IOException(e.getCause() == null ? e : e.getCause());
        } finally {
            copying.cancel(true); // frees a read from the socket at once
        }
    }

    private void copy(List<Source> sources, Attempt attempt, NewestBytes sink) {
        try (MergedLog merged = new MergedLog()) {
            for (Source source : sources) {
                open(source, attempt, merged);
            }
            merged.writeTo(sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open(Source source, Attempt attempt, MergedLog merged) throws IOException {
        EngineResponse response = engine.streams().log(source.id(), LogRange.last(attempt.tail()));
        LogEntries entries = new LogEntries(source.label(), response.body(), response);
        if (response.status() == 200) {
            merged.add(entries);
            return;
        }
        try (entries) {
            byte[] reason = response.body().readNBytes(LONGEST_REASON);
            merged.note(source.label() + ": its log cannot be read: " + new String(reason, StandardCharsets.UTF_8));
        }
    }

    private List<Source> sources() throws InterruptedException {
        String name = project.name().value();
        return engine.ask("for the containers of " + name, client -> {
            List<Source> sources = new ArrayList<>();
            for (Container each : client.listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(Map.of(ProjectContainer.PROJECT_LABEL, name))
                    .exec()) {
                sources.add(new Source(each.getId(), label(each)));
            }
            sources.sort(Comparator.comparing(Source::label));
            return sources;
        });
    }

    /** {@code web}, the second of several {@code web-2}, and a job {@code job migrate}. */
    private static String label(Container container) {
        Map<String, String> labels = Objects.requireNonNullElse(container.getLabels(), Map.of());
        String service = labels.getOrDefault(ProjectContainer.SERVICE_LABEL, container.getId());
        String number = labels.getOrDefault(NUMBER_LABEL, "1");
        if (ProjectContainer.isOneOff(labels)) {
            return "job " + service;
        }
        return number.equals("1") ? service : service + "-" + number;
    }
}
