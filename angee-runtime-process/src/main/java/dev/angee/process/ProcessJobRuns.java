package dev.angee.process;

import dev.angee.NotFoundException;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.StopOptions;
import java.util.List;

/** The runs of the jobs of one stack. */
final class ProcessJobRuns implements JobRuns {
    private final RecordStore store;
    private final JobRecords records;
    private final Shutdown shutdown;

    ProcessJobRuns(RecordStore store, JobRecords records, Shutdown shutdown) {
        this.store = store;
        this.records = records;
        this.shutdown = shutdown;
    }

    @Override
    public List<JobRun> list() {
        return records.runs();
    }

    @Override
    public String output(String id) {
        return JobOutput.tail(store.log(find(id)));
    }

    @Override
    public void cancel(String id, StopOptions options) throws InterruptedException {
        ProcessRecord record = find(id);
        ProcessBackend.interruptibly(() -> {
            if (records.isFinished(record)) {
                return record;
            }
            var unused = records.mark(record, JobEnding.cancelled(options.grace()));
            ProcessRecord started = store.latest(record).orElse(record); // it may have been about to start
            if (!started.tree().look().isEmpty()) {
                shutdown.end(List.of(started), options.grace());
            }
            records.finish(started);
            return started;
        });
    }

    private ProcessRecord find(String id) {
        return records.find(id)
                .orElseThrow(() -> new NotFoundException(
                        "job run", id, "the last " + KEPT + " runs of each job are known until the stack is down"));
    }
}
