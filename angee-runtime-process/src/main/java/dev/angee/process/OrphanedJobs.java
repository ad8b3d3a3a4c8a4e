package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.runtime.JobRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of jobs whose callers died: somebody else has to look at their clocks and logs. Where there are none, each
 * method lists one folder. Thread-safe.
 */
final class OrphanedJobs {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanedJobs.class);

    private final RecordStore store;
    private final JobRecords records;
    private final Shutdown shutdown;

    OrphanedJobs(RecordStore store, JobRecords records, Shutdown shutdown) {
        this.store = store;
        this.records = records;
        this.shutdown = shutdown;
    }

    /** Ends those whose time is up, one after the other; what stands in the way of one does not keep the others alive. */
    void endOverdue(Instant now) throws InterruptedException {
        for (ProcessRecord record : records.orphans()) {
            try {
                Optional<Instant> deadline = records.deadline(record);
                if (deadline.isPresent() && deadline.get().isBefore(now)) {
                    end(record, Duration.between(record.startedAt(), deadline.get()));
                }
            } catch (AngeeException e) {
                LOG.warn("a run of job '{}' whose time is up cannot be ended: {}", record.name(), e.getMessage());
            }
        }
    }

    private void end(ProcessRecord record, Duration timeout) throws InterruptedException {
        Optional<JobEnding> why = records.mark(record, JobEnding.timedOut(timeout));
        ProcessRecord latest = store.latest(record).orElse(record);
        if (why.isPresent() && !latest.tree().look().isEmpty()) {
            shutdown.end(List.of(latest), why.get().grace());
        }
        records.settle(latest);
    }

    /** Where they write to; what {@link JobRuns} promises to keep of them is no more than their ends. */
    List<Path> logs() {
        return records.orphans().stream().map(store::log).toList();
    }
}
