package dev.angee.source;

import dev.angee.InvalidInputException;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * How to fetch.
 *
 * @param progress is told how it comes along
 * @param credentials what the remote is shown
 * @param freshness how old what is there may be: a cache that was fetched within that time is left as it is
 * @param depth how many of a branch's newest commits to have; empty for all of them
 */
public record FetchOptions(FetchProgress progress, Credentials credentials, Duration freshness, OptionalInt depth) {
    /** Refuses a depth below 1 and negative times. */
    public FetchOptions {
        if (depth.isPresent() && depth.getAsInt() < 1) {
            throw new InvalidInputException("depth", "is at least 1 commit");
        }
        if (freshness.isNegative()) {
            throw new InvalidInputException("freshness", "is not negative");
        }
    }

    /** Everything, now, without credentials, and nobody listens. */
    public static FetchOptions defaults() {
        return new FetchOptions(FetchProgress.none(), Credentials.none(), Duration.ZERO, OptionalInt.empty());
    }

    /** The same, with somebody who listens. */
    public FetchOptions telling(FetchProgress listener) {
        return new FetchOptions(listener, credentials, freshness, depth);
    }

    /** The same, with these credentials. */
    public FetchOptions with(Credentials shown) {
        return new FetchOptions(progress, shown, freshness, depth);
    }

    /** The same, unless it was done within that time. */
    public FetchOptions unlessWithin(Duration time) {
        return new FetchOptions(progress, credentials, time, depth);
    }

    /** The same, with only the newest commits of each branch. */
    public FetchOptions newest(int commits) {
        return new FetchOptions(progress, credentials, freshness, OptionalInt.of(commits));
    }
}
