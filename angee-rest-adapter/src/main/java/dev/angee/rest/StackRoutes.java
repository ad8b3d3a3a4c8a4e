package dev.angee.rest;

import dev.angee.InvalidInputException;
import dev.angee.instance.Angee;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.UpOptions;
import java.util.List;
import java.util.Map;

/** The routes of the stack. */
final class StackRoutes {
    private final Angee angee;

    StackRoutes(Angee angee) {
        this.angee = angee;
    }

    List<Route> table() {
        return List.of(
                Route.of("GET", "/stack/status", this::status),
                Route.of("POST", "/stack/up", this::up),
                Route.of("POST", "/stack/down", this::down));
    }

    private Response status(Call call) {
        return Response.json(
                200, StackState.of(angee.stack().status(), angee.workspaces().list()));
    }

    private Response up(Call call) throws InterruptedException {
        UpBody body = call.body(UpBody.class);
        if (body.build()) {
            throw new InvalidInputException("build", "not supported yet; build the image first and leave 'build' out");
        }
        Selection which = body.services().isEmpty() ? Selection.all() : Selection.of(body.services());
        angee.stack().up(UpOptions.defaults().only(which));
        return Response.json(200, Map.of("status", "started"));
    }

    private Response down(Call call) throws InterruptedException {
        angee.stack().down(DownOptions.defaults());
        return Response.json(200, Map.of("status", "stopped"));
    }

    /** What {@code POST /stack/up} takes; no services are all of them. */
    record UpBody(List<String> services, boolean build) {}
}
