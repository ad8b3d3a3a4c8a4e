package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.internal.FileLocks;
import dev.angee.process.ProcessRecord.Asked;
import dev.angee.runtime.SecretSource;
import dev.angee.runtime.WorkloadState;
import dev.angee.secret.ResolvedSecrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a supervisor does to single services: starts them again, and ends them. Each looks again before it acts, as others
 * may have acted since the need was seen. Thread-safe.
 */
final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration GRACE_OF_LEFTOVERS = Duration.ofSeconds(1);
    private static final int NOT_STARTED = 127;

    private final RecordStore store;
    private final ProcessViews views;
    private final Launcher launcher;
    private final Preflight preflight;
    private final Shutdown shutdown;
    private final Marker stack;
    private final SecretSource secrets;
    private final Clock clock;

    Repair(
            RecordStore store,
            ProcessViews views,
            Launcher launcher,
            Preflight preflight,
            Shutdown shutdown,
            Marker stack,
            SecretSource secrets,
            Clock clock) {
        this.store = store;
        this.views = views;
        this.launcher = launcher;
        this.preflight = preflight;
        this.shutdown = shutdown;
        this.stack = stack;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** Ends what a start has left behind, and starts it anew; that it cannot be started counts as a failure of it. */
    void startAgain(ProcessView seen) throws InterruptedException {
        if (isStillSo(seen)) {
            Shutdown.end(seen.record().tree(), GRACE_OF_LEFTOVERS);
        }
        ResolvedSecrets values = ResolvedSecrets.none();
        Optional<AngeeException> problem = Optional.empty();
        try {
            values = secrets.valuesFor(seen.record().workload());
        } catch (AngeeException e) {
            problem = Optional.of(e);
        }
        try (FileLocks.Held held = store.step("start '" + seen.name() + "' again")) {
            held.check();
            if (isStillSo(seen)) {
                ProcessRecord next = next(seen);
                store.write(next);
                store.clear(seen.record());
                launch(next, values, problem);
            }
        }
    }

    private ProcessRecord next(ProcessView seen) {
        ProcessRecord before = seen.record();
        return ProcessRecord.intent(before.workload(), stack.part(), clock.instant())
                .after(before, LogReader.size(store.log(before)))
                .attempts(seen.restart().map(RestartRule::attempts).orElse(before.attempts()));
    }

    private void launch(ProcessRecord intent, ResolvedSecrets values, Optional<AngeeException> problem) {
        try {
            if (problem.isPresent()) {
                throw problem.get();
            }
            preflight.check(intent.workload(), values);
            launcher.launch(intent, values);
        } catch (AngeeException e) {
            String why = values.mask("'" + intent.name() + "' cannot be started again: " + e.getMessage());
            LOG.warn("{}", why);
            tell(intent, why);
            store.write(intent.started(ProcessId.ended(0)));
            store.writeExit(intent, NOT_STARTED);
        }
    }

    /** In its log, where everybody looks who wants to know why it does not run. */
    private void tell(ProcessRecord record, String why) {
        try {
            Files.writeString(
                    store.log(record),
                    "angee: " + why + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.warn("cannot write to the log of '{}': {}", record.name(), e.getMessage());
        }
    }

    private boolean isStillSo(ProcessView seen) {
        Optional<ProcessRecord> now = store.latest(seen.record());
        return now.filter(record -> record.marker().equals(seen.record().marker()))
                .filter(record -> record.asked() == seen.record().asked())
                .filter(record -> views.of(record).state() == seen.state())
                .isPresent();
    }

    /** Ends one that is lifeless, or has lost its owner. */
    void end(ProcessView view) throws InterruptedException {
        if (isStillSo(view)) {
            shutdown.endOnce(view.record(), GRACE);
        }
    }

    /** Ends one whose end somebody else has begun and not finished; nothing if they are still at it. */
    void finishStop(ProcessView view) throws InterruptedException {
        Optional<FileLocks.Held> lock = FileLocks.tryTake(store.lockFile(), "finish the stop of '" + view.name() + "'");
        if (lock.isEmpty()) {
            return;
        }
        try (FileLocks.Held held = lock.get()) {
            held.check();
            if (views.of(view.record()).state() == WorkloadState.STOPPING
                    && view.record().asked() != Asked.NOTHING) {
                shutdown.end(List.of(view.record()), GRACE);
            }
        }
    }
}
