package dev.angee.process;

import dev.angee.plan.HealthCheck;
import dev.angee.runtime.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the probes of one check of one start of a service have found so far. Until the first success it is tried more often
 * than the check asks for, so that nobody waits long for what is ready; those additional tries fail without counting.
 * Thread-safe.
 */
final class HealthWatch {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    private final ProcessRecord record;
    private final HealthCheck check;
    private final Optional<LogSearch> search;
    private final Deadline startPeriod;
    private Health health;
    private String problem = "";
    private int failures;
    private Duration pause = FIRST_PAUSE;
    private Deadline next = Deadline.in(Duration.ZERO);
    private Deadline counting = Deadline.in(Duration.ZERO);
    private Turn turn = Turn.PAUSE;

    /** What happens now. */
    private enum Turn {
        PAUSE,
        PROBE
    }

    /**
     * Goes on where another one stopped.
     *
     * @param before what was found so far
     * @param log where it writes to
     * @param ran how long it has run already, by a clock that may have been set meanwhile
     */
    HealthWatch(ProcessRecord record, HealthCheck check, Health before, Path log, Duration ran) {
        Duration left = check.startPeriod().minus(ran.isNegative() ? Duration.ZERO : ran);
        this.startPeriod = Deadline.in(left.isNegative() ? Duration.ZERO : left);
        this.record = record;
        this.check = check;
        this.search = check.probe() instanceof HealthCheck.LogLine line
                ? Optional.of(new LogSearch(log, record.logStart(), line.pattern()))
                : Optional.empty();
        this.health = before;
    }

    ProcessRecord record() {
        return record;
    }

    HealthCheck check() {
        return check;
    }

    /** What looks for a line of its log, if that is its check; for whoever has the turn. */
    Optional<LogSearch> search() {
        return search;
    }

    synchronized Health health() {
        return health;
    }

    /** Why the last probe failed; empty when it did not. */
    synchronized String problem() {
        return problem;
    }

    /** When the next probe is due; empty while one is under way, or when none will be. */
    synchronized Optional<Deadline> next() {
        return turn == Turn.PROBE || isSeenForGood() ? Optional.empty() : Optional.of(next);
    }

    /** Takes the turn to probe, if it is time. */
    synchronized boolean begin() {
        if (turn == Turn.PROBE || !next.isOver() || isSeenForGood()) {
            return false;
        }
        turn = Turn.PROBE;
        return true;
    }

    /** A line that was written stays written. */
    private boolean isSeenForGood() {
        return search.isPresent() && health == Health.HEALTHY;
    }

    /**
     * Takes down what a probe found.
     *
     * @param found what went wrong; empty for a success
     */
    synchronized void end(Optional<String> found) {
        turn = Turn.PAUSE;
        problem = found.orElse("");
        if (found.isEmpty()) {
            failures = 0;
            health = Health.HEALTHY;
            pause = check.interval();
        } else if (counts()) {
            failures++;
            counting = Deadline.in(check.interval());
            if (failures >= check.retries()) {
                health = Health.UNHEALTHY;
            }
        }
        next = Deadline.in(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(check.interval()) > 0 || health != Health.STARTING ? check.interval() : longer;
    }

    private boolean counts() {
        return counting.isOver() && (health != Health.STARTING || startPeriod.isOver());
    }
}
