package dev.angee.templates.jinja;

import static dev.angee.templates.jinja.Filters.plain;

import dev.angee.templates.jinja.Filters.Filter;
import dev.angee.templates.jinja.Filters.Toolbox;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Filters between texts and data: JSON, Base64, shell words, paths. */
final class DataFilters {
    private DataFilters() {}

    static Map<String, Filter> all() {
        Map<String, Filter> all = new TreeMap<>();
        all.put("tojson", DataFilters::safeJson);
        all.put("to_nice_yaml", plain((t, v, a) -> new Yaml(t.machine(), true).of(v)));
        all.put("to_yaml", plain((t, v, a) -> new Yaml(t.machine(), false).of(v)));
        all.put("to_json", (t, v, a) -> new Json(t.machine(), 0, false).of(v));
        all.put("to_nice_json", (t, v, a) -> new Json(t.machine(), 4, true).of(v));
        all.put(
                "b64encode",
                plain((t, v, a) ->
                        t.made(Base64.getEncoder().encodeToString(t.text(v).getBytes(StandardCharsets.UTF_8)))));
        all.put("b64decode", plain(DataFilters::decoded));
        all.put("quote", plain((t, v, a) -> shellWord(t, t.text(v))));
        all.put("basename", plain((t, v, a) -> {
            String path = t.text(v);
            return path.substring(path.lastIndexOf('/') + 1);
        }));
        all.put("dirname", plain((t, v, a) -> parent(t.text(v))));
        all.put("bool", plain((t, v, a) -> bool(v)));
        return all;
    }

    /** For HTML, too: what could end a script is written as an escape. */
    private static Object safeJson(Toolbox toolbox, Object value, Arguments arguments) {
        long indent = arguments.only("indent").unlessNone(0, "indent").isPresent() ? arguments.number(0, "indent") : 0;
        if (indent < 0 || indent > 100) {
            throw JinjaException.of("tojson: an indent is from 0 to 100");
        }
        boolean broken = arguments.unlessNone(0, "indent").isPresent();
        String json = broken
                ? new Json(toolbox.machine(), (int) indent, true).of(value)
                : new Json(toolbox.machine(), 0, true).of(value);
        return toolbox.made(json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("'", "\\u0027"));
    }

    private static Object decoded(Toolbox toolbox, Object value, Arguments arguments) {
        try {
            return new String(Base64.getDecoder().decode(toolbox.text(value)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw JinjaException.of("b64decode: the text is not Base64");
        }
    }

    private static String shellWord(Toolbox toolbox, String text) {
        boolean plain = text.matches("[\\w@%+=:,./-]+");
        return toolbox.made(plain ? text : "'" + text.replace("'", "'\"'\"'") + "'");
    }

    private static String parent(String path) {
        String head = path.substring(0, path.lastIndexOf('/') + 1);
        int end = head.length();
        while (end > 0 && head.charAt(end - 1) == '/') {
            end--;
        }
        return end == 0 ? head : head.substring(0, end);
    }

    private static Object bool(Object value) {
        if (value == None.NONE || value instanceof Boolean) {
            return value;
        }
        if (value instanceof String text) {
            return List.of("yes", "on", "1", "true").contains(text.toLowerCase(Locale.ROOT));
        }
        return Values.isNumber(value) && Values.number(value).doubleValue() == 1;
    }
}
