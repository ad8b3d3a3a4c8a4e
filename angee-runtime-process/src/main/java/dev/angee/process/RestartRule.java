package dev.angee.process;

import dev.angee.process.ProcessRecord.Asked;
import dev.angee.process.ProcessRecord.Attempts;
import dev.angee.workload.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether and when a service that has ended is started again. It follows from what is on record alone, so that everybody
 * who looks says the same, and whoever takes over goes on where the one before stopped.
 *
 * <p>The first restart comes after 100 ms, each further one in a row after twice the time, up to half a minute. A start that
 * ran for ten seconds begins a new row.
 *
 * @param due when it is to be started again; empty if it is not
 * @param attempts what the next start counts
 * @param verdict why it is not started again although it failed; may be empty
 */
record RestartRule(Optional<Instant> due, Attempts attempts, String verdict) {
    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    static final Duration SETTLED = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 16;

    /**
     * Applies the restart policy of a service.
     *
     * @param record the start that has ended
     * @param code its exit code, if it is known
     * @param endedAt when it ended, if that is known
     * @param lifeless why it was ended by its liveness check; empty if it was not
     */
    static RestartRule of(ProcessRecord record, OptionalInt code, Optional<Instant> endedAt, String lifeless) {
        RestartPolicy policy = record.workload().lifecycle().restart();
        boolean asked = record.asked() != Asked.NOTHING && record.asked() != Asked.LIFELESS;
        if (asked) {
            return stays(record, "");
        }
        if (policy.mode() == RestartPolicy.Mode.NO) {
            return stays(record, lifeless);
        }
        boolean succeeded = lifeless.isEmpty() && code.isPresent() && isSuccess(record, code.getAsInt());
        if (succeeded && policy.mode() == RestartPolicy.Mode.ON_FAILURE) {
            return stays(record, "");
        }
        Instant end = endedAt.orElse(record.startedAt());
        boolean settled = Duration.between(record.startedAt(), end).compareTo(SETTLED) >= 0;
        int retries = settled ? 0 : record.attempts().retries();
        if (policy.mostRetries().isPresent() && retries >= policy.mostRetries().getAsInt()) {
            return stays(
                    record, "crash loop: it failed " + (retries + 1) + " times in a row, and is not started again");
        }
        Attempts next = new Attempts(record.attempts().restarts() + 1, retries + 1);
        return new RestartRule(Optional.of(end.plus(pause(retries))), next, "");
    }

    static boolean isSuccess(ProcessRecord record, int code) {
        return code == 0 || record.workload().lifecycle().successExitCodes().contains(code);
    }

    private static RestartRule stays(ProcessRecord record, String verdict) {
        return new RestartRule(Optional.empty(), record.attempts(), verdict);
    }

    private static Duration pause(int retries) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(retries, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** How long until it is to be started again; no time at all if the clock was set back meanwhile. */
    Duration left(Instant now) {
        Duration left = Duration.between(now, due.orElse(now));
        return left.isNegative() || left.compareTo(LONGEST_PAUSE) > 0 ? Duration.ZERO : left;
    }
}
