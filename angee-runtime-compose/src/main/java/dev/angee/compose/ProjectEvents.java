package dev.angee.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.github.dockerjava.api.exception.DockerException;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.RuntimeEvent;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to the services of one project, for any number of listeners on one connection, which there is only while
 * somebody listens. An engine that goes away is waited for; then what it still tells of the time in between is told,
 * and what it does not (it keeps the last 256 events of all projects, and none over a restart of its own) is found out
 * by comparing. Thread-safe.
 */
final class ProjectEvents {
    /** Is called by one thread, one call after the other; must not wait. */
    interface Listener {
        /** A service has changed. */
        default void changed(RuntimeEvent event) {}

        /** A container has been made. */
        default void created(String id, String service) {}

        /** A container has been started; of one start this may be told twice. */
        default void started(String id, String service) {}

        /** A container has ended. */
        default void died(String id) {}

        /** The engine was out of sight; what has happened meanwhile has been told, as far as it can be known. */
        default void resumed() {}

        /** A container is gone. */
        default void removed(String id) {}

        /** Nothing more will be heard. */
        void lost(AngeeException why);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ProjectEvents.class);
    private static final ObjectReader EVENTS = new ObjectMapper().readerFor(JsonNode.class);

    private final Engine engine;
    private final Duration patience;
    private final ReentrantLock door = new ReentrantLock();
    private @Nullable Connection open; // guarded by this

    /** @param patience how long the engine may be away */
    ProjectEvents(Engine engine, Duration patience) {
        this.engine = engine;
        this.patience = patience;
    }

    /**
     * Tells a listener of all that happens from now on.
     *
     * @throws AngeeException {@code UNAVAILABLE} if the engine is away now
     */
    void add(Listener listener) throws InterruptedException {
        door.lockInterruptibly(); // so that two who come first do not both ask
        try {
            if (isInDoubt()) {
                engine.ping(); // it may be back, and those who listen not have noticed yet
            }
            if (joins(listener)) {
                return;
            }
            Connection fresh = new Connection();
            fresh.begin();
            fresh.listeners.add(listener);
            synchronized (this) {
                open = fresh;
                fresh.start();
            }
        } finally {
            door.unlock();
        }
    }

    /** Tells it nothing more; it need not be there. */
    synchronized void remove(Listener listener) {
        Connection connection = open;
        if (connection != null && connection.listeners.remove(listener) && connection.listeners.isEmpty()) {
            connection.close();
            open = null;
        }
    }

    private synchronized boolean isInDoubt() {
        return open != null && open.isCut;
    }

    private synchronized boolean joins(Listener listener) {
        Connection connection = open;
        if (connection == null) {
            return false;
        }
        connection.listeners.add(listener);
        return true;
    }

    private synchronized void forget(Connection lost) {
        if (open == lost) {
            open = null;
        }
    }

    private final class Connection implements Listener {
        private static final int REMEMBERED = 512;

        private final List<Listener> listeners = new CopyOnWriteArrayList<>();
        private final SeenContainers seen = new SeenContainers(this);
        private final ReplicaEvents replicas = new ReplicaEvents(engine);
        private final Queue<ContainerEvent> heard = new ArrayDeque<>(); // the newest ones
        private final Outage outage = new Outage(patience);
        private Instant since = Instant.EPOCH;
        private @Nullable Future<?> worker;
        private volatile boolean isCut;

        void begin() throws InterruptedException {
            since = engine.now(); // before the list, so that nothing falls between the two
            List<ProjectContainer> there = services();
            seen.begin(there);
            replicas.begin(there);
        }

        void start() {
            worker = engine.streams().background(this::run);
        }

        void close() {
            if (worker != null) {
                worker.cancel(true);
            }
        }

        @Override
        public void changed(RuntimeEvent event) {
            Optional<RuntimeEvent> whole = joined(event);
            whole.ifPresent(w -> listeners.forEach(each -> each.changed(w)));
        }

        @Override
        public void created(String id, String service) {
            listeners.forEach(each -> each.created(id, service));
        }

        @Override
        public void started(String id, String service) {
            listeners.forEach(each -> each.started(id, service));
        }

