package dev.angee.process;

import dev.angee.plan.Workload;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of the latest start of a service or job. It is written twice: before the start, as the intent, and
 * after it, with the process. If the JVM dies in between, the marker finds the process.
 *
 * @param workload what was to be started, all that is needed to do it again
 * @param marker this very start; in the environment of its processes
 * @param bootId the run of the machine it happened in
 * @param startedAt when
 * @param first the process that was started, once it is known
 * @param asked how it was last told to end
 * @param log the name of its log file; the same over all starts until the service is forgotten, and never used again
 */
record ProcessRecord(
        Workload workload,
        Marker marker,
        String bootId,
        Instant startedAt,
        Optional<ProcessId> first,
        Asked asked,
        String log) {

    /** How a process was told to end, by us. */
    enum Asked {
        /** Not at all. */
        NOTHING,
        /** With {@link Signal#TERM}. */
        TO_END,
        /** With {@link Signal#KILL}. */
        KILLED
    }

    /** A start that has not happened yet. */
    static ProcessRecord intent(Workload workload, Marker marker, Instant now) {
        return new ProcessRecord(
                workload, marker, Host.bootId(), now, Optional.empty(), Asked.NOTHING, "log." + marker.last());
    }

    /** The same, as the next start of what was started before. */
    ProcessRecord after(ProcessRecord before) {
        return new ProcessRecord(workload, marker, bootId, startedAt, first, asked, before.log());
    }

    String name() {
        return workload.name();
    }

    /** The same, with the process that came of it. */
    ProcessRecord started(ProcessId process) {
        return new ProcessRecord(workload, marker, bootId, startedAt, Optional.of(process), asked, log);
    }

    /** The same start, of what is planned otherwise now in ways that need no other start. */
    ProcessRecord planned(Workload now) {
        return new ProcessRecord(now, marker, bootId, startedAt, first, asked, log);
    }

    /** The same, told to end. */
    ProcessRecord asked(Asked how) {
        return new ProcessRecord(workload, marker, bootId, startedAt, first, how, log);
    }

    /** All processes that came of it. */
    ProcessTree tree() {
        return new ProcessTree(marker, bootId.equals(Host.bootId()) ? first : Optional.empty());
    }
}
