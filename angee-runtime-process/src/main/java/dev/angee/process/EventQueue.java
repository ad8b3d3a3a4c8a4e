package dev.angee.process;

import dev.angee.runtime.EventStream;
import dev.angee.runtime.RuntimeEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/** Events for one reader; when it is slow, the oldest are dropped. Thread-safe. */
final class EventQueue implements EventStream {
    private static final int LIMIT = 1024;

    private final Deque<RuntimeEvent> events = new ArrayDeque<>();
    private final Consumer<EventQueue> onClose;
    private boolean closed;

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
        while (events.isEmpty() && !closed && !deadline.isOver()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
        return Optional.ofNullable(events.pollFirst());
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
