package dev.angee.rest;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An HTTP request, whatever server took it.
 *
 * @param method the method, in capitals
 * @param target the path and query as they were sent, still percent-encoded
 * @param headers the values of each header, in the order they came; looked up without regard to case
 * @param body read at most once, and only by routes that take a body
 */
public record Request(String method, String target, Map<String, List<String>> headers, InputStream body) {
    /** Copies the headers. */
    public Request {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> copy.merge(name, List.copyOf(values), Request::joined));
        headers = Collections.unmodifiableMap(copy);
    }

    /** A request without headers and body. */
    public static Request of(String method, String target) {
        return new Request(method, target, Map.of(), InputStream.nullInputStream());
    }

    /** The same, with one more header. */
    public Request with(String name, String value) {
        Map<String, List<String>> more = new TreeMap<>(headers);
        more.merge(name, List.of(value), Request::joined);
        return new Request(method, target, more, body);
    }

    /** The same, with another body. */
    public Request withBody(String text) {
        return new Request(method, target, headers, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The path, as it was sent. */
    String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** The query with its question mark, as it was sent; empty if there is none. */
    String query() {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark);
    }

    /** Only the method and the path: headers and queries may hold credentials. */
    @Override
    public String toString() {
        return method + " " + path();
    }

    private static List<String> joined(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
