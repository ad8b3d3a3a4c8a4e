package dev.angee.compose;

import com.github.dockerjava.api.model.Event;
import dev.angee.AngeeException;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.WorkloadState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What happens to a project's services. Keeps the newest events for a slow reader. */
final class ServiceEvents implements EventStream {
    private static final int KEPT = 1024;

    private final Engine engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<RuntimeEvent> events = new ArrayDeque<>();
    private final Source source = new Source();
    private final ReplicaEvents replicas;
    private @Nullable AngeeException failure;
    private boolean closed;

    private ServiceEvents(Engine engine) {
        this.engine = engine;
        this.replicas = new ReplicaEvents(engine);
    }

    /** Asks for what happens from now on, by the engine's clock: so nothing is missed while the stream is set up. */
    static ServiceEvents open(Engine engine) throws InterruptedException {
        Instant now = engine.now();
        ServiceEvents events = new ServiceEvents(engine);
        engine.streams().adopt(events);
        engine.streams().events(now, events.source);
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        source.close();
        engine.streams().release(this);
    }

    private void add(RuntimeEvent event) {
        lock.lock();
        try {
            if (events.size() == KEPT) {
                events.removeFirst();
            }
            events.addLast(event);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable cause) {
        lock.lock();
        try {
            failure = engine.failure("for events", cause);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Source extends EngineStream<Event> {
        private static final String HEALTH = "health_status: ";

        @Override
        void piece(Event event) throws InterruptedException {
            Optional<ContainerEvent> happened = ContainerEvent.of(event);
            if (happened.isPresent()) {
                translate(happened.get()).ifPresent(ServiceEvents.this::add);
            }
        }

        @Override
        void over(@Nullable Throwable cause) {
            fail(cause == null ? new IllegalStateException("the engine ended the stream") : cause);
        }

        private Optional<RuntimeEvent> translate(ContainerEvent event) throws InterruptedException {
            if (event.action().startsWith(HEALTH)) {
                Health health = ProjectContainer.health(event.action().substring(HEALTH.length()));
                return event(event, WorkloadState.RUNNING, health);
            }
            return switch (event.action()) {
                case "create" -> event(event, WorkloadState.CREATED, Health.NONE);
                case "start", "unpause" -> event(event, WorkloadState.RUNNING, health(event));
                case "pause" -> event(event, WorkloadState.RUNNING, Health.NONE);
                case "die" -> event(event, WorkloadState.EXITED, Health.NONE);
                default -> Optional.empty();
            };
        }

        private Optional<RuntimeEvent> event(ContainerEvent of, WorkloadState state, Health health)
                throws InterruptedException {
            return Optional.of(replicas.joined(of, new RuntimeEvent(of.service(), state, health)));
        }

        /** The event does not tell whether there is a health check. */
        private Health health(ContainerEvent event) throws InterruptedException {
            return engine.container(event.container())
                    .map(ProjectContainer::health)
                    .orElse(Health.NONE);
        }
    }
}
