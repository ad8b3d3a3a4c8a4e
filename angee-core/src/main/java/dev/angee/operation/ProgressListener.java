package dev.angee.operation;

/** Is told how an operation comes along. */
@FunctionalInterface
public interface ProgressListener {
    /** Called from a thread that works, for one thing at a time; an exception thrown here fails the operation. */
    void on(Progress progress);

    /** Nobody listens. */
    static ProgressListener none() {
        return progress -> {};
    }
}
