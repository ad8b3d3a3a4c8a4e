package dev.angee.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row of the table of routes.
 *
 * @param method the method it answers
 * @param pattern its path; a segment in braces takes any text
 * @param access what it asks of its caller
 * @param handler what answers
 */
record Route(String method, String pattern, Access access, Handler handler) {

    static Route of(String method, String pattern, Handler handler) {
        return new Route(method, pattern, Access.TOKEN, handler);
    }

    static Route open(String method, String pattern, Handler handler) {
        return new Route(method, pattern, Access.OPEN, handler);
    }

    /** The variables of a path with these decoded segments; empty if it is not a path of this route. */
    Optional<Map<String, String>> match(List<String> path) {
        List<String> wanted = List.of(pattern.substring(1).split("/", -1));
        if (wanted.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String segment = wanted.get(i);
            if (segment.startsWith("{")) {
                if (path.get(i).isEmpty()) {
                    return Optional.empty();
                }
                variables.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
