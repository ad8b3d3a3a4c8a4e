package dev.angee.rest;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A request that has found its route.
 *
 * @param request the request
 * @param variables the variable segments of its path, decoded
 */
record Call(Request request, Map<String, String> variables) {

    String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /** The first value of a query parameter, unless it is empty. */
    Optional<String> parameter(String name) {
        for (String pair : request.query().replaceFirst("^\\?", "").split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals >= 0 && decode(pair.substring(0, equals)).equals(name)) {
                return Optional.of(decode(pair.substring(equals + 1))).filter(value -> !value.isEmpty());
            }
        }
        return Optional.empty();
    }

    <T> T body(Class<T> type) {
        return Json.read(request.body(), type);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new AngeeException(ErrorCode.INVALID, "the query has a malformed percent escape", e);
        }
    }
}
