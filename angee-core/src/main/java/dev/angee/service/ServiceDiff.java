package dev.angee.service;

import dev.angee.ConflictException;
import dev.angee.render.RenderChange;
import dev.angee.render.RenderConflict;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an update of a service from its template changes, or would change.
 *
 * @param service the service, as it is declared before
 * @param changes what changes: first files, by their paths in the service's folder; then entries of {@code angee.yaml}, by their
 *     keys
 * @param conflicts what both sides have changed, in the same way; an update with any of these is not made
 */
public record ServiceDiff(Service service, List<RenderChange> changes, List<RenderConflict> conflicts) {
    /** Copies the lists. */
    public ServiceDiff {
        changes = List.copyOf(changes);
        conflicts = List.copyOf(conflicts);
    }

    /** Whether anything changes but what is remembered. */
    public boolean isChange() {
        return changes.stream().anyMatch(change -> change.kind() != RenderChange.Kind.ADOPT);
    }

    void requireNoConflict() {
        if (!conflicts.isEmpty()) {
            throw new ConflictException(
                    "service-template",
                    service.name(),
                    "changed both here and by the template: "
                            + conflicts.stream().map(RenderConflict::toString).collect(Collectors.joining("; "))
                            + " (take it back here, or overwrite)");
        }
    }
}
