package dev.angee.process;

import dev.angee.RuntimeKind;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is true of a recorded start at one moment.
 *
 * @param record the record; with the process, also if that had to be found by its marker
 * @param state where it is in its life
 * @param exitCode its exit code, if it has ended and the code is known
 * @param reason why it is so, for people; may be empty
 * @param restart when it is started again, if it has ended and is
 * @param findings what its checks have found, as far as anybody has tried them
 */
record ProcessView(
        ProcessRecord record,
        WorkloadState state,
        OptionalInt exitCode,
        String reason,
        Optional<RestartRule> restart,
        Findings findings) {
    static ProcessView of(ProcessRecord record, WorkloadState state, String reason, Findings findings) {
        return new ProcessView(record, state, OptionalInt.empty(), reason, Optional.empty(), findings);
    }

    String name() {
        return record.name();
    }

    /** Whether its first process runs, be it asked to end or not. */
    boolean isAlive() {
        return state == WorkloadState.RUNNING || state == WorkloadState.STOPPING;
    }

    /** Whether it has ended, for good or to be started again. */
    boolean hasEnded() {
        return state == WorkloadState.EXITED || state == WorkloadState.RESTARTING;
    }

    /** What its health check says; nothing unless it runs and has one. */
    Health health() {
        boolean checked =
                state == WorkloadState.RUNNING && record.workload().health().isPresent();
        return checked ? findings.health() : Health.NONE;
    }

    WorkloadStatus status() {
        String found = health() == Health.UNHEALTHY ? findings.problem() : "";
        return new WorkloadStatus(
                name(),
                RuntimeKind.LOCAL,
                state,
                health(),
                exitCode,
                record.attempts().restarts(),
                record.first().map(started -> record.startedAt()),
                Optional.empty(),
                false,
                record.marker().value(),
                reason.isEmpty() ? found : reason);
    }
}
