package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.secret.ResolvedSecrets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of jobs whose callers died, or lost sight of them: somebody else has to look at their clocks, keep what they have
 * written, and remove their containers. That is done by each {@code up} and each run of a job; {@code down} ends them all.
 * Thread-safe.
 */
final class LeftJobs {
    private static final Logger LOG = LoggerFactory.getLogger(LeftJobs.class);

    private final Engine engine;
    private final RunRecords records;
    private final RunContainers containers;

    LeftJobs(Engine engine, RunRecords records, RunContainers containers) {
        this.engine = engine;
        this.records = records;
        this.containers = containers;
    }

    /**
     * Ends those whose time is up, and collects those that have ended. What stands in the way of one is no failure.
     *
     * @param secrets the values that are masked in what is kept
     */
    void collect(ResolvedSecrets secrets) throws InterruptedException {
        Map<String, ProjectContainer> there = containers.all();
        for (RunRecord run : records.left()) {
            try {
                collect(run, Optional.ofNullable(there.get(run.id())), secrets);
            } catch (AngeeException e) {
                LOG.warn("a run of job '{}' cannot be collected: {}", run.job(), e.getMessage());
            }
        }
        for (Map.Entry<String, ProjectContainer> each : there.entrySet()) {
            if (records.isUnwanted(each.getKey(), each.getValue())) {
                remove(each.getValue());
            }
        }
    }

    private void collect(RunRecord run, Optional<ProjectContainer> container, ResolvedSecrets secrets)
            throws InterruptedException {
        if (container.isPresent() && !RunContainers.isOver(container.get()) && records.isOverdue(run)) {
            Optional<RunEnding> why = records.mark(run, RunEnding.timedOut(run.timeout()));
            if (why.isPresent()) {
                containers.end(List.of(container.get()), why.get().grace());
            }
        }
        settle(run, secrets);
    }

    /** Records the end of a run that nobody waits for, if it has ended, and removes its container. */
    void settle(RunRecord run, ResolvedSecrets secrets) throws InterruptedException {
        Optional<ProjectContainer> container =
                Optional.ofNullable(containers.all().get(run.id()));
        RunResult now = records.current(run);
        if (now.state().isOver()) {
            String output = container.isPresent() ? containers.lastWords(container.get()) : "";
            RunResult unused = records.finish(run, now, secrets.mask(output));
            if (container.isPresent()) {
                engine.remove(container.get().id());
            }
        }
    }

    private void remove(ProjectContainer container) throws InterruptedException {
        try {
            engine.remove(container.id());
        } catch (AngeeException e) {
            LOG.warn("the container of an ended run of job '{}' stays: {}", container.service(), e.getMessage());
        }
    }
}
