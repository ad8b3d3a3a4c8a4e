package dev.angee.process;

import dev.angee.RuntimeKind;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.util.OptionalInt;

/**
 * What is true of a recorded start at one moment.
 *
 * @param record the record; with the process, also if that had to be found by its marker
 * @param state where it is in its life
 * @param exitCode its exit code, if it has ended and the code is known
 * @param reason why it is so, for people; may be empty
 */
record ProcessView(ProcessRecord record, WorkloadState state, OptionalInt exitCode, String reason) {
    static ProcessView of(ProcessRecord record, WorkloadState state) {
        return new ProcessView(record, state, OptionalInt.empty(), "");
    }

    static ProcessView exited(ProcessRecord record, OptionalInt code, String reason) {
        return new ProcessView(record, WorkloadState.EXITED, code, reason);
    }

    /** Whether its first process runs, be it asked to end or not. */
    boolean isAlive() {
        return state == WorkloadState.RUNNING || state == WorkloadState.STOPPING;
    }

    /** Whether it runs, and has a health check to be tried. */
    boolean isProbed() {
        return state == WorkloadState.RUNNING && record.workload().health().isPresent();
    }

    WorkloadStatus status(Health health, String healthProblem) {
        String why = reason.isEmpty() ? healthProblem : reason;
        return new WorkloadStatus(
                record.name(),
                RuntimeKind.LOCAL,
                state,
                health,
                exitCode,
                0,
                record.marker().value(),
                why);
    }
}
