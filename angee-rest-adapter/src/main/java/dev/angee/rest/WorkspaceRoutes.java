package dev.angee.rest;

import dev.angee.InvalidInputException;
import dev.angee.instance.Angee;
import dev.angee.template.TemplateCatalog;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.WorkspaceRequest;
import java.util.List;
import java.util.Map;

/** The routes of the workspaces. */
final class WorkspaceRoutes {
    private final Angee angee;

    WorkspaceRoutes(Angee angee) {
        this.angee = angee;
    }

    List<Route> table() {
        return List.of(
                Route.of("GET", "/workspaces", this::list),
                Route.of("POST", "/workspaces", this::create),
                Route.of("GET", "/workspaces/{name}", this::get));
    }

    private Response list(Call call) {
        if (call.parameter("query").isPresent()) {
            throw new InvalidInputException("query", "not supported yet; leave it out to get the whole list");
        }
        return Response.json(
                200,
                Page.of(angee.workspaces().list().stream().map(WorkspaceRef::of).toList()));
    }

    private Response get(Call call) {
        return Response.json(200, WorkspaceRef.of(angee.workspaces().get(call.variable("name"))));
    }

    private Response create(Call call) {
        WorkspaceBody body = call.body(WorkspaceBody.class);
        body.check();
        Workspace made = angee.workspaces()
                .create(WorkspaceRequest.named(body.name())
                        .template(body.template())
                        .inputs(body.inputs()));
        return Response.json(201, WorkspaceRef.of(made));
    }

    /** What {@code POST /workspaces} takes. */
    record WorkspaceBody(String template, String name, Map<String, String> inputs, String ttl, boolean sync) {

        /** Refuses what could only be ignored. */
        void check() {
            require(!template.isBlank(), "template", "say which template to make the workspace from");
            require(
                    !TemplateCatalog.isLocalPath(template),
                    "template",
                    "a path of the host names no template here; give a name or the address of a repository");
            require(
                    !name.isBlank(),
                    "name",
                    "say what to call the workspace; names from a pattern are not supported yet");
            require(ttl.isEmpty(), "ttl", "not supported yet; leave it out");
            require(!sync, "sync", "not supported yet; leave it out");
        }

        private static void require(boolean right, String field, String reason) {
            if (!right) {
                throw new InvalidInputException(field, reason);
            }
        }
    }
}
