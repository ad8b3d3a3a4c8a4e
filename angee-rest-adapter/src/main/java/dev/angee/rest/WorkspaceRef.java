package dev.angee.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.angee.workspace.Workspace;
import java.util.Map;

/** A workspace, as it is sent; {@code chain_root} is relative to {@code path}. */
record WorkspaceRef(
        String name,
        String path,
        String template,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String chainRoot,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Integer> allocations) {

    static WorkspaceRef of(Workspace workspace) {
        return new WorkspaceRef(
                workspace.name(),
                workspace.path().toString(),
                workspace.template(),
                workspace.chainRoot().orElse(""),
                workspace.allocations());
    }
}
