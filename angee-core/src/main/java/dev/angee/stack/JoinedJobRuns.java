package dev.angee.stack;

import dev.angee.NotFoundException;
import dev.angee.runtime.Backend;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.StopOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The runs of all backends as if they were one's. */
final class JoinedJobRuns implements JobRuns {
    private final Supplier<List<Backend>> backends;

    JoinedJobRuns(Supplier<List<Backend>> backends) {
        this.backends = backends;
    }

    @Override
    public List<JobRun> list() {
        return each().flatMap(runs -> runs.list().stream()).sorted(NEWEST_FIRST).toList();
    }

    @Override
    public String output(String id) {
        return holder(id).output(id);
    }

    @Override
    public void cancel(String id, StopOptions options) throws InterruptedException {
        holder(id).cancel(id, options);
    }

    private JobRuns holder(String id) {
        return each().filter(
                        runs -> runs.list().stream().anyMatch(run -> run.id().equals(id)))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("job run", id, "it may have been forgotten since"));
    }

    private Stream<JobRuns> each() {
        return backends.get().stream().map(Backend::jobRuns).flatMap(Optional::stream);
    }
}
