package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.runtime.Feature;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What of a workload is honoured here. Whatever else one asks for is refused, so that nothing is silently left undone. */
final class Honoured {
    /** Beyond what every backend does. */
    static final Set<Feature> FEATURES = Set.of(
            Feature.HTTP_CHECK,
            Feature.TCP_CHECK,
            Feature.STOP_SIGNAL,
            Feature.STOP_GRACE,
            Feature.SHUTDOWN,
            Feature.SUCCESS_EXIT_CODES,
            Feature.RESTART,
            Feature.REPLICAS,
            Feature.ON_OWNER_EXIT,
            Feature.LIVENESS,
            Feature.LOGS,
            Feature.LOG_CHECK,
            Feature.USER);

    private Honoured() {}

    /**
     * Checks what a workload asks for.
     *
     * @throws AngeeException {@code UNSUPPORTED}, naming the workload and the fields, if some of it is not honoured
     */
    static void require(Workload workload) {
        if (!(workload.launch() instanceof Launch.HostProcess)) {
            throw unsupported(workload, "is not a process of this host: " + workload.launch());
        }
        List<String> fields = unhonoured(workload);
        if (!fields.isEmpty()) {
            throw unsupported(
                    workload,
                    "asks for what a local process cannot have here: " + String.join(", ", fields)
                            + "; remove it, or set 'runtime: container'");
        }
        workload.lifecycle()
                .stopSignal()
                .filter(name -> Signal.of(name).isEmpty())
                .ifPresent(name -> {
                    throw unsupported(workload, "has a stop_signal '" + name + "'; possible are " + Signal.names());
                });
    }

    private static List<String> unhonoured(Workload workload) {
        EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
        features.addAll(Feature.of(workload));
        features.removeAll(FEATURES);
        List<String> fields =
                new ArrayList<>(features.stream().map(Feature::field).toList());
        if (!workload.ports().isEmpty()) {
            fields.add("ports");
        }
        if (!workload.mounts().isEmpty()) {
            fields.add("mounts");
        }
        if (workload.route().isPresent()) {
            fields.add("route");
        }
        return fields;
    }

    private static AngeeException unsupported(Workload workload, String what) {
        String kind = workload.isJob() ? "job '" : "service '";
        return new AngeeException(ErrorCode.UNSUPPORTED, kind + workload.name() + "' " + what);
    }
}
