package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.RuntimeEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Events for one reader; when it is slow, the oldest are dropped. Thread-safe. */
final class EventQueue implements EventStream {
    private static final int LIMIT = 1024;

    private final Deque<RuntimeEvent> events = new ArrayDeque<>();
    private final Consumer<EventQueue> onClose;
    private boolean closed;
    private @Nullable AngeeException failure;

    EventQueue(Consumer<EventQueue> onClose) {
        this.onClose = onClose;
    }

    synchronized void add(RuntimeEvent event) {
        if (closed) {
            return;
        }
        if (events.size() == LIMIT) {
            events.removeFirst();
        }
        events.addLast(event);
        notifyAll();
    }

    @Override
    public synchronized Optional<RuntimeEvent> poll(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        while (events.isEmpty() && !closed && failure == null && !deadline.isOver()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
        if (events.isEmpty() && failure != null && !closed) {
            throw failure;
        }
        return Optional.ofNullable(events.pollFirst());
    }

    /** There will be no more; who reads is told why. */
    synchronized void end(AngeeException why) {
        failure = why;
        notifyAll();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            events.clear();
            notifyAll();
        }
        onClose.accept(this);
    }
}
