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

    /**
     * The event of the service.
     *
     * @param alone what the event says if it is the only container of its service
     */
    RuntimeEvent joined(ContainerEvent event, RuntimeEvent alone) throws InterruptedException {
        if (event.number() > 1) {
            severalOf.put(event.service(), true);
        }
        if (!severalOf.getOrDefault(event.service(), true)) {
            return alone;
        }
        try {
            Optional<Replicas> several = Services.of(engine.containers(event.service()))
                    .get(event.service())
                    .filter(replicas -> replicas.all().size() > 1);
            severalOf.put(event.service(), several.isPresent());
            return several.map(Replicas::status)
                    .map(all -> new RuntimeEvent(all.name(), all.state(), all.health()))
                    .orElse(alone);
        } catch (AngeeException e) {
            return alone; // an engine that answers no more: the stream of events ends too, and says so
        }
    }
}
