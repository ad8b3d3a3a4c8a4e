package dev.angee.compose;

import dev.angee.AngeeException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Containers that are to be looked at, one after the other, by a worker that there is only meanwhile: for one who is told
 * of changes and must not wait. An engine that goes away is waited for. Thread-safe.
 */
final class Looks {
    /** What is done with each. */
    interface Look {
        void at(String container) throws InterruptedException;
    }

    private final Engine engine;
    private final Look look;
    private final Consumer<AngeeException> lost;
    private final Set<String> due = new LinkedHashSet<>(); // all below is guarded by this
    private boolean busy;
    private boolean closed;
    private @Nullable Future<?> worker;

    /** @param lost is told when there is no sense in going on */
    Looks(Engine engine, Look look, Consumer<AngeeException> lost) {
        this.engine = engine;
        this.look = look;
        this.lost = lost;
    }

    synchronized void add(String container) {
        if (closed) {
            return;
        }
        due.add(container);
        if (!busy) {
            busy = true;
            worker = engine.streams().background(this::run);
        }
    }

    synchronized void close() {
        closed = true;
        if (worker != null) {
            worker.cancel(true);
        }
    }

    private void run() {
        Outage outage = new Outage(engine.longestOutage());
        try {
            for (List<String> next = next(); !next.isEmpty(); next = next()) {
                try {
                    for (String each : next) {
                        look.at(each);
                    }
                    outage.over();
                } catch (RuntimeException e) {
                    if (Outage.isFinal(e) || !outage.pause()) {
                        lost.accept(engine.failure("what services use", e));
                        return;
                    }
                    again(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** With nothing, the worker ends. */
    private synchronized List<String> next() {
        List<String> next = closed ? List.of() : List.copyOf(due);
        due.clear();
        busy = !next.isEmpty();
        return next;
    }

    private synchronized void again(List<String> failed) {
        due.addAll(failed);
    }
}
