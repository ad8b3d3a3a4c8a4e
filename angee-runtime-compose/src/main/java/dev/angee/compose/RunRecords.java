package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.internal.FileLocks;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is true of the runs of container jobs, from their records in {@link RunStore} and their containers. Where there is no
 * result on record, the engine is asked, and nothing written. Changes hold the jobs' lock, and never bring back what {@code
 * down} has forgotten. What is damaged of one run keeps nobody from the others. Thread-safe.
 */
final class RunRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(RunRecords.class);

    private final RunStore store;
    private final RunContainers containers;
    private final InstantSource clock;

    RunRecords(RunStore store, RunContainers containers, InstantSource clock) {
        this.store = store;
        this.containers = containers;
        this.clock = clock;
    }

    private <R> R exclusively(String purpose, Uninterrupted.Step<R> change) throws InterruptedException {
        try (FileLocks.Held held = FileLocks.await(store.lockFile(), purpose, PATIENCE)) {
            held.check();
            return change.run();
        }
    }

    /** Begins a run, durably; forgets the oldest runs of its job that have ended and are too many. */
    void begin(RunRecord run) throws InterruptedException {
        exclusively("run " + run.job(), () -> {
            prune(run.job());
            store.begin(run, RunCaller.ourselves());
            return run;
        });
    }

    private void prune(String job) {
        List<RunRecord> ended = new ArrayList<>();
        for (Path place : store.places()) {
            if (!store.isKnown(place)) {
                store.forget(place); // half begun or half forgotten by somebody who died
            } else if (RunStore.job(place).equals(job) && store.hasResult(place)) {
                try {
                    store.record(place).ifPresent(ended::add);
                } catch (AngeeException e) {
                    LOG.warn("a run of job '{}' is kept: {}", job, e.getMessage());
                }
            }
        }
        ended.sort(Comparator.comparing(RunRecord::startedAt));
        ended.subList(0, Math.max(0, ended.size() - JobRuns.KEPT + 1)).forEach(run -> store.forget(store.place(run)));
    }

    /** Puts on record that its container was seen. */
    void started(RunRecord run, String container) throws InterruptedException {
        exclusively("run " + run.job(), () -> {
            if (isKnown(run)) {
                store.write(run.in(container));
            }
            return run;
        });
    }

    /** Its caller waits no more. */
    void leave(RunRecord run) {
        store.leave(run);
    }

    boolean isKnown(RunRecord run) {
        return store.isKnown(store.place(run));
    }

    /** Why a run is being ended, if it is. */
    Optional<RunEnding> ending(RunRecord run) {
        return store.ending(store.place(run));
    }

    Optional<RunResult> result(RunRecord run) {
        return store.result(store.place(run));
    }

    /** The last lines of a run that has ended, if they are kept already. */
    Optional<String> output(RunRecord run) {
        return store.output(store.place(run));
    }

    /**
     * Says why a run is about to be ended, unless it has ended already or somebody else says so.
     *
     * @return why it is ended, if it is
     */
    Optional<RunEnding> mark(RunRecord run, RunEnding why) throws InterruptedException {
        return exclusively("end " + run.job(), () -> {
            Optional<RunEnding> before = ending(run);
            if (before.isPresent() || current(run).state().isOver()) {
                return before;
            }
            if (isKnown(run)) {
                store.write(run, why);
            }
            return Optional.of(why);
        });
    }

    /**
     * Records how a run ended; durable on return. What was recorded before stays, and what was forgotten is not brought
     * back.
     *
     * @param seen how it ended, unless why it was ended is on record
     * @param output its last lines
     * @return how it ended
     */
    RunResult finish(RunRecord run, RunResult seen, String output) throws InterruptedException {
        return exclusively("finish " + run.job(), () -> {
            if (!isKnown(run)) {
                return new RunResult(
                        JobState.CANCELLED, OptionalInt.empty(), seen.duration(), "its stack was taken down");
            }
            Optional<RunResult> before = result(run);
            if (before.isEmpty()) {
                store.write(run, seen, output);
            }
            return before.orElse(seen);
        });
    }

    /** All that are known, the newest first. Changes nothing. */
    List<JobRun> runs() throws InterruptedException {
        List<JobRun> runs = new ArrayList<>();
        List<RunRecord> open = new ArrayList<>();
        List<Path> damaged = new ArrayList<>();
        for (Path place : store.places()) {
            try {
                Optional<RunResult> result = store.result(place);
                store.record(place)
                        .ifPresent(run -> result.ifPresentOrElse(end -> runs.add(run.seen(end)), () -> open.add(run)));
            } catch (AngeeException e) {
                damaged.add(place);
            }
        }
        if (!open.isEmpty() || !damaged.isEmpty()) { // what has ended is known also while there is no engine
            Map<String, ProjectContainer> there = containers.all();
            open.forEach(run -> look(run, there).ifPresent(runs::add));
            damaged.forEach(place -> damaged(place, there).ifPresent(runs::add));
        }
        runs.sort(JobRuns.NEWEST_FIRST);
        return runs;
    }

    /** Empty if it was forgotten while we looked. */
    private Optional<JobRun> look(RunRecord run, Map<String, ProjectContainer> there) {
        try {
            RunResult seen = current(run, there);
            return isKnown(run) ? Optional.of(run.seen(seen)) : Optional.empty();
        } catch (AngeeException e) {
            return damaged(store.place(run), there);
        }
    }

    /** What can be told of one that cannot be read; it may just have been forgotten. */
    private Optional<JobRun> damaged(Path place, Map<String, ProjectContainer> there) {
        try {
            return store.record(place).map(run -> run.seen(current(run, there)));
        } catch (AngeeException e) {
            String id = RunStore.id(place);
            return damaged(place, id, Optional.ofNullable(there.get(id)), String.valueOf(e.getMessage()));
        }
    }

    private static Optional<JobRun> damaged(
            Path place, String id, Optional<ProjectContainer> container, String reason) {
        boolean runs = container.filter(c -> !RunContainers.isOver(c)).isPresent();
        try {
            Instant seen = Files.getLastModifiedTime(place).toInstant();
            RunResult as = RunResult.of(runs ? JobState.RUNNING : JobState.LOST, reason);
            return Optional.of(
                    new JobRun(id, RunStore.job(place), seen, as.state(), as.exitCode(), as.duration(), as.reason()));
        } catch (IOException e) {
            return Optional.empty(); // forgotten meanwhile
        }
    }

    /**
     * The run with this id. Nothing is opened by what comes from outside.
     *
     * @throws AngeeException {@code UNAVAILABLE} if its record cannot be read
     */
    Optional<RunRecord> find(String id) {
        for (Path place : store.places()) {
            if (RunStore.id(place).equals(id)) {
                return store.record(place);
            }
        }
        return Optional.empty();
    }

    /** How it is now. */
    RunResult current(RunRecord run) throws InterruptedException {
        Optional<RunResult> before = result(run);
        return before.isPresent() ? before.get() : current(run, containers.all());
    }

    /** A result that was written while we looked around is the better answer. */
    private RunResult current(RunRecord run, Map<String, ProjectContainer> there) {
        RunResult seen = end(run, Optional.ofNullable(there.get(run.id())));
        return result(run).orElse(seen);
    }

    /** How a run without a result is. */
    private RunResult end(RunRecord run, Optional<ProjectContainer> container) {
        Optional<RunEnding> why = ending(run);
        if (container.isPresent()) {
            return RunContainers.isOver(container.get())
                    ? RunResult.of(run, why, container.get())
                    : RunResult.running(container.get().reason());
        }
        if (isAwaited(run)) {
            return RunResult.running(""); // its caller is about to start it, or to tell how it ended
        }
        if (why.isPresent()) {
            return RunResult.of(why.get().state(), why.get().reason());
        }
        boolean seen = store.record(store.place(run)).orElse(run).container().isPresent();
        return seen || isOverdue(run)
                ? RunResult.of(
                        JobState.LOST,
                        seen
                                ? "its container is gone, and with it how it ended"
                                : "who waited for it died before its container was there")
                : RunResult.running("who waited for it died before its container was there; it may still be made");
    }

    /** Whether its time is up. */
    boolean isOverdue(RunRecord run) {
        return clock.instant().isAfter(run.deadline());
    }

    /** Whether somebody waits for its end. Of a caller that cannot be seen from here, as long as its time is not up. */
    boolean isAwaited(RunRecord run) {
        RunCaller.Presence presence =
                store.caller(store.place(run)).map(RunCaller::presence).orElse(RunCaller.Presence.GONE);
        return presence == RunCaller.Presence.PRESENT || (presence == RunCaller.Presence.UNKNOWN && !isOverdue(run));
    }

    /** The runs that have no result, and that nobody waits for. One that cannot be read is left out. */
    List<RunRecord> left() {
        List<RunRecord> left = new ArrayList<>();
        for (Path place : store.places()) {
            try {
                if (!store.hasResult(place)) {
                    store.record(place).filter(run -> !isAwaited(run)).ifPresent(left::add);
                }
            } catch (AngeeException e) {
                LOG.warn("a run of job '{}' is left alone: {}", RunStore.job(place), e.getMessage());
            }
        }
        return left;
    }

    /** Whether this is the container of a run whose end is on record, or that has ended and is forgotten. */
    boolean isUnwanted(String id, ProjectContainer container) {
        for (Path place : store.places()) {
            if (RunStore.id(place).equals(id)) {
                return store.hasResult(place) && !isAwaitedAt(place);
            }
        }
        return !container.isActive();
    }

    private boolean isAwaitedAt(Path place) {
        try {
            return store.record(place).filter(this::isAwaited).isPresent();
        } catch (AngeeException e) {
            LOG.debug("whether anybody waits for {} is not known", place, e);
            return true;
        }
    }

    /** Says of all runs that they are being ended, where that can be said. */
    void markAll(RunEnding why) throws InterruptedException {
        for (Path place : store.places()) {
            try {
                if (!store.hasResult(place)) {
                    Optional<RunRecord> run = store.record(place);
                    if (run.isPresent()) {
                        mark(run.get(), why);
                    }
                }
            } catch (AngeeException e) {
                LOG.debug("a run of job '{}' is ended without a note", RunStore.job(place), e);
            }
        }
    }

    /** Forgets all runs. */
    void forgetAll() throws InterruptedException {
        if (!store.places().isEmpty()) {
            exclusively("down", () -> {
                List<Path> places = store.places();
                places.forEach(store::forget);
                return places;
            });
        }
    }
}
