package dev.angee.runtime;

import dev.angee.operation.ProgressListener;
import java.time.Duration;

/**
 * How to build images.
 *
 * @param which the services whose images are built; everything means those of the jobs too
 * @param timeout how long the whole call may take
 * @param progress is told, by the thread that calls, of each image that is built; what it throws fails the call
 */
public record BuildOptions(Selection which, Duration timeout, ProgressListener progress) {
    /** Everything, within ten minutes, nobody listening. */
    public static BuildOptions defaults() {
        return new BuildOptions(Selection.all(), Duration.ofMinutes(10), ProgressListener.none());
    }

    /** The same, for some services only. */
    public BuildOptions only(Selection selection) {
        return new BuildOptions(selection, timeout, progress);
    }

    /** The same, with another limit. */
    public BuildOptions within(Duration limit) {
        return new BuildOptions(which, limit, progress);
    }

    /** The same, telling this listener. */
    public BuildOptions telling(ProgressListener listener) {
        return new BuildOptions(which, timeout, listener);
    }
}
