package dev.angee.runtime;

import java.time.Duration;

/**
 * How to bring a plan up.
 *
 * @param which the services to bring up; what they depend on comes with them
 * @param timeout how long the whole call may take
 */
public record UpOptions(Selection which, Duration timeout) {
    /** Everything, within two minutes. */
    public static UpOptions defaults() {
        return new UpOptions(Selection.all(), Duration.ofMinutes(2));
    }

    /** The same, for some services only. */
    public UpOptions only(Selection selection) {
        return new UpOptions(selection, timeout);
    }

    /** The same, with another limit. */
    public UpOptions within(Duration limit) {
        return new UpOptions(which, limit);
    }
}
