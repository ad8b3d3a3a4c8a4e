package dev.angee.process;

import dev.angee.process.ProcTable.Entry;
import dev.angee.process.ProcessRecord.Asked;
import dev.angee.runtime.WorkloadState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds out, from the records, {@code /proc} and the exit codes left behind, what is true now. Changes nothing. */
final class ProcessViews {
    private final RecordStore store;

    ProcessViews(RecordStore store) {
        this.store = store;
    }

    /** All services, in name order. */
    List<ProcessView> services() {
        return store.services().stream().map(this::of).toList();
    }

    /** One service or job. */
    ProcessView of(ProcessRecord record) {
        if (!record.bootId().equals(Host.bootId())) {
            return ended(record, "the machine was restarted");
        }
        Optional<ProcessId> first = record.first();
        if (first.isEmpty()) {
            return afterIntent(record);
        }
        if (ProcTable.isAlive(first.get())) {
            boolean asked = record.asked() != Asked.NOTHING;
            return ProcessView.of(record, asked ? WorkloadState.STOPPING : WorkloadState.RUNNING);
        }
        return ended(record, "the shell that waits for it was killed from outside, or could not write");
    }

    /** The intent to start it is there; whether it was started, only the processes themselves can tell. */
    private ProcessView afterIntent(ProcessRecord record) {
        if (store.exitCode(record).isPresent()) {
            return ProcessView.exited(record, store.exitCode(record), "");
        }
        Optional<ProcessId> found = ProcTable.read().entries().stream()
                .filter(entry -> !entry.ended())
                .map(Entry::id)
                .filter(id -> ProcTable.marker(id.pid())
                        .filter(record.marker()::covers)
                        .isPresent())
                .min(Comparator.comparingLong(ProcessId::startTicks).thenComparingLong(ProcessId::pid));
        if (found.isPresent()) {
            return ProcessView.of(record.started(found.get()), WorkloadState.RUNNING);
        }
        OptionalInt code = store.exitCode(record); // it may have ended while we were looking
        return code.isPresent()
                ? ProcessView.exited(record, code, "")
                : new ProcessView(record, WorkloadState.CREATED, code, "its start has not been completed");
    }

    private ProcessView ended(ProcessRecord record, String whyUnknown) {
        OptionalInt code = store.exitCode(record);
        if (code.isPresent()) {
            return ProcessView.exited(record, code, "");
        }
        return switch (record.asked()) {
            case TO_END ->
                ProcessView.exited(
                        record, OptionalInt.of(Signal.toEnd(record.workload()).exitCode()), "");
            case KILLED -> ProcessView.exited(record, OptionalInt.of(Signal.KILL.exitCode()), "");
            case NOTHING -> ProcessView.exited(record, code, "the exit code is not known: " + whyUnknown);
        };
    }
}
