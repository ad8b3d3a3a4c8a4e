package dev.angee.compose;

import java.util.concurrent.TimeUnit;

/** Tells one who waits that there may be something to do. Thread-safe; calls nobody. */
final class Signal {
    private long count;
    private boolean waiting;

    synchronized void wake() {
        count++;
        if (waiting) {
            notifyAll();
        }
    }

    /** How often it was given so far. */
    synchronized long count() {
        return count;
    }

    /** Waits until it was given more often than that, or the deadline has passed. */
    synchronized void await(long seen, Deadline deadline) throws InterruptedException {
        waiting = true;
        try {
            while (count == seen && !deadline.hasPassed()) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, deadline.nanosLeft()));
            }
        } finally {
            waiting = false;
        }
    }
}
