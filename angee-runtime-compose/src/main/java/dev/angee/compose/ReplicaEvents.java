package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.runtime.RuntimeEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an event of one container says of its service. Of several replicas it says what is then true of them all: that
 * one of them has ended is not the end of the service. The engine is asked for the others only where there may be some.
 * For one thread.
 */
final class ReplicaEvents {
    private final Engine engine;
    private final Map<String, Boolean> severalOf = new HashMap<>();

    ReplicaEvents(Engine engine) {
        this.engine = engine;
    }

    /** There is, or was, a container of that service with that number. */
    void saw(String service, int number) {
        if (number > 1) {
            severalOf.put(service, true);
        }
    }

    /**
     * The event of the service.
     *
     * @param alone what it is if the container that it is about is the only one of its service
     */
    RuntimeEvent joined(RuntimeEvent alone) throws InterruptedException {
        String service = alone.workload();
        if (!severalOf.getOrDefault(service, true)) {
            return alone;
        }
        try {
            Optional<Replicas> several = Services.of(engine.containers(service))
                    .get(service)
                    .filter(replicas -> replicas.all().size() > 1);
            severalOf.put(service, several.isPresent());
            return several.map(Replicas::status).map(RuntimeEvent::of).orElse(alone);
        } catch (AngeeException e) {
            return alone; // an engine that answers no more: the stream of events ends too, and says so
        }
    }
}
