package dev.angee.rest;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who comes in. Without a token everybody on this host does, and a browser on this host acts for whatever page it
 * shows: so the {@code Host} must be this host's own, which a page of another name cannot arrange, and what changes
 * something must not come from a page of another origin.
 */
final class Gate {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final RestOptions options;

    Gate(RestOptions options) {
        this.options = options;
    }

    /** Why a request is turned away; empty if it may pass. */
    Optional<Response> refusal(Request request, Access access) {
        if (!options.hasToken() && !isForThisHost(request)) {
            return forbidden("the Host header must name localhost or a loopback address; set a token to serve others");
        }
        if (access == Access.TOKEN && !isAuthorized(request)) {
            return Optional.of(Response.json(401, ErrorBody.of("unauthorized")));
        }
        if (!READING.contains(request.method()) && isCrossOrigin(request)) {
            return forbidden("cross-origin requests may not change anything");
        }
        return Optional.empty();
    }

    private static boolean isForThisHost(Request request) {
        List<String> hosts = request.headers().getOrDefault("Host", List.of());
        return hosts.size() == 1
                && HostName.inHeader(hosts.get(0)).filter(HostName::isLoopback).isPresent();
    }

    private boolean isAuthorized(Request request) {
        return options.token().isEmpty()
                || request.header("Authorization")
                        .filter(options.token().get()::isIn)
                        .isPresent();
    }

    /** Today's browsers say it in {@code Sec-Fetch-Site}, older ones by an {@code Origin}, programs by neither. */
    private static boolean isCrossOrigin(Request request) {
        String site = request.header("Sec-Fetch-Site").orElse("");
        if (!site.isEmpty()) {
            return !OWN_SITE.contains(site);
        }
        return request.header("Origin")
                .filter(origin -> !authority(origin)
                        .equalsIgnoreCase(request.header("Host").orElse("")))
                .isPresent();
    }

    private static String authority(String origin) {
        try {
            return Optional.ofNullable(new URI(origin).getRawAuthority()).orElse("?");
        } catch (URISyntaxException e) {
            return "?";
        }
    }

    private static Optional<Response> forbidden(String error) {
        return Optional.of(Response.json(403, ErrorBody.of(error)));
    }
}
