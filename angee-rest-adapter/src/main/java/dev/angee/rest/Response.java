package dev.angee.rest;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * An HTTP response, for whatever server sends it.
 *
 * @param status the status code
 * @param headers all headers but those that say how the body is sent
 * @param body the body, to be sent as UTF-8; the answer to a {@code HEAD} is sent without it, and with its length
 */
public record Response(int status, Map<String, String> headers, String body) {
    private static final String CONTENT_TYPE = "Content-Type";

    /** Copies the headers. */
    public Response {
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    static Response json(int status, Object value) {
        return new Response(status, Map.of(CONTENT_TYPE, "application/json"), Json.write(value));
    }

    static Response text(int status, String text) {
        return new Response(
                status,
                Map.of(CONTENT_TYPE, "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff"),
                text + "\n");
    }

    Response with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new Response(status, more, body);
    }
}
