package dev.angee.compose;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Something that happened to the container of a service. Two of them are equal only if they are the same one, told twice.
 *
 * @param container the container's id
 * @param service the service it belongs to
 * @param number which of that service's replicas it is
 * @param action the engine's words for it: {@code start}, {@code health_status: healthy}…
 * @param exitCode the code that the container ended with, if that is what happened
 * @param time when, by the engine's clock
 */
record ContainerEvent(String container, String service, int number, String action, OptionalInt exitCode, Instant time) {
    private static final long NANOS = 1_000_000_000;

    /** The event, if it is about a container of a service, and not about the run of a job. */
    static Optional<ContainerEvent> of(JsonNode event) {
        JsonNode actor = event.path("Actor");
        JsonNode attributes = actor.path("Attributes");
        return of(
                actor.path("ID").asText(),
                event.path("Action").asText(),
                event.path("timeNano").asLong(),
                name -> attributes.path(name).asText());
    }

    private static Optional<ContainerEvent> of(
            String container, String action, long nanos, UnaryOperator<String> attributes) {
        String service = attributes.apply(ProjectContainer.SERVICE_LABEL);
        boolean oneOff = ProjectContainer.isOneOff(attributes.apply(ProjectContainer.ONE_OFF_LABEL));
        if (container.isEmpty() || action.isEmpty() || service.isEmpty() || oneOff) {
            return Optional.empty();
        }
        Instant time = Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS);
        return Optional.of(new ContainerEvent(
                container,
                service,
                ProjectContainer.number(attributes.apply(ProjectContainer.NUMBER_LABEL)),
                action,
                code(attributes.apply("exitCode")),
                time));
    }

    private static OptionalInt code(String text) {
        return text.matches("-?\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }
}
