package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Feature;
import dev.angee.workload.RestartPolicy;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What of a workload Compose and the engine honour, and the refusal of all else: nothing is silently left undone. */
final class Honoured {
    private static final Set<Feature> EVERYWHERE = EnumSet.of(
            Feature.BUILD,
            Feature.ENTRYPOINT,
            Feature.USER,
            Feature.RESTART,
            Feature.LIMITS,
            Feature.SUCCESS_EXIT_CODES,
            Feature.STOP_SIGNAL,
            Feature.STOP_GRACE,
            Feature.REPLICAS,
            Feature.LOGS,
            Feature.LABELS,
            Feature.NETWORKS,
            Feature.EXTRA_HOSTS,
            Feature.CAP_DROP,
            Feature.CAP_ADD,
            Feature.READ_ONLY,
            Feature.NO_NEW_PRIVILEGES,
            Feature.CONTAINER_RUNTIME,
            Feature.HTTP_CHECK,
            Feature.TCP_CHECK);

    private Honoured() {}

    /**
     * The features that are honoured.
     *
     * @param socket where the engine listens on this host, if it does; a container can be given nothing else
     */
    static Set<Feature> with(Optional<Path> socket) {
        EnumSet<Feature> features = EnumSet.copyOf(EVERYWHERE);
        if (socket.isPresent()) {
            features.add(Feature.DOCKER_ACCESS);
        }
        return features;
    }

    /** @throws AngeeException {@code UNSUPPORTED}, naming workload and field, for what is not honoured */
    static void require(RuntimePlan plan, Optional<Path> socket) {
        Set<Feature> honoured = with(socket);
        for (Workload workload : plan.workloads()) {
            for (Feature asked : Feature.of(workload)) {
                if (!honoured.contains(asked)) {
                    throw refusal(workload, asked.field(), hint(asked));
                }
            }
            if (workload.lifecycle().replicas() < 1) {
                throw refusal(workload, Feature.REPLICAS.field(), "none is to run; do not bring it up instead");
            }
            if (workload.isJob() && !workload.lifecycle().restart().equals(RestartPolicy.never())) {
                throw refusal(workload, Feature.RESTART.field(), "a job runs once");
            }
            if (!workload.isJob() && !workload.lifecycle().successExitCodes().isEmpty()) {
                throw refusal(
                        workload,
                        Feature.SUCCESS_EXIT_CODES.field(),
                        "Docker Compose takes only 0 for the success of a service; remove it, or make it a job");
            }
        }
    }

    private static String hint(Feature asked) {
        return switch (asked) {
            case LOG_CHECK -> "the engine reads no log for a check; use an http, tcp or exec check";
            case LIVENESS ->
                "the engine ends no container for a check;" + " remove it, or let its own program end when it is stuck";
            case SHUTDOWN -> "the engine ends a container by a signal only; set 'stop_signal', or catch the signal";
            case ON_OWNER_EXIT -> "the engine keeps containers whoever started them; remove it";
            case DOCKER_ACCESS -> "the engine does not listen on a socket of this host; remove it";
            default -> "Docker Compose cannot be told so; remove it";
        };
    }

    private static AngeeException refusal(Workload workload, String field, String hint) {
        return new AngeeException(
                ErrorCode.UNSUPPORTED, "workload '" + workload.name() + "': '" + field + "' is not honoured: " + hint);
    }
}
