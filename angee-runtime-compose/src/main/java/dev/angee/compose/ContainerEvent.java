package dev.angee.compose;

import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventActor;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that happened to the container of a service.
 *
 * @param container the container's id
 * @param service the service it belongs to
 * @param number which of that service's replicas it is
 * @param action the engine's words for it: {@code start}, {@code health_status: healthy}…
 */
record ContainerEvent(String container, String service, int number, String action) {
    /** The event, if it is about a container of a service, and not about the run of a job. */
    static Optional<ContainerEvent> of(Event event) {
        EventActor actor = event.getActor();
        String action = event.getAction();
        if (actor == null || actor.getId() == null || action == null) {
            return Optional.empty();
        }
        Map<String, String> attributes = Objects.requireNonNullElse(actor.getAttributes(), Map.of());
        String service = attributes.getOrDefault(ProjectContainer.SERVICE_LABEL, "");
        return service.isEmpty() || ProjectContainer.isOneOff(attributes)
                ? Optional.empty()
                : Optional.of(new ContainerEvent(actor.getId(), service, ProjectContainer.number(attributes), action));
    }
}
