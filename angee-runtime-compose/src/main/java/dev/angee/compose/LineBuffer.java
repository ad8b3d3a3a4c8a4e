package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.runtime.LogLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Lines on their way from several writers to one reader. Bounded: writers wait while it is full. Thread-safe. */
final class LineBuffer {
    private enum State {
        OPEN,
        ENDED,
        CLOSED
    }

    private static final int ROOM = 1 << 20;
    private static final int COST_OF_A_LINE = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private int size;
    private State state = State.OPEN;
    private @Nullable AngeeException failure;

    /** Adds a line, waiting until there is room; does nothing once it is over. */
    void put(LogLine line) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state == State.OPEN && size > 0 && size + cost(line) > ROOM) {
                changed.await();
            }
            if (state == State.OPEN) {
                lines.addLast(line);
                size += cost(line);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next line; empty once there will be none, or at the deadline.
     *
     * @throws AngeeException if the lines could not be read to their end
     */
    Optional<LogLine> next(@Nullable Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state == State.OPEN && lines.isEmpty() && (deadline == null || !deadline.hasPassed())) {
                if (deadline == null) {
                    changed.await();
                } else {
                    changed.await(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
                }
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    /** No more lines will come. */
    void end() {
        moveTo(State.ENDED, null);
    }

    /** No more lines can be had. */
    void fail(AngeeException why) {
        moveTo(State.ENDED, why);
    }

    /** Nobody wants more lines; what is there is thrown away. */
    void close() {
        moveTo(State.CLOSED, null);
    }

    /** Whether no more lines will come; some may still be there. */
    boolean isOver() {
        lock.lock();
        try {
            return state != State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    private Optional<LogLine> take() {
        if (state == State.CLOSED) {
            return Optional.empty();
        }
        LogLine first = lines.pollFirst();
        if (first != null) {
            size -= cost(first);
            changed.signalAll();
            return Optional.of(first);
        }
        if (failure != null) {
            throw failure;
        }
        return Optional.empty();
    }

    private void moveTo(State next, @Nullable AngeeException why) {
        lock.lock();
        try {
            if (state == State.CLOSED || (state == State.ENDED && next == State.ENDED)) {
                return;
            }
            state = next;
            failure = next == State.ENDED ? why : null;
            if (next == State.CLOSED) {
                lines.clear();
                size = 0;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static int cost(LogLine line) {
        return line.text().length() + COST_OF_A_LINE;
    }
}
