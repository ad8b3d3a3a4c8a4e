package dev.angee.compose;

import dev.angee.InvalidInputException;
import dev.angee.plan.Workload;
import dev.angee.secret.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Final text on its way into a Compose file. Compose expands {@code $} in every value, so each is doubled and the
 * container gets the text as it was planned. Keys are not expanded, and stay as they are.
 *
 * @param workload whose values these are
 */
record Values(Workload workload) {

    String text(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new InvalidInputException(
                    "workload '" + workload.name() + "'",
                    "a value holds a NUL character, which no program can be given");
        }
        if (value.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new InvalidInputException("workload '" + workload.name() + "'", "a value is not valid Unicode text");
        }
        return escaped(value);
    }

    static String escaped(String value) {
        return value.replace("$", "$$");
    }

    List<String> list(List<String> values) {
        return values.stream().map(this::text).toList();
    }

    Map<String, String> map(Map<String, String> values) {
        Map<String, String> map = new LinkedHashMap<>();
        values.forEach((name, value) -> map.put(name, text(value)));
        return map;
    }

    /** A secret is a variable that Compose is given in its own environment. */
    Map<String, String> texts(Map<String, Text> values) {
        Map<String, String> map = new LinkedHashMap<>();
        values.forEach((name, value) ->
                map.put(name, value.spell(this::text, secret -> "${" + secret.variable() + "}")));
        return map;
    }
}
