package dev.angee.manifest;

import com.google.common.base.CharMatcher;
import dev.angee.workload.Route;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The edge: what makes routed services reachable from outside.
 *
 * @param type what does it
 * @param routing what tells services apart
 * @param tls whether connections are encrypted
 * @param domain the domain that services are below
 * @param port the port of the host, for an edge without encryption
 * @param image the image of the edge
 * @param network the network it shares with routed services
 * @param verify {@code host:port} of who is asked whether a caller is let through
 */
public record IngressSpec(
        Type type,
        Routing routing,
        Tls tls,
        Optional<String> domain,
        OptionalInt port,
        Optional<String> image,
        Optional<String> network,
        Optional<String> verify) {
    /** Kinds of edges. */
    public enum Type {
        /** None. */
        NONE,
        /** Caddy, driven by the labels of containers. */
        CADDY
    }

    /** What tells services apart. */
    public enum Routing {
        /** The host name. */
        HOST,
        /** The first part of the path. */
        PATH
    }

    /** Whether connections are encrypted. */
    public enum Tls {
        /** With certificates that the edge gets by itself. */
        AUTO,
        /** Not. */
        OFF
    }

    private static final int HTTP = 80;

    /** No edge. */
    public static IngressSpec none() {
        return new IngressSpec(
                Type.NONE,
                Routing.HOST,
                Tls.AUTO,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Whether there is an edge at all. */
    public boolean isPresent() {
        return type != Type.NONE;
    }

    /**
     * What a client writes to get to a service, host and path: {@code web.example.org} or {@code example.org/web}.
     *
     * @param service the service's name
     * @param route its route
     * @param standardDomain the domain that is used where the edge has none of its own
     */
    public String address(String service, Route route, Optional<String> standardDomain) {
        Optional<String> below = domain.or(() -> standardDomain);
        if (routing == Routing.PATH) {
            return below.orElse("") + "/" + prefix(service, route);
        }
        return route.host().orElse(service + below.map(d -> "." + d).orElse(""));
    }

    /** The first part of the path that leads to a service, without slashes around it; empty for all paths. */
    public static String prefix(String service, Route route) {
        return CharMatcher.is('/').trimFrom(route.path().orElse(service));
    }

    /** The address as a URL: always of a WebSocket, as existing clients expect. */
    public String url(String service, Route route, Optional<String> standardDomain) {
        String address = address(service, route, standardDomain);
        int slash = address.indexOf('/');
        String host = slash < 0 ? address : address.substring(0, slash);
        String path = slash < 0 ? "" : address.substring(slash);
        String suffix = tls == Tls.OFF && port.orElse(HTTP) != HTTP ? ":" + port.getAsInt() : "";
        return (tls == Tls.OFF ? "ws://" : "wss://") + host + suffix + path + (path.endsWith("/") ? "" : "/");
    }
}
