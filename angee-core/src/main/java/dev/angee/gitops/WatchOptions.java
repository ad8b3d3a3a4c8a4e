package dev.angee.gitops;

import dev.angee.InvalidInputException;
import java.time.Duration;

/**
 * How a {@link LiveTopology} watches.
 *
 * @param trust how long a slot of which no change was heard is believed to be as it was. A change that the kernel does not
 *     tell of (memory-mapped writing, another machine's on a network file system) is seen after that time at the latest
 * @param foldersPerSlot a slot with more folders than this is not watched, but looked at each time
 * @param folders how many folders are watched in all; slots beyond that are looked at each time. On Linux the kernel
 *     bounds what all programs of a user watch ({@code fs.inotify.max_user_watches})
 */
public record WatchOptions(Duration trust, int foldersPerSlot, int folders) {
    /** Refuses negative numbers. */
    public WatchOptions {
        if (trust.isNegative() || foldersPerSlot < 0 || folders < 0) {
            throw new InvalidInputException("watch", "times and numbers are not negative");
        }
    }

    /** A minute, 10,000 folders for a slot, 100,000 in all. */
    public static WatchOptions defaults() {
        return new WatchOptions(Duration.ofMinutes(1), 10_000, 100_000);
    }

    /** The same, with another time of trust. */
    public WatchOptions trusting(Duration time) {
        return new WatchOptions(time, foldersPerSlot, folders);
    }

    /** The same, with other bounds. */
    public WatchOptions atMost(int perSlot, int inAll) {
        return new WatchOptions(trust, perSlot, inAll);
    }
}