        @Override
        public void died(String id) {
            listeners.forEach(each -> each.died(id));
        }

        @Override
        public void resumed() {
            listeners.forEach(Listener::resumed);
        }

        @Override
        public void removed(String id) {
            replicas.removed(id);
            listeners.forEach(each -> each.removed(id));
        }

        @Override
        public void lost(AngeeException why) {
            forget(this);
            listeners.forEach(each -> each.lost(why));
        }

        private Optional<RuntimeEvent> joined(RuntimeEvent event) {
            try {
                return replicas.joined(event);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed, which is noticed when there is something to wait for
                return Optional.of(event);
            }
        }

        private void run() {
            try {
                Throwable last = listen();
                while (!Outage.isFinal(last) && outage.pause()) {
                    last = listenAgain();
                }
                lost(why(last));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
            }
        }

        private AngeeException why(Throwable last) {
            AngeeException why = engine.failure("for events", last);
            return Outage.isFinal(last)
                    ? why
                    : new AngeeException(
                            ErrorCode.UNAVAILABLE,
                            "the Docker engine has been away for " + Deadline.spell(patience) + ": " + why.getMessage(),
                            last);
        }

        /** Returns why it ended. */
        private Throwable listen() throws InterruptedException {
            try (EngineResponse response = engine.streams().events(since, Optional.empty())) {
                requireSuccess(response);
                isCut = false;
                outage.over();
                readAll(response, new HashSet<>(), Instant.MAX);
                throw new EOFException("it ended the stream of events");
            } catch (IOException | RuntimeException e) {
                isCut = true;
                return e;
            }
        }

        private Throwable listenAgain() throws InterruptedException {
            try {
                catchUp();
            } catch (IOException | RuntimeException e) {
                isCut = true;
                return e;
            }
            return listen();
        }

        private void catchUp() throws IOException, InterruptedException {
            Instant before = engine.now();
            List<ProjectContainer> there = services();
            Instant after = engine.now();
            Set<String> meanwhile = new HashSet<>();
            if (since.isBefore(after)) {
                try (EngineResponse response = engine.streams().events(since, Optional.of(after))) {
                    requireSuccess(response);
                    readAll(response, meanwhile, before);
                }
            }
            replicas.know(there);
            seen.compare(there, meanwhile);
            resumed();
            since = after;
        }

        private void readAll(EngineResponse response, Set<String> meanwhile, Instant from)
                throws IOException, InterruptedException {
            try (MappingIterator<JsonNode> events = EVENTS.readValues(response.body())) {
                while (events.hasNextValue()) {
                    Optional<ContainerEvent> next = ContainerEvent.of(events.nextValue());
                    if (next.isPresent()) {
                        take(next.get());
                        if (!next.get().time().isBefore(from)) {
                            meanwhile.add(next.get().container());
                        }
                    }
                }
            }
        }

        private void take(ContainerEvent event) throws InterruptedException {
            if (heard.contains(event)) {
                return; // the engine includes the moment that it is asked to begin at
            }
            heard.add(event);
            if (heard.size() > REMEMBERED) {
                heard.remove();
            }
            replicas.saw(event.service(), event.container(), event.number());
            seen.take(event, seen.needsLook(event) ? look(event) : Optional.empty());
            since = event.time().isAfter(since) ? event.time() : since;
        }

        /** An engine that goes away just now does not take an event back. */
        private Optional<ProjectContainer> look(ContainerEvent event) throws InterruptedException {
            try {
                return engine.container(event.container());
            } catch (AngeeException e) {
                LOG.debug("what an event of {} means is not quite known", event.service(), e);
                return Optional.empty();
            }
        }

        private List<ProjectContainer> services() throws InterruptedException {
            return engine.containers().stream().filter(c -> !c.oneOff()).toList();
        }
    }

    private static void requireSuccess(EngineResponse response) throws IOException {
        if (response.status() != 200) {
            String why = new String(response.body().readNBytes(1000), StandardCharsets.UTF_8);
            throw new DockerException(why, response.status());
        }
    }
}
