package dev.angee.process;

import dev.angee.workload.Lifecycle;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Lifecycles that say something else than the standard, by the name of the manifest's field. */
final class Lifecycles {
    private Lifecycles() {}

    static Lifecycle with(String field, Object value) {
        return with(Map.of(field, value));
    }

    static Lifecycle with(Map<String, ?> fields) {
        Lifecycle standard = Lifecycle.standard();
        return new Lifecycle(
                value(fields, "restart", RestartPolicy.class).orElse(standard.restart()),
                value(fields, "replicas", Integer.class).orElse(standard.replicas()),
                value(fields, "success_exit_codes", Collection.class)
                        .map(Lifecycles::integers)
                        .orElse(Set.of()),
                value(fields, "stop_signal", String.class),
                value(fields, "stop_grace", Duration.class),
                value(fields, "on_owner_exit", OnOwnerExit.class).orElse(standard.onOwnerExit()),
                value(fields, "timeout", Duration.class),
                value(fields, "profiles", String.class).map(List::of).orElse(List.of()),
                value(fields, "run_on", RunOn.class).orElse(standard.runOn()),
                value(fields, "logs", LogRotation.class));
    }

    private static Set<Integer> integers(Collection<?> values) {
        Set<Integer> integers = new TreeSet<>();
        values.forEach(each -> integers.add((Integer) each));
        return integers;
    }

    private static <T> Optional<T> value(Map<String, ?> fields, String name, Class<T> type) {
        return Optional.ofNullable(fields.get(name)).map(type::cast);
    }
}
