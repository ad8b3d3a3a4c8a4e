package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.RuntimeEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What happens to a project's services, for one reader. Keeps the newest events for a slow one. */
final class ServiceEvents implements EventStream, Severable, ProjectEvents.Listener {
    private static final int KEPT = 1024;

    private final Engine engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<RuntimeEvent> events = new ArrayDeque<>();
    private @Nullable AngeeException failure;
    private boolean closed;

    private ServiceEvents(Engine engine) {
        this.engine = engine;
    }

    static ServiceEvents open(Engine engine) throws InterruptedException {
        ServiceEvents events = new ServiceEvents(engine);
        engine.streams().adopt(events);
        try {
            engine.events().add(events);
        } catch (RuntimeException | InterruptedException e) {
            events.close();
            throw e;
        }
        events.leaveIfClosed();
        return events;
    }

    @Override
    public Optional<RuntimeEvent> poll(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        lock.lockInterruptibly();
        try {
            while (events.isEmpty() && failure == null && !closed && !deadline.hasPassed()) {
                changed.await(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
            }
            if (closed) {
                return Optional.empty();
            }
            if (events.isEmpty() && failure != null) {
                throw failure;
            }
            return Optional.ofNullable(events.pollFirst());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            events.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        engine.events().remove(this);
        engine.streams().release(this);
    }

    @Override
    public void sever(AngeeException why) {
        lost(why);
        engine.events().remove(this);
    }

    @Override
    public void changed(RuntimeEvent event) {
        lock.lock();
        try {
            if (events.size() == KEPT) {
                events.removeFirst();
            }
            if (!closed) {
                events.addLast(event);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void lost(AngeeException why) {
        lock.lock();
        try {
            failure = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The backend may have been closed while this was opened. */
    private void leaveIfClosed() {
        boolean left;
        lock.lock();
        try {
            left = closed || failure != null;
        } finally {
            lock.unlock();
        }
        if (left) {
            engine.events().remove(this);
        }
    }
}
