package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
import dev.angee.internal.JsonFile;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of runs of jobs, beside their process records in {@link RecordStore}:
 *
 * <pre>
 *   caller.json    the JVM that waits for its end, and until when it does
 *   ending.json    why it is being ended, if somebody does
 *   result.json    how it ended: the last that is written
 * </pre>
 *
 * <p>Where there is no result, the truth is found out from what there is, and nothing written. Changes hold the jobs'
 * lock, and never bring back what {@code down} has deleted. What is damaged of one run keeps nobody from the others.
 * Thread-safe.
 */
final class JobRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(JobRecords.class);
    private static final String CALLER = "caller.json";
    private static final String ENDING = "ending.json";

    private final RecordStore store;
    private final ProcessViews views;

    JobRecords(RecordStore store, ProcessViews views) {
        this.store = store;
        this.views = views;
    }

    /** What is done while nobody else changes records of jobs. */
    interface Change<R> {
        R run() throws InterruptedException;
    }

    <R> R exclusively(String purpose, Change<R> change) throws InterruptedException {
        try (FileLocks.Held held = FileLocks.await(store.jobsLockFile(), purpose, PATIENCE)) {
            held.check();
            return change.run();
        }
    }

    /**
     * Begins a run: its intent is durable before it is started. Forgets the oldest ended runs of the job that are too many.
     *
     * @param timeout how long it may run
     * @param start starts it; nobody can cancel a run before it is started
     */
    <R> R begin(ProcessRecord intent, Duration timeout, Change<R> start) throws InterruptedException {
        return exclusively("run " + intent.name(), () -> {
            prune(intent.name());
            Path place = store.makePlace(intent);
            JsonFile.at(place.resolve(CALLER))
                    .write(Caller.ourselves(intent.startedAt(), timeout).write());
            store.write(intent);
            return start.run();
        });
    }

    private void prune(String job) {
        List<ProcessRecord> ended = new ArrayList<>();
        for (ProcessRecord record : store.jobs(damaged -> {})) {
            try {
                if (record.name().equals(job) && isSettled(record)) {
                    ended.add(record);
                }
            } catch (AngeeException e) {
                LOG.warn("a run of job '{}' is kept: {}", job, e.getMessage());
            }
        }
        ended.sort(Comparator.comparing(ProcessRecord::startedAt));
        ended.subList(0, Math.max(0, ended.size() - JobRuns.KEPT + 1)).forEach(store::forget);
    }

    /** Whether it has ended; where its caller died before, the end is recorded now. */
    private boolean isSettled(ProcessRecord record) {
        if (isFinished(record)) {
            return true;
        }
        JobEnd end = end(record);
        if (!end.state().isOver() || isCallerAlive(record)) {
            return false;
        }
        JobOutput.trim(store.log(record));
        write(record, end);
        return true;
    }

    /** Records the end of a run whose caller died, if it has ended. */
    void settle(ProcessRecord record) throws InterruptedException {
        var unused = exclusively("finish " + record.name(), () -> isKnown(record) && isSettled(record));
    }

    /** The runs that are not known to have ended, and whose callers died. */
    List<ProcessRecord> orphans() {
        List<ProcessRecord> orphans = new ArrayList<>();
        for (ProcessRecord record : store.jobs((place, damaged) -> {})) {
            try {
                if (!isFinished(record) && !isCallerAlive(record)) {
                    orphans.add(record);
                }
            } catch (AngeeException e) {
                LOG.debug("whether anybody waits for a run of job '{}' is not known", record.name(), e);
            }
        }
        return orphans;
    }

    /** Until when a run may take, if that is on record. */
    Optional<Instant> deadline(ProcessRecord record) {
        return read(record, CALLER, Caller::read).flatMap(Caller::deadline);
    }

    /**
     * Says why a run is about to be ended, unless it has ended already or somebody else says so.
     *
     * @return why it is ended, if it is
     */
    Optional<JobEnding> mark(ProcessRecord record, JobEnding why) throws InterruptedException {
        return exclusively("end " + record.name(), () -> {
            Optional<JobEnding> before = ending(record);
            if (before.isPresent() || current(record).state().isOver()) {
                return before;
            }
            if (isKnown(record)) {
                JsonFile.at(store.place(record).resolve(ENDING)).write(why.write());
            }
            return Optional.of(why);
        });
    }

    /** Why a run is being ended, if it is. */
    Optional<JobEnding> ending(ProcessRecord record) {
        return read(record, ENDING, JobEnding::read);
    }

    /**
     * Records how a run ended, once all its processes are gone, for the caller that has seen it; durable on return.
     * What was recorded before stays, and what was forgotten is not brought back.
     *
     * @param why why it was ended, should that be on record no more
     * @param code the exit code that the caller has seen; nothing where it tells only how its shell was killed
     * @return how it ended
     */
    JobEnd finish(ProcessRecord record, Optional<JobEnding> why, OptionalInt code, Duration duration)
            throws InterruptedException {
        return exclusively("finish " + record.name(), () -> {
            Optional<JobEnd> before = result(record);
            JobEnd end =
                    before.orElseGet(() -> end(record, ending(record).or(() -> why), code, Optional.of(duration), ""));
            if (isKnown(record)) {
                JobOutput.trim(store.log(record));
                if (before.isEmpty()) {
                    write(record, end);
                }
            }
            return end;
        });
    }

    /** The same for a run that could not be started. */
    JobEnd failed(ProcessRecord record, String reason) throws InterruptedException {
        return exclusively("finish " + record.name(), () -> {
            JobEnd end = new JobEnd(JobState.FAILED, OptionalInt.empty(), Optional.empty(), reason);
            if (isKnown(record)) {
                write(record, end);
            }
            return end;
        });
    }

    /** The same for whoever is not the caller: what he still reads is left to him. */
    void finish(ProcessRecord record) throws InterruptedException {
        exclusively("finish " + record.name(), () -> {
            JobEnd end = result(record).orElseGet(() -> end(record));
            if (isKnown(record) && end.state().isOver()) {
                write(record, end);
            }
            return end;
        });
    }

    private void write(ProcessRecord record, JobEnd end) {
        JsonFile.at(store.result(record)).write(end.write());
    }

    private boolean isKnown(ProcessRecord record) {
        return Files.exists(store.place(record).resolve(RecordStore.RECORD));
    }

    /** All that are known, the newest first. Changes nothing. */
    List<JobRun> runs() {
        List<JobRun> runs = new ArrayList<>();
        List<ProcessRecord> records =
                store.jobs((place, failure) -> DamagedRun.at(place, failure).ifPresent(runs::add));
        for (ProcessRecord record : records) {
            JobEnd end = readable(record);
            if (end.state() != JobState.LOST || isKnown(record)) { // it may have been forgotten while we looked
                runs.add(end.of(record));
            }
        }
        runs.sort(JobRuns.NEWEST_FIRST);
        return runs;
    }

    private JobEnd readable(ProcessRecord record) {
        try {
            return current(record);
        } catch (AngeeException e) {
            JobState state = record.tree().look().isEmpty() ? JobState.LOST : JobState.RUNNING;
            return new JobEnd(state, OptionalInt.empty(), Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * The run with this id. Nothing is opened by what comes from outside.
     *
     * @throws AngeeException {@code UNAVAILABLE} if its record cannot be read
     */
    Optional<ProcessRecord> find(String id) {
        List<ProcessRecord> records = store.jobs((place, failure) -> {
            if (DamagedRun.id(place).equals(id)) {
                throw failure;
            }
        });
        return records.stream()
                .filter(record -> record.marker().last().equals(id))
                .findFirst();
    }

    /** How it is now; a result that was written while we looked at processes is the better answer. */
    JobEnd current(ProcessRecord record) {
        Optional<JobEnd> before = result(record);
        if (before.isPresent()) {
            return before.get();
        }
        JobEnd seen = end(record);
        return seen.state().isOver() ? result(record).orElse(seen) : seen;
    }

    /** Whether it has ended with all it has started, and that is on record. */
    boolean isFinished(ProcessRecord record) {
        return Files.exists(store.result(record));
    }

    private Optional<JobEnd> result(ProcessRecord record) {
        return read(record, RecordStore.RESULT, JobEnd::read);
    }

    /** How a run without a result is, from its processes and what they have left. */
    private JobEnd end(ProcessRecord record) {
        ProcessView view = views.of(record);
        if (view.isAlive() || !record.tree().look().isEmpty()) {
            return JobEnd.running();
        }
        return end(record, ending(record), store.exitCode(record), duration(record), view.reason());
    }

    private JobEnd end(
            ProcessRecord record,
            Optional<JobEnding> why,
            OptionalInt code,
            Optional<Duration> duration,
            String unknown) {
        if (why.isPresent()) {
            return JobEnd.of(why.get(), code, duration);
        }
        if (code.isPresent()) {
            return JobEnd.byItself(record.workload(), code.getAsInt(), duration);
        }
        return isCallerAlive(record) // he is about to tell
                ? JobEnd.running()
                : new JobEnd(JobState.LOST, code, duration, unknown.isEmpty() ? "its exit code is not known" : unknown);
    }

    /** Until its exit code was left behind. */
    private Optional<Duration> duration(ProcessRecord record) {
        try {
            Duration time = Duration.between(
                    record.startedAt(),
                    Files.getLastModifiedTime(store.exitFile(record)).toInstant());
            return Optional.of(time.isNegative() ? Duration.ZERO : time);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean isCallerAlive(ProcessRecord record) {
        return record.bootId().equals(Host.bootId())
                && read(record, CALLER, Caller::read)
                        .map(Caller::process)
                        .filter(ProcTable::isAlive)
                        .isPresent();
    }

    private <R> Optional<R> read(ProcessRecord record, String name, Function<JsonNode, R> parser) {
        Path file = store.place(record).resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return JsonFile.at(file).read(ObjectNode.class).map(parser);
        } catch (AngeeException | IllegalArgumentException | DateTimeException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage() + "; 'down' forgets it", e);
        }
    }
}
