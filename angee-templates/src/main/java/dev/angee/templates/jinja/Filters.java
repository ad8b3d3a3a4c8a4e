package dev.angee.templates.jinja;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All filters, by name: Jinja's own, a few of those that Copier adds, and Django's {@code add} and {@code split}. */
final class Filters {
    /** Why those that exist elsewhere do not exist here. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("random", "it gives another result each time"),
            Map.entry("shuffle", "it gives another result each time"),
            Map.entry("pprint", "how it breaks lines is Python's own affair"),
            Map.entry("urlize", "it makes HTML; write the link"),
            Map.entry("regex_search", "regular expressions can run without end"),
            Map.entry("regex_replace", "regular expressions can run without end"),
            Map.entry("regex_findall", "regular expressions can run without end"),
            Map.entry("strftime", "it depends on the time"),
            Map.entry("to_datetime", "it depends on the time"),
            Map.entry("fileglob", "it reads files"),
            Map.entry("expanduser", "it reads the environment"),
            Map.entry("expandvars", "it reads the environment"),
            Map.entry("realpath", "it reads files"));

    private static final Map<String, Filter> ALL = new TreeMap<>();

    static {
        ALL.putAll(TextFilters.all());
        ALL.putAll(NumberFilters.all());
        ALL.putAll(SequenceFilters.all());
        ALL.putAll(SelectionFilters.all());
        ALL.putAll(DataFilters.all());
    }

    private final Toolbox toolbox;

    Filters(Machine machine, Access access, Checks checks) {
        this.toolbox = new Toolbox(machine, access, checks, this);
    }

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    static Set<String> names() {
        return ALL.keySet();
    }

    Object apply(String name, Object value, Arguments arguments) {
        Filter filter = Optional.ofNullable(ALL.get(name)).orElseThrow(() -> missing(name));
        toolbox.machine().budget().steps(1 + size(value));
        return filter.apply(toolbox, value, arguments);
    }

    /** What it costs to look at all of a value. */
    private static long size(Object value) {
        if (value instanceof String text) {
            return text.length() / 64;
        }
        return value instanceof Map<?, ?> map ? map.size() / 16 : 0;
    }

    private static JinjaException missing(String name) {
        String reason = REFUSED.get(name);
        return JinjaException.of(
                reason == null
                        ? "there is no filter '" + name + "'"
                        : "the filter '" + name + "' is not supported: " + reason);
    }

    /** A filter that is given nothing but its value. */
    static Filter plain(Filter filter) {
        return (toolbox, value, arguments) -> filter.apply(toolbox, value, arguments.only());
    }

    /** One of them. */
    @FunctionalInterface
    interface Filter {
        Object apply(Toolbox toolbox, Object value, Arguments arguments);
    }

    /** What they work with. */
    record Toolbox(Machine machine, Access access, Checks checks, Filters filters) {
        /** The text of a value, as it would be printed. */
        String text(Object value) {
            return machine.text().str(value);
        }

        String made(String text) {
            return machine.budget().made(text);
        }

        /** Follows a path such as {@code a.0.b}. */
        Object attribute(Object value, Object path) {
            if (path instanceof Long) {
                return access.item(value, path);
            }
            Object found = value;
            for (Object part : Splitting.split(machine.budget(), text(path), Optional.of("."), -1)) {
                String name = (String) part;
                found = access.item(found, name.matches("\\d{1,9}") ? (Object) Long.valueOf(name) : name);
            }
            return found;
        }
    }
}
