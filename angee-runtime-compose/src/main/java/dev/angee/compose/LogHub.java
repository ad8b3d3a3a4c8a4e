package dev.angee.compose;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The logs of a project's containers that somebody follows: each is read once, however many follow. Thread-safe. */
final class LogHub {
    /** The engine dates an entry before it keeps it. */
    private static final Duration WRITING = Duration.ofSeconds(1);

    private final Engine engine;
    private final Duration patience;
    private final Map<String, SharedLog> open = new HashMap<>();

    /** @param patience how long the engine may be away */
    LogHub(Engine engine, Duration patience) {
        this.engine = engine;
        this.patience = patience;
    }

    /**
     * A log that has at least what is written after a moment.
     *
     * @param moment now, or earlier, by the engine's clock
     * @param follower is given when there may be something new
     */
    synchronized SharedLog join(String container, Instant moment, Signal follower) {
        SharedLog log = open.get(container);
        if (log == null || log.isFailed()) {
            Instant from = moment.isBefore(Instant.EPOCH.plus(WRITING)) ? Instant.EPOCH : moment.minus(WRITING);
            log = new SharedLog(engine, container, from, patience);
            log.started();
            open.put(container, log);
        }
        log.followers().add(follower);
        return log;
    }

    /** Follows it no longer; the last one ends it. */
    synchronized void leave(SharedLog log, Signal follower) {
        log.followers().remove(follower);
        if (log.followers().isEmpty()) {
            log.close();
            open.remove(log.container(), log);
        }
    }
}
