package dev.angee.runtime;

import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a workload can ask for that not every backend honours. A backend names those it does in {@link
 * Backend#describe()}; a stack refuses a plan that asks for others before anything is started, so that nothing a manifest
 * says is silently left undone.
 */
public enum Feature {
    /** An image that is built first. */
    BUILD("build", w -> w.launch() instanceof Launch.Build),
    /** Another entry point than the image's own. */
    ENTRYPOINT("entrypoint", w -> !w.entrypoint().isEmpty()),
    /** A user to run as. */
    USER("user", w -> w.user().isPresent()),
    /** Being started again after it ended. */
    RESTART("restart", w -> !w.lifecycle().restart().equals(Lifecycle.standard().restart())),
    /** Limits of memory, CPUs or processes. */
    LIMITS("limits", w -> !w.limits().equals(Limits.none())),
    /** A signal of its own that asks it to end. */
    STOP_SIGNAL("stop_signal", w -> w.lifecycle().stopSignal().isPresent()),
    /** A time of its own to end in. */
    STOP_GRACE("stop_grace", w -> w.lifecycle().stopGrace().isPresent()),
    /** A command that asks it to end. */
    SHUTDOWN("shutdown", w -> !w.shutdown().isEmpty()),
    /** More than one of it. */
    REPLICAS("replicas", w -> w.lifecycle().replicas() != 1),
    /** Exit codes beside 0 that mean success. */
    SUCCESS_EXIT_CODES(
            "success_exit_codes", w -> !w.lifecycle().successExitCodes().isEmpty()),
    /** Ending with the JVM that started it. */
    ON_OWNER_EXIT(
            "on_owner_exit",
            w -> w.lifecycle().onOwnerExit() != Lifecycle.standard().onOwnerExit()),
    /** A limit of what is kept of its output. */
    LOGS("logs", w -> w.lifecycle().logs().isPresent()),
    /** Labels. */
    LABELS("labels", w -> !w.container().labels().isEmpty()),
    /** Networks beside the stack's own. */
    NETWORKS("networks", w -> !w.container().networks().isEmpty()),
    /** More host names. */
    EXTRA_HOSTS("extra_hosts", w -> !w.container().extraHosts().isEmpty()),
    /** Capabilities dropped. */
    CAP_DROP("cap_drop", w -> !w.container().hardening().capDrop().isEmpty()),
    /** Capabilities added. */
    CAP_ADD("cap_add", w -> !w.container().hardening().capAdd().isEmpty()),
    /** A root file system that can only be read. */
    READ_ONLY("read_only", w -> w.container().hardening().readOnly()),
    /** No gaining of privileges. */
    NO_NEW_PRIVILEGES("no_new_privileges", w -> w.container().hardening().noNewPrivileges()),
    /** Another runtime of the engine. */
    CONTAINER_RUNTIME("container_runtime", w -> w.container().runtime().isPresent()),
    /** The engine's socket. */
    DOCKER_ACCESS(
            "docker_access",
            w -> w.container().dockerAccess() != ContainerOptions.standard().dockerAccess()),
    /** A health check by a GET request. */
    HTTP_CHECK("healthcheck.http", probes(HealthCheck.Http.class)),
    /** A health check by a connection. */
    TCP_CHECK("healthcheck.tcp", probes(HealthCheck.Tcp.class)),
    /** A health check by a line of the output. */
    LOG_CHECK("healthcheck.log", probes(HealthCheck.LogLine.class)),
    /** Being ended once a second check keeps failing. */
    LIVENESS("liveness", w -> w.liveness().isPresent());

    private final String field;

    @SuppressWarnings("ImmutableEnumChecker") // a predicate without state
    private final Predicate<Workload> asked;

    Feature(String field, Predicate<Workload> asked) {
        this.field = field;
        this.asked = asked;
    }

    /** The manifest's field that asks for it, below the workload's own path. */
    public String field() {
        return field;
    }

    /** What a workload asks for. */
    public static Set<Feature> of(Workload workload) {
        EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
        Arrays.stream(values()).filter(each -> each.asked.test(workload)).forEach(features::add);
        return features;
    }

    private static Predicate<Workload> probes(Class<? extends HealthCheck.Probe> kind) {
        return w -> w.health().filter(check -> kind.isInstance(check.probe())).isPresent();
    }
}
