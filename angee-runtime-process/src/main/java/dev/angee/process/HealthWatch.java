package dev.angee.process;

import dev.angee.plan.HealthCheck;
import dev.angee.runtime.Health;
import java.time.Instant;
import java.util.Optional;

/** What the probes of one start of a service have found so far. Thread-safe. */
final class HealthWatch {
    private final ProcessRecord record;
    private final HealthCheck check;
    private Health health = Health.STARTING;
    private String problem = "";
    private int failures;
    private Deadline next = Deadline.in(java.time.Duration.ZERO);
    private Turn turn = Turn.PAUSE;

    /** What happens now. */
    private enum Turn {
        PAUSE,
        PROBE
    }

    HealthWatch(ProcessRecord record, HealthCheck check) {
        this.record = record;
        this.check = check;
    }

    ProcessRecord record() {
        return record;
    }

    HealthCheck check() {
        return check;
    }

    synchronized Health health() {
        return health;
    }

    /** Why the last probe failed; empty when it did not. */
    synchronized String problem() {
        return problem;
    }

    /** When the next probe is due; empty while one is under way. */
    synchronized Optional<Deadline> next() {
        return turn == Turn.PAUSE ? Optional.of(next) : Optional.empty();
    }

    /** Takes the turn to probe, if it is time. */
    synchronized boolean begin() {
        if (turn == Turn.PROBE || !next.isOver()) {
            return false;
        }
        turn = Turn.PROBE;
        return true;
    }

    /**
     * Takes down what a probe found.
     *
     * @param found what went wrong; empty for a success
     * @param now when
     */
    synchronized void end(Optional<String> found, Instant now) {
        turn = Turn.PAUSE;
        next = Deadline.in(check.interval());
        problem = found.orElse("");
        if (found.isEmpty()) {
            failures = 0;
            health = Health.HEALTHY;
        } else if (health != Health.STARTING || now.isAfter(record.startedAt().plus(check.startPeriod()))) {
            failures++;
            if (failures >= check.retries()) {
                health = Health.UNHEALTHY;
            }
        }
    }
}
