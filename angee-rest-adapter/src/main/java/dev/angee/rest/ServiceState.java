package dev.angee.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.stack.ServiceStatus;

/** A service, as it is sent; a service without a verdict on its health has no {@code health}. */
record ServiceState(
        String name,
        String runtime,
        String status,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String health) {

    static ServiceState of(ServiceStatus service) {
        String health = service.observed()
                .map(WorkloadStatus::health)
                .filter(verdict -> verdict != Health.NONE)
                .map(Health::id)
                .orElse("");
        return new ServiceState(service.name(), service.runtime().id(), service.state(), health);
    }
}
