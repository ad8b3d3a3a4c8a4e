package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
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
    private final Runnable onChange;

    Repair(
            RecordStore store,
            ProcessViews views,
            Launcher launcher,
            Preflight preflight,
            Shutdown shutdown,
            Marker stack,
            SecretSource secrets,
            Clock clock,
            Runnable onChange) {
        this.store = store;
        this.views = views;
        this.launcher = launcher;
        this.preflight = preflight;
        this.shutdown = shutdown;
        this.stack = stack;
        this.secrets = secrets;
        this.clock = clock;
        this.onChange = onChange;
    }

    /**
     * Ends what a start has left behind, and starts it anew; that it cannot be started counts as a failure of it.
     *
     * @return whether it was started, or tried to
     * @throws AngeeException if the secrets it needs cannot be looked up now: that is no failure of it
     */
    boolean startAgain(ProcessView seen) throws InterruptedException {
        if (!isStillSo(seen)) {
            return true; // somebody has changed it: look again
        }
        Shutdown.end(seen.record().tree(), GRACE_OF_LEFTOVERS);
        return start(seen);
    }

    /** Completes a start whose intent alone is on record, as whoever had it died. */
    boolean completeStart(ProcessView seen) throws InterruptedException {
        return start(seen);
    }

    private boolean start(ProcessView seen) throws InterruptedException {
        ResolvedSecrets values = values(seen);
        try (FileLocks.Held held = store.step("start '" + seen.name() + "' again")) {
            held.check();
            if (isStillSo(seen)) {
                ProcessRecord next = next(seen);
                store.write(next);
                store.clear(seen.record());
                launch(next, values);
            }
        }
        return true;
    }

    private ResolvedSecrets values(ProcessView seen) {
        try {
            return secrets.valuesFor(seen.record().workload());
        } catch (AngeeException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return ResolvedSecrets.none(); // the start will say so
            }
            Findings refused = seen.findings().refused("it cannot be started again yet: " + e.getMessage());
            if (!refused.equals(seen.findings())) {
                store.write(seen.record(), refused);
            }
            throw e;
        }
    }

    private ProcessRecord next(ProcessView seen) {
        ProcessRecord before = seen.record();
        return ProcessRecord.intent(before.workload(), stack.part(), clock.instant())
                .after(before, LogReader.size(store.log(before)))
                .attempts(seen.restart().map(RestartRule::attempts).orElse(before.attempts()));
    }

    private void launch(ProcessRecord intent, ResolvedSecrets values) {
        try {
            preflight.check(intent.workload(), values);
            Process process = launcher.launch(intent, values).process();
            var unused = process.onExit().thenRun(onChange);
        } catch (AngeeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e; // this was closed: whoever supervises next finds the start by its marker, or completes it
            }
            String why = values.mask("'" + intent.name() + "' cannot be started again: " + e.getMessage());
            LOG.warn("{}", why);
            tell(intent, why);
            store.update(intent.started(ProcessId.ended(0)));
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

    /** Ends one that shows no life; its policy says what follows. */
    boolean end(ProcessView view) throws InterruptedException {
        if (isStillSo(view)) {
            shutdown.end(List.of(view.record()), GRACE, Shutdown.Until.RESTARTED);
        }
        return true;
    }

    /** Ends one that has lost its owner. */
    boolean endForGood(ProcessView view) throws InterruptedException {
        if (isStillSo(view)) {
            shutdown.end(List.of(view.record()), GRACE);
        }
        return true;
    }

    /**
     * Ends one whose end somebody else has begun and not finished.
     *
     * @return whether it did: not while they are still at it
     */
    boolean finishStop(ProcessView view) throws InterruptedException {
        Optional<FileLocks.Held> lock = FileLocks.tryTake(store.lockFile(), "finish the stop of '" + view.name() + "'");
        if (lock.isEmpty()) {
            return false;
        }
        try (FileLocks.Held held = lock.get()) {
            held.check();
            if (store.latest(view.record())
                    .filter(now -> views.of(now).state() == WorkloadState.STOPPING)
                    .isPresent()) {
                shutdown.end(List.of(view.record()), GRACE);
            }
        }
        return true;
    }

    /** Whether it has run so long that its next failure begins a new row. */
    boolean hasSettled(ProcessView view) {
        return view.record().attempts().retries() > 0
                && Duration.between(view.record().startedAt(), clock.instant()).compareTo(RestartRule.SETTLED) >= 0;
    }

    /** Notes that, as it may not be known later on when it ended. */
    boolean settle(ProcessView view) throws InterruptedException {
        try (FileLocks.Held held = store.step("note that '" + view.name() + "' runs")) {
            held.check();
            if (isStillSo(view)) {
                ProcessRecord now = store.latest(view.record()).orElseThrow();
                store.update(
                        now.attempts(new ProcessRecord.Attempts(now.attempts().restarts(), 0)));
            }
        }
        return true;
    }
}
