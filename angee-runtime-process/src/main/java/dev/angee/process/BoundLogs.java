package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.workload.LogRotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the logs of the services of one stack bounded, for the one who supervises, and tells the keeper which those are.
 * For one thread at a time.
 */
final class BoundLogs {
    private static final LogRotation OF_A_JOB = new LogRotation(1024 * 1024, 16);

    private final RecordStore store;
    private final LogBound bound;
    private String listed = "";

    BoundLogs(RecordStore store, LogBound bound) {
        this.store = store;
        this.bound = bound;
    }

    /**
     * Bounds the logs of all services, also of those that have ended, and of some jobs, and tells the keeper.
     *
     * @throws AngeeException the first failure, once all were tried
     */
    void keepBounded(List<ProcessView> views, List<Path> jobs) throws InterruptedException {
        Map<Path, Optional<LogRotation>> rules = new LinkedHashMap<>();
        views.forEach(view -> rules.put(
                store.log(view.record()), view.record().workload().lifecycle().logs()));
        jobs.forEach(log -> rules.put(log, Optional.of(OF_A_JOB)));
        List<AngeeException> failures = new ArrayList<>();
        for (Map.Entry<Path, Optional<LogRotation>> each : rules.entrySet()) {
            try {
                bound.enforce(each.getKey(), each.getValue());
            } catch (AngeeException e) {
                failures.add(e);
            }
        }
        try {
            list(rules);
        } catch (AngeeException e) {
            failures.add(e);
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    /** Writes down what {@link LogBoundScript} reads, if it has changed. The paths begin at the folder of the records. */
    private void list(Map<Path, Optional<LogRotation>> rules) {
        StringBuilder text = new StringBuilder();
        rules.forEach((log, rule) -> text.append(LogBound.kept(rule))
                .append(' ')
                .append(store.folder().relativize(log))
                .append('\n'));
        if (text.toString().equals(listed)) {
            return;
        }
        Path next = store.listingFile().resolveSibling(".logs.new");
        try {
            Files.writeString(next, text);
            Files.move(next, store.listingFile(), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return; // all was forgotten meanwhile
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot write " + next + ": " + e.getMessage(), e);
        }
        listed = text.toString();
    }
}
