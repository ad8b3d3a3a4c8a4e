package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.runtime.RuntimeEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an event of one container says of its service. Of several replicas it says what is then true of them all: that
 * one of them has ended is not the end of the service. The engine is asked for the others only where there are some.
 * For one thread.
 */
final class ReplicaEvents {
    private final Engine engine;
    private final Map<String, Map<String, Integer>> numbers = new HashMap<>(); // by service and container
    private final Map<String, RuntimeEvent> last = new HashMap<>(); // of those that have several

    ReplicaEvents(Engine engine) {
        this.engine = engine;
    }

    /** These are all there are, and how they are is known. */
    void begin(Collection<ProjectContainer> there) {
        know(there);
        Services.of(there).statuses().forEach(each -> last.put(each.name(), RuntimeEvent.of(each)));
    }

    /** These are all there are. */
    void know(Collection<ProjectContainer> there) {
        numbers.clear();
        there.forEach(each -> saw(each.service(), each.id(), each.number()));
    }

    /** There is a container of that service with that number; while one replaces another, there may be two. */
    void saw(String service, String id, int number) {
        numbers.computeIfAbsent(service, name -> new HashMap<>()).put(id, number);
    }

    /** The container is gone. */
    void removed(String id) {
        numbers.values().forEach(each -> each.remove(id));
    }

    /**
     * The event of the service; empty if nothing has changed for it.
     *
     * @param alone what it is if the container that it is about is the only one of its service
     */
    Optional<RuntimeEvent> joined(RuntimeEvent alone) throws InterruptedException {
        String service = alone.workload();
        if (numbers.getOrDefault(service, Map.of()).values().stream().distinct().count() < 2) {
            last.remove(service);
            return Optional.of(alone);
        }
        RuntimeEvent whole = whole(alone);
        return whole.equals(last.put(service, whole)) ? Optional.empty() : Optional.of(whole);
    }

    private RuntimeEvent whole(RuntimeEvent alone) throws InterruptedException {
        try {
            Optional<RuntimeEvent> several = Services.of(engine.containers(alone.workload()))
                    .get(alone.workload())
                    .map(Replicas::status)
                    .map(RuntimeEvent::of);
            return several.map(e -> e.outOfMemory() || !alone.outOfMemory() ? e : shortOfMemory(e))
                    .orElse(alone);
        } catch (AngeeException e) {
            return alone; // an engine that answers no more: the stream of events ends too, and says so
        }
    }

    /** That a process of it was killed is told by the event alone. */
    private static RuntimeEvent shortOfMemory(RuntimeEvent event) {
        return new RuntimeEvent(
                event.workload(), event.state(), event.health(), event.exitCode(), true, event.restarts());
    }
}
