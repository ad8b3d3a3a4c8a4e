package dev.angee.process;

import java.time.Duration;

/** Tells those who wait that something may have changed. Thread-safe. */
final class Changes {
    private long count;
    private boolean closed;

    /** Something may have changed. */
    synchronized void add() {
        count++;
        notifyAll();
    }

    /** How many there were. */
    synchronized long count() {
        return count;
    }

    /**
     * Waits for one more.
     *
     * @param seen how many there were when the waiting one last looked
     * @param longest how long to wait at the most
     * @return whether there may be more to come
     */
    synchronized boolean await(long seen, Duration longest) throws InterruptedException {
        Deadline deadline = Deadline.in(longest);
        while (count == seen && !closed && !deadline.isOver()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
        return !closed;
    }

    /** There will be no more; nobody waits any longer. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
