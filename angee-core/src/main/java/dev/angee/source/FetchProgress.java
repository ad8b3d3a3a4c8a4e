package dev.angee.source;

/** Is told how a fetch or a checkout comes along. */
@FunctionalInterface
public interface FetchProgress {
    /**
     * Called now and then, from the thread that works.
     *
     * @param task what is being done, for people
     * @param percent from 0 to 100, or -1 where the end is not known
     */
    void at(String task, int percent);

    /** Nobody listens. */
    static FetchProgress none() {
        return (task, percent) -> {};
    }
}
