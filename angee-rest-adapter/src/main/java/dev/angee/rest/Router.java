package dev.angee.rest;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds what answers a request; where no route does, that is the answer of HTTP itself, in plain text. */
final class Router {
    private final List<Route> routes;

    Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /**
     * What answers a request; there is always something.
     *
     * @throws AngeeException {@code INVALID} if its target is malformed
     */
    Target find(Request request) {
        if (request.target().chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new AngeeException(ErrorCode.INVALID, "the target of the request is malformed");
        }
        String path = clean(request.path());
        Map<Route, Map<String, String>> here = at(path);
        if (here.isEmpty()) {
            return Target.fixed(Access.TOKEN, Response.text(404, "404 page not found"));
        }
        if (!path.equals(request.path())) {
            return Target.fixed(Access.TOKEN, redirect(path + request.query()));
        }
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        for (Map.Entry<Route, Map<String, String>> each : here.entrySet()) {
            Route route = each.getKey();
            if (route.method().equals(method)) {
                return new Target(route.access(), route.handler(), each.getValue());
            }
        }
        return Target.fixed(here.keySet().iterator().next().access(), methodNotAllowed(here));
    }

    private Map<Route, Map<String, String>> at(String path) {
        Map<Route, Map<String, String>> here = new LinkedHashMap<>();
        if (path.startsWith("/")) {
            List<String> segments = Arrays.stream(path.substring(1).split("/", -1))
                    .map(Router::decode)
                    .toList();
            routes.forEach(route -> route.match(segments).ifPresent(variables -> here.put(route, variables)));
        }
        return here;
    }

    /** The same path without empty and dot segments; a slash at its end stays. */
    private static String clean(String path) {
        if (!path.startsWith("/")) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        String clean = "/" + String.join("/", kept);
        return path.endsWith("/") && !kept.isEmpty() ? clean + "/" : clean;
    }

    private static String decode(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new AngeeException(ErrorCode.INVALID, "the path has a malformed percent escape", e);
        }
    }

    /** 307 and not 301: the method and the body stay what they are. */
    private static Response redirect(String location) {
        return Response.text(307, "see " + location).with("Location", location);
    }

    private static Response methodNotAllowed(Map<Route, Map<String, String>> here) {
        TreeSet<String> allowed = new TreeSet<>();
        here.keySet().forEach(route -> allowed.add(route.method()));
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        return Response.text(405, "Method Not Allowed").with("Allow", String.join(", ", allowed));
    }
}
