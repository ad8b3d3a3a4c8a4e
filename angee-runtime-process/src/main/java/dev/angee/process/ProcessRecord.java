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
 * @param logStart how far the log reached when it was started
 * @param attempts how often it was started again before
 */
record ProcessRecord(
        Workload workload,
        Marker marker,
        String bootId,
        Instant startedAt,
        Optional<ProcessId> first,
        Asked asked,
        String log,
        long logStart,
        Attempts attempts) {

    /** How a process was told to end, by us. */
    enum Asked {
        /** Not at all. */
        NOTHING,
        /** With the signal or command that asks it to end. */
        TO_END,
        /** With {@link Signal#KILL}. */
        KILLED,
        /** It shows no life; what follows its end, its restart policy says. */
        LIFELESS,
        /** It had ended by itself, and is not to be started again. */
        TO_STAY_ENDED
    }

    /**
     * How often a service was started again by its restart policy, since somebody brought it up or started it.
     *
     * @param restarts in all
     * @param retries of these the last ones in a row, none of which ran for long
     */
    record Attempts(int restarts, int retries) {
        /** The first start. */
        static final Attempts NONE = new Attempts(0, 0);
    }

    /** A start that has not happened yet. */
    static ProcessRecord intent(Workload workload, Marker marker, Instant now) {
        return new ProcessRecord(
                workload,
                marker,
                Host.bootId(),
                now,
                Optional.empty(),
                Asked.NOTHING,
                "log." + marker.last(),
                0,
                Attempts.NONE);
    }

    /** The same, as the next start of what was started before, whose log goes on. */
    ProcessRecord after(ProcessRecord before, long logStart) {
        return new ProcessRecord(workload, marker, bootId, startedAt, first, asked, before.log(), logStart, attempts);
    }

    /** The same, with this many starts before it. */
    ProcessRecord attempts(Attempts before) {
        return new ProcessRecord(workload, marker, bootId, startedAt, first, asked, log, logStart, before);
    }

    String name() {
        return workload.name();
    }

    /** The same, with the process that came of it. */
    ProcessRecord started(ProcessId process) {
        return new ProcessRecord(
                workload, marker, bootId, startedAt, Optional.of(process), asked, log, logStart, attempts);
    }

    /** The same start, of what is planned otherwise now in ways that need no other start. */
    ProcessRecord planned(Workload now) {
        return new ProcessRecord(now, marker, bootId, startedAt, first, asked, log, logStart, attempts);
    }

    /** The same, told to end. */
    ProcessRecord asked(Asked how) {
        return new ProcessRecord(workload, marker, bootId, startedAt, first, how, log, logStart, attempts);
    }

    /** All processes that came of it. */
    ProcessTree tree() {
        return new ProcessTree(marker, bootId.equals(Host.bootId()) ? first : Optional.empty());
    }
}
