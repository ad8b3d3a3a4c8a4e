package dev.angee.compose;

import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.HostConfig;
import dev.angee.RuntimeKind;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A container of a project, as the engine saw it when it was asked.
 *
 * @param id the engine's name for it
 * @param service the service or job it belongs to
 * @param oneOff whether it was made for one run of a job
 * @param created when it was made, in an order that text has too
 * @param phase the engine's word for its state
 * @param exitCode the code it ended with, if it did
 * @param restarts how often the engine has started it again
 * @param startedAt when it was started last
 * @param finishedAt when it ended last
 * @param image the image it was made from, as it was asked for
 * @param outOfMemory whether the kernel has killed it, or a process of its, for want of memory
 * @param health what its check says, if it runs and has one
 * @param reason what the engine has to say about its state; may be empty
 * @param grace its own time to end in, if it was made with one
 * @param dependencies the services of its project that it depends on
 * @param number which of its service's replicas it is, from 1
 * @param pid the number that its first process has on the engine's host; 0 if it does not run
 * @param mayRestart whether the engine may start it again by itself when it has ended
 */
record ProjectContainer(
        String id,
        String service,
        boolean oneOff,
        String created,
        String phase,
        int exitCode,
        int restarts,
        String startedAt,
        String finishedAt,
        String image,
        boolean outOfMemory,
        Health health,
        String reason,
        Optional<Duration> grace,
        Set<String> dependencies,
        int number,
        long pid,
        boolean mayRestart) {

    static final String PROJECT_LABEL = "com.docker.compose.project";
    static final String SERVICE_LABEL = "com.docker.compose.service";
    static final String ONE_OFF_LABEL = "com.docker.compose.oneoff";

    static final String NUMBER_LABEL = "com.docker.compose.container-number";
    private static final String DEPENDENCIES_LABEL = "com.docker.compose.depends_on";
    private static final String RESTARTING = "restarting";
    private static final String PAUSED = "paused";

    /** Among several of one service, which is so while Compose replaces one: the one that runs, then the newest. */
    static final Comparator<ProjectContainer> MOST_ALIVE =
            Comparator.comparing(ProjectContainer::isActive).thenComparing(ProjectContainer::created);

    static ProjectContainer of(InspectContainerResponse seen) {
        Map<String, String> labels = Objects.requireNonNullElse(seen.getConfig().getLabels(), Map.of());
        InspectContainerResponse.ContainerState state = seen.getState();
        Long code = state.getExitCodeLong();
        Long pid = state.getPidLong();
        return new ProjectContainer(
                seen.getId(),
                labels.getOrDefault(SERVICE_LABEL, ""),
                isOneOff(labels),
                seen.getCreated(),
                text(state.getStatus()),
                code == null ? 0 : code.intValue(),
                Objects.requireNonNullElse(seen.getRestartCount(), 0),
                text(state.getStartedAt()),
                text(state.getFinishedAt()),
                text(seen.getConfig().getImage()),
                Boolean.TRUE.equals(state.getOOMKilled()),
                health(state),
                reason(seen),
                grace(seen),
                dependencies(labels),
                number(labels),
                pid == null ? 0 : pid,
                mayRestart(seen.getHostConfig()));
    }

    /** docker-java knows no field for it, and keeps what it does not know of the whole answer only (3.7.1). */
    private static Optional<Duration> grace(InspectContainerResponse seen) {
        return seen.getRawValues().get("Config") instanceof Map<?, ?> config
                        && config.get("StopTimeout") instanceof Number seconds
                ? Optional.of(Duration.ofSeconds(seconds.longValue()))
                : Optional.empty();
    }

    /** If the engine does not say, it may. */
    private static boolean mayRestart(@Nullable HostConfig config) {
        return config == null
                || config.getRestartPolicy() == null
                || !Set.of("", "no").contains(text(config.getRestartPolicy().getName()));
    }

    static int number(Map<String, String> labels) {
        return number(labels.getOrDefault(NUMBER_LABEL, ""));
    }

    static int number(String number) {
        return number.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(number) : 1;
    }

    /** Compose notes them as {@code db:service_started:false,cache:service_healthy:false}. */
    private static Set<String> dependencies(Map<String, String> labels) {
        String all = labels.getOrDefault(DEPENDENCIES_LABEL, "");
        return Arrays.stream(all.split(","))
                .map(one -> one.replaceFirst(":.*", ""))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    static boolean isOneOff(Map<String, String> labels) {
        return isOneOff(labels.getOrDefault(ONE_OFF_LABEL, ""));
    }

    static boolean isOneOff(String label) {
        return "True".equals(label);
    }

    WorkloadState state() {
        return switch (phase) {
            case "created" -> WorkloadState.CREATED;
            case "removing" -> WorkloadState.STOPPING;
            case "exited", "dead" -> WorkloadState.EXITED;
            case RESTARTING -> WorkloadState.RESTARTING;
            default -> WorkloadState.RUNNING; // running, paused
        };
    }

    /**
     * How long it ran, once it has ended. The engine notes the start after the fact: of a program that ends at once, the
     * end may stand before the start, by a millisecond (seen with 20.10).
     */
    Duration ran() {
        Duration time = Duration.between(Instant.parse(startedAt), Instant.parse(finishedAt));
        return time.isNegative() ? Duration.ZERO : time;
    }

    /** Whether it has run to its end, and ended well. */
    boolean hasSucceeded() {
        return state() == WorkloadState.EXITED
                && !startedAt.isEmpty()
                && !startedAt.startsWith("0001-")
                && exitCode == 0;
    }

    /** Whether it runs, or is about to run again by itself. */
    boolean isActive() {
        return state() == WorkloadState.RUNNING || state() == WorkloadState.RESTARTING;
    }

    /** Whether somebody holds up its processes. */
    boolean isPaused() {
        return phase.equals(PAUSED);
    }

    /** Names this very run: a container keeps its id when it is started again. */
    String instance() {
        return id + "@" + startedAt;
    }

    WorkloadStatus status() {
        boolean ended = state() == WorkloadState.EXITED || state() == WorkloadState.RESTARTING;
        OptionalInt code = ended ? OptionalInt.of(exitCode) : OptionalInt.empty();
        return new WorkloadStatus(
                service,
                RuntimeKind.CONTAINER,
                state(),
                health,
                code,
                restarts,
                started(),
                Optional.of(image).filter(name -> !name.isEmpty()),
                outOfMemory,
                instance(),
                reason);
    }

    /** The engine writes the year 1 for never. */
    Optional<Instant> started() {
        return Optional.of(startedAt)
                .filter(time -> !time.isEmpty() && !time.startsWith("0001-"))
                .map(Instant::parse);
    }

    private static Health health(InspectContainerResponse.ContainerState state) {
        HealthState health = state.getHealth();
        if (!"running".equals(state.getStatus()) || health == null) {
            return Health.NONE; // the engine keeps the last verdict of a container that has ended
        }
        return health(text(health.getStatus()));
    }

    /** What the engine's word for a health means. */
    static Health health(String word) {
        return switch (word) {
            case "starting" -> Health.STARTING;
            case "healthy" -> Health.HEALTHY;
            case "unhealthy" -> Health.UNHEALTHY;
            default -> Health.NONE;
        };
    }

    private static String reason(InspectContainerResponse seen) {
        InspectContainerResponse.ContainerState state = seen.getState();
        if (Boolean.TRUE.equals(state.getOOMKilled()) && "exited".equals(state.getStatus())) {
            return "out of memory";
        }
        if (RESTARTING.equals(state.getStatus())) {
            return "restarting after exit " + state.getExitCodeLong();
        }
        HealthState health = state.getHealth();
        if (health != null && health(state) == Health.UNHEALTHY) {
            return HealthLog.problem(health, seen);
        }
        return PAUSED.equals(state.getStatus()) ? PAUSED : text(state.getError());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
