package dev.angee.templates.jinja;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions that every template has. */
final class Globals {
    private Globals() {}

    static Map<String, Object> all(Machine machine) {
        Map<String, Object> all = new HashMap<>();
        all.put("range", (Callable) arguments -> range(machine, arguments.only("start", "stop", "step")));
        all.put("dict", (Callable) arguments -> dict(machine, arguments));
        all.put("namespace", (Callable) arguments -> namespace(machine, arguments));
        all.put("cycler", (Callable) Cycler::new);
        all.put("joiner", (Callable) arguments -> joiner(arguments.text(0, "sep", ", ")));
        all.put("lipsum", (Callable) arguments -> {
            throw JinjaException.of("lipsum() is not supported: it gives another result each time");
        });
        return all;
    }

    private static Object range(Machine machine, Arguments arguments) {
        boolean one = arguments.get(1, "stop").isEmpty();
        long start = one ? 0 : arguments.number(0, "start");
        long stop = one ? arguments.number(0, "stop") : arguments.number(1, "stop");
        Range range = Range.of(start, stop, arguments.number(2, "step", 1));
        machine.budget().steps(range.size() / 16);
        return range;
    }

    private static Object dict(Machine machine, Arguments arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        arguments.get(0, "mapping").ifPresent(given -> {
            if (given instanceof Map<?, ?> other) {
                map.putAll(other);
            } else {
                for (Object pair : Values.items(given)) {
                    List<Object> parts = Values.items(pair);
                    if (parts.size() != 2) {
                        throw JinjaException.of("dict() needs pairs of a key and a value");
                    }
                    map.put(Access.key(parts.get(0)), parts.get(1));
                }
            }
        });
        map.putAll(arguments.named());
        machine.budget().items(map.size());
        return map;
    }

    private static Object namespace(Machine machine, Arguments arguments) {
        Namespace namespace = new Namespace();
        Values.cast((Map<?, ?>) dict(machine, arguments))
                .forEach((key, value) -> namespace.set(machine.text().str(key), value));
        return namespace;
    }

    /** Nothing the first time, and a separator from then on. */
    private static Callable joiner(String separator) {
        boolean[] used = {false};
        return arguments -> {
            boolean first = !used[0];
            used[0] = true;
            return first ? "" : separator;
        };
    }

    /** Values in turn. */
    private static final class Cycler implements Members {
        private final List<Object> values;
        private int position;

        Cycler(Arguments arguments) {
            values = arguments.positional();
            if (values.isEmpty()) {
                throw JinjaException.of("cycler() needs values to choose from");
            }
        }

        @Override
        public Optional<Object> member(String name) {
            return switch (name) {
                case "current" -> Optional.of(values.get(position));
                case "next" ->
                    Optional.of((Callable) arguments -> {
                        Object current = values.get(position);
                        position = (position + 1) % values.size();
                        return current;
                    });
                case "reset" ->
                    Optional.of((Callable) arguments -> {
                        position = 0;
                        return None.NONE;
                    });
                default -> Optional.empty();
            };
        }
    }
}
