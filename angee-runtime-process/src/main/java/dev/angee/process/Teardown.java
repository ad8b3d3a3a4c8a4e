package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.internal.FileLocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Ends and forgets everything of a stack, from its records and from the markers of what runs: so also what nobody has a
 * record of any more. Tries everything before it fails.
 */
final class Teardown {
    private static final Duration GRACE_OF_KEEPER = Duration.ofSeconds(1);

    private final RecordStore store;
    private final JobRecords jobs;
    private final ProcessViews views;
    private final Shutdown shutdown;
    private final Marker stack;
    private final List<AngeeException> failures = new ArrayList<>();

    Teardown(RecordStore store, JobRecords jobs, ProcessViews views, Shutdown shutdown, Marker stack) {
        this.store = store;
        this.jobs = jobs;
        this.views = views;
        this.shutdown = shutdown;
        this.stack = stack;
    }

    /** One of the things to try. */
    private interface Attempt {
        void run() throws InterruptedException;
    }

    void run(Duration grace) throws InterruptedException {
        List<ProcessRecord> known = new ArrayList<>();
        attempt(() -> known.addAll(store.everything(damaged -> {})));
        List<ProcessRecord> running =
                known.stream().filter(record -> record.workload().isJob()).toList();
        List<ProcessRecord> services =
                known.stream().filter(record -> !record.workload().isJob()).toList();
        attempt(() -> shutdown.end(running, grace, Shutdown.Until.REPLACED));
        DependencyGraph graph = new DependencyGraph(
                services.stream().map(ProcessRecord::workload).toList());
        for (Set<String> group : graph.dependentsFirst()) {
            List<ProcessRecord> members =
                    services.stream().filter(r -> group.contains(r.name())).toList();
            attempt(() -> shutdown.end(members, grace, Shutdown.Until.REPLACED));
        }
        attempt(() -> Shutdown.end(new ProcessTree(stack, Optional.empty()), grace));
        attempt(this::forget);
        attempt(() -> Shutdown.end(new ProcessTree(stack.keeper(), Optional.empty()), GRACE_OF_KEEPER));
        report();
    }

    /** Who is marking something to be ended this very moment, or recording an end, is not to bring it back. */
    private void forget() throws InterruptedException {
        try (FileLocks.Held step = store.step("down")) {
            step.check();
            jobs.exclusively("down", () -> {
                store.forgetAllBut(record -> views.of(record).isAlive());
                return step;
            });
        }
    }

    private void attempt(Attempt attempt) throws InterruptedException {
        try {
            attempt.run();
        } catch (AngeeException e) {
            failures.add(e);
        }
    }

    private void report() {
        if (failures.isEmpty()) {
            return;
        }
        AngeeException first = failures.remove(0);
        failures.forEach(first::addSuppressed);
        throw first;
    }
}
