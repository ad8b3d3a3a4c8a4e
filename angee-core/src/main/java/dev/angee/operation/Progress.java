package dev.angee.operation;

import dev.angee.workload.Condition;

/** Something that happened on the way. */
public sealed interface Progress {

    /**
     * A source is being fetched or checked out.
     *
     * @param source its name
     * @param task what is being done, for people
     * @param percent from 0 to 100, or -1 where the end is not known
     */
    record Fetching(String source, String task, int percent) implements Progress {}

    /**
     * A worktree stands.
     *
     * @param slot the workspace's slot
     * @param branch the branch it is on
     * @param head the commit it is on, abbreviated
     */
    record WorktreeAdded(String slot, String branch, String head) implements Progress {}

    /**
     * A port was leased.
     *
     * @param pool the pool
     * @param port the port
     */
    record PortLeased(String pool, int port) implements Progress {}

    /**
     * Templates were rendered.
     *
     * @param files how many files
     */
    record Rendered(int files) implements Progress {}

    /**
     * An image is being fetched for a workload.
     *
     * @param workload its name
     * @param image the image
     */
    record Pulling(String workload, String image) implements Progress {}

    /**
     * The image of a workload is being built.
     *
     * @param workload its name
     */
    record Building(String workload) implements Progress {}

    /**
     * A container is made for a service, in place of the one it had, if it had one.
     *
     * @param workload its name
     */
    record Creating(String workload) implements Progress {}

    /**
     * A service is being started, or a job run.
     *
     * @param workload its name
     */
    record Starting(String workload) implements Progress {}

    /**
     * A service runs, but is not there yet.
     *
     * @param workload its name
     * @param condition what is awaited
     */
    record WaitingFor(String workload, Condition condition) implements Progress {}

    /**
     * A service is ready: it runs, and its health check, if it has one, has passed.
     *
     * @param workload its name
     */
    record Ready(String workload) implements Progress {}
}
