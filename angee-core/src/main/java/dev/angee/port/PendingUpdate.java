package dev.angee.port;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One change that somebody waits for. Whoever claims it makes it, and finishes it or gives it back; nobody makes it once
 * it is cancelled. Thread-safe.
 */
final class PendingUpdate<T> {
    private enum State {
        WAITING,
        CLAIMED,
        DONE,
        CANCELLED
    }

    private final Function<PortBook, T> change;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private @Nullable T result; // these two are written while claimed, and read when done
    private @Nullable RuntimeException failure;

    PendingUpdate(Function<PortBook, T> change) {
        this.change = change;
    }

    /** Whether it may be made now, by the caller and nobody else. */
    boolean claim() {
        return state.compareAndSet(State.WAITING, State.CLAIMED);
    }

    /** Makes it; what comes of it counts when it is finished. */
    void tryOn(PortBook book) {
        try {
            result = change.apply(book);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    void finish() {
        state.set(State.DONE);
    }

    /** Lets it wait again, if it is claimed and not finished. */
    void giveBack() {
        if (state.get() == State.CLAIMED) {
            result = null;
            failure = null;
            state.set(State.WAITING);
        }
    }

    /** Whether it is certain now that it is never made. */
    boolean cancel() {
        return state.compareAndSet(State.WAITING, State.CANCELLED);
    }

    boolean isDone() {
        return state.get() == State.DONE;
    }

    /** What came of it, once it is done. */
    T result() {
        if (failure != null) {
            throw failure;
        }
        if (result == null) {
            throw new IllegalStateException("not done: " + state);
        }
        return result;
    }
}
