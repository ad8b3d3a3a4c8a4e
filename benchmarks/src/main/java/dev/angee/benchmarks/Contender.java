package dev.angee.benchmarks;

/** One way to run processes. Each measurement has an object of its own, and a folder of its own. */
interface Contender extends AutoCloseable {

    /** Puts in place what is there before the clock runs: configuration, and for a warm one the supervisor. */
    void prepare() throws Exception;

    /** Asks for all processes to be started; they may still be starting when it returns. */
    void start() throws Exception;

    /** Ends all processes, and the supervisor unless it was there before; returns when they are gone. */
    void stop() throws Exception;

    /** Lets go of what is left in this JVM. What is left as processes is ended by whoever made the folder. */
    @Override
    default void close() {}

    /** Makes a contender for a load. */
    interface Maker {
        Contender make(ProcessLoad load);
    }
}
