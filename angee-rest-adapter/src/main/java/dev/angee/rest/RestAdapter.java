package dev.angee.rest;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.instance.Angee;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance, as HTTP: answers requests, and knows no server. {@link RestServer} puts it on a port; an application
 * that has a server already calls {@link #handle} from there.
 *
 * <pre>{@code
 * GET  /healthz              {"status":"ok"}; needs no token
 * GET  /stack/status         the stack with its services, jobs and workspaces
 * POST /stack/up             {services, build}; {"status":"started"} once they run and are healthy
 * POST /stack/down           {"status":"stopped"}
 * GET  /workspaces           {"nodes":[…],"total_count":n}
 * POST /workspaces           {template, name, inputs}; 201 and the workspace
 * GET  /workspaces/{name}    the workspace
 * }</pre>
 *
 * <p>{@code POST /stack/up} brings up services of both runtimes, because a stack whose containers run without its
 * processes is not up; the operator that this replaces started containers only there. What is given and not built yet
 * ({@code build}, {@code ttl}, {@code sync}, the {@code query} of a list) is refused and named, never ignored.
 *
 * <p>Failures become statuses by their code alone: {@code INVALID} 400, {@code NOT_FOUND} 404, {@code CONFLICT} 409,
 * {@code UNSUPPORTED} 501, {@code UNAVAILABLE} 503, {@code FAILED} 500; each with a body that has at least an
 * {@code error}. A failure that nobody foresaw is 500 and says no more than that; its cause is logged.
 *
 * <p>Thread-safe. Does not close the instance.
 */
public final class RestAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RestAdapter.class);

    private final RestOptions options;
    private final Gate gate;
    private final Router router;

    /**
     * An adapter for an instance.
     *
     * @param angee is called for every request; outlives the adapter
     * @param options who may call
     */
    public RestAdapter(Angee angee, RestOptions options) {
        this.options = options;
        gate = new Gate(options);
        List<Route> routes = new ArrayList<>();
        routes.add(Route.open("GET", "/healthz", call -> Response.json(200, Map.of("status", "ok"))));
        routes.addAll(new StackRoutes(angee).table());
        routes.addAll(new WorkspaceRoutes(angee).table());
        router = new Router(routes);
    }

    /**
     * Answers a request; never throws. Runs on the calling thread until the operation is over, also if the client has
     * gone away. An interrupt ends an operation that can be ended; the answer is then 503 and the thread stays
     * interrupted.
     *
     * <p>Without a token, the {@code Host} header must name {@code localhost} or a loopback address.
     */
    public Response handle(Request request) {
        try {
            Target target = router.find(request);
            Optional<Response> refusal = gate.refusal(request, target.access());
            return refusal.isPresent() ? refusal.get() : target.handler().handle(new Call(request, target.variables()));
        } catch (AngeeException e) {
            return Response.json(status(e.code()), ErrorBody.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Response.json(
                    503, ErrorBody.of("interrupted: the server is being closed; repeat the request later"));
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed", request, e);
            return Response.json(500, ErrorBody.of("internal error; the server's log says more"));
        }
    }

    RestOptions options() {
        return options;
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case INVALID -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case FAILED -> 500;
            case UNSUPPORTED -> 501;
            case UNAVAILABLE -> 503;
        };
    }
}
