package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.runtime.Health;

/**
 * What the supervisor has found out about one start of a service, for everybody else to see.
 *
 * @param marker the start
 * @param health what its health check says
 * @param problem why its last probe failed; empty when it did not
 * @param lifeless why it is to be ended, and started again if its policy says so: its liveness check failed too often; empty
 *     if it did not. Once said, it stays
 * @param refusal why it cannot be started again yet; empty if it can
 */
record Findings(Marker marker, Health health, String problem, String lifeless, String refusal) {
    private static final String HEALTH = "health";

    /** Of a start of which nothing is known yet. */
    static Findings none(Marker marker) {
        return new Findings(marker, Health.STARTING, "", "", "");
    }

    Findings found(Health now, String why) {
        return new Findings(marker, now, why, lifeless, refusal);
    }

    Findings lifeless(String why) {
        return new Findings(marker, health, problem, why, refusal);
    }

    Findings refused(String why) {
        return new Findings(marker, health, problem, lifeless, why);
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("marker", marker.value())
                .put(HEALTH, health.name())
                .put("problem", problem)
                .put("lifeless", lifeless)
                .put("refusal", refusal);
    }

    /**
     * Understands what {@link #toJson} made.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static Findings of(JsonNode json) {
        return new Findings(
                new Marker(json.required("marker").asText()),
                Health.valueOf(json.required(HEALTH).asText()),
                json.required("problem").asText(),
                json.required("lifeless").asText(),
                json.required("refusal").asText());
    }
}
