package dev.angee.workload;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * When a workload starts, ends, and starts again.
 *
 * @param restart what happens when it ends by itself
 * @param replicas how many of it run, at least 1
 * @param successExitCodes the exit codes that mean success, in order; 0 always does
 * @param stopSignal the signal that asks it to end; the runtime's own if absent
 * @param stopGrace how long it may take to end before it is killed; the caller's if absent
 * @param onOwnerExit what becomes of a local service when the JVM that started it ends
 * @param timeout how long a job may run before it is killed; the caller's if absent
 * @param profiles it starts by itself only if one of these is active; without any it always does
 * @param runOn when a job runs by itself
 * @param logs how much of its output is kept; the runtime's own rule if absent
 */
public record Lifecycle(
        RestartPolicy restart,
        int replicas,
        Set<Integer> successExitCodes,
        Optional<String> stopSignal,
        Optional<Duration> stopGrace,
        OnOwnerExit onOwnerExit,
        Optional<Duration> timeout,
        List<String> profiles,
        RunOn runOn,
        Optional<LogRotation> logs) {
    private static final Lifecycle STANDARD = new Lifecycle(
            RestartPolicy.never(),
            1,
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            OnOwnerExit.KEEP,
            Optional.empty(),
            List.of(),
            RunOn.DEMAND,
            Optional.empty());

    /** Copies the collections. */
    public Lifecycle {
        successExitCodes = Collections.unmodifiableSet(new TreeSet<>(successExitCodes));
        profiles = List.copyOf(profiles);
    }

    /** The same, of so many. */
    public Lifecycle replicas(int many) {
        return new Lifecycle(
                restart, many, successExitCodes, stopSignal, stopGrace, onOwnerExit, timeout, profiles, runOn, logs);
    }

    /** What a workload has that says nothing about it. */
    public static Lifecycle standard() {
        return STANDARD;
    }
}
