package dev.angee.rest;

import java.util.Map;

/**
 * Where a request leads.
 *
 * @param access what is asked of its caller
 * @param handler what answers
 * @param variables the variable segments of the path, decoded
 */
record Target(Access access, Handler handler, Map<String, String> variables) {

    /** One that gives the same answer to everybody who may come in. */
    static Target fixed(Access access, Response response) {
        return new Target(access, call -> response, Map.of());
    }
}
