package dev.angee.runtime;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import java.util.List;
import java.util.Optional;

/**
 * Runs the workloads of one stack on one runtime. The root, the project and all settings are bound when it is opened;
 * what {@code BackendContract} in this module's tests checks is what is promised here, sentence by sentence.
 *
 * <p>States of a service:
 *
 * <pre>
 *   (unknown) ──up──▶ CREATED ──▶ RUNNING ──ends by itself──▶ EXITED ──up, start──▶ RUNNING
 *                                    ├──stop──▶ STOPPING ──▶ EXITED
 *                                    └──ends by itself──▶ RESTARTING ──▶ RUNNING    while its restart policy says so
 *   RESTARTING ──the policy is exhausted, stop──▶ EXITED
 *   any ──down──▶ (unknown)
 * </pre>
 *
 * <p>Thread-safe. {@code up}, {@code start}, {@code stop} and {@code down} of one stack exclude each other; reading
 * never waits for them. Blocking calls are interruptible: an interrupted call leaves what it has done so far, and
 * {@code up} or {@code down} again converges.
 *
 * <p>Unless said otherwise, methods throw {@link dev.angee.AngeeException} with {@code UNAVAILABLE} when the runtime
 * cannot be reached or this backend was closed, {@code NOT_FOUND} for a selected name that the backend does not know,
 * and {@code CONFLICT}, naming the holder, when another change of the stack takes too long to wait for.
 */
public interface Backend extends AutoCloseable {

    /** What this backend is, and whether it can work here; never throws for a missing engine. */
    BackendInfo describe();

    /**
     * The readable file for a plan: pure, the same bytes for the same plan.
     *
     * @param plan the part of a plan that this runtime runs
     */
    Artifact compile(RuntimePlan plan);

    /**
     * Builds the images of the selected workloads that are built from a recipe, and changes nothing that runs. What has no
     * recipe is passed by; a runtime without images has nothing to do. {@link #up} does this too.
     *
     * @param plan the part of a plan that this runtime runs
     * @param options which, and how long it may take
     * @throws dev.angee.AngeeException {@code FAILED}, naming the workload, with the last lines of a build that failed
     * @throws InterruptedException if interrupted
     */
    default void build(RuntimePlan plan, BuildOptions options) throws InterruptedException {
        // no images
    }

    /**
     * Makes the selected services of the plan run, and remembers the plan. Idempotent: what already runs as planned
     * keeps running untouched, what has ended is started, what is planned differently now is replaced, what the plan
     * no longer names (selected or not) is removed. Jobs of the plan are known afterwards, not started.
     *
     * <p>Dependencies among the selected services of this plan are honoured: a dependent is started once its
     * dependency has reached its condition. Dependencies on names outside the plan, and on jobs, are the caller's
     * business. When this returns, the selected services are started; whether they are healthy, {@link #status} tells.
     *
     * @param plan the part of a plan that this runtime runs
     * @param options which services, and how long it may take
     * @throws dev.angee.AngeeException {@code FAILED}, naming the workload, if one cannot be started or a dependency
     *     ends or becomes unhealthy before it reaches its condition; what did start keeps running. As
     *     {@link PortTakenException} where the runtime tells that a published port is in use by somebody else
     * @throws InterruptedException if interrupted
     */
    void up(RuntimePlan plan, UpOptions options) throws InterruptedException;

    /**
     * Starts known services that do not run, as they were last brought up. Those that run are left alone.
     *
     * @throws InterruptedException if interrupted
     */
    void start(Selection which, StartOptions options) throws InterruptedException;

    /**
     * Ends known services, dependents before what they depend on: asks each to end, and kills its whole process tree
     * when the grace is over. Those that do not run are left alone. They stay known, as {@code EXITED}.
     *
     * @throws InterruptedException if interrupted
     */
    void stop(Selection which, StopOptions options) throws InterruptedException;

    /**
     * Ends and forgets everything of this stack on this runtime, from what is there and not from any manifest: also
     * what another JVM has started, also running jobs. Tries everything before it reports what failed. Named volumes
     * and data stay. Nothing being there is a success.
     *
     * @throws InterruptedException if interrupted
     */
    void down(DownOptions options) throws InterruptedException;

    /**
     * Runs a job of this runtime to its end. Its dependencies are the caller's business.
     *
     * @return how it ended; a failure is a result. A command that cannot be found is 127, one that may not be executed 126
     * @throws JobEndedException if it was killed because its time was up, or was cancelled
     * @throws dev.angee.AngeeException {@code FAILED} if it could not be started
     * @throws InterruptedException if interrupted; the job is then killed
     */
    ExitStatus run(Workload job, RunOptions options) throws InterruptedException;

    /** The runs of jobs, if this backend keeps records of them. Throws nothing. */
    default Optional<JobRuns> jobRuns() {
        return Optional.empty();
    }

    /**
     * What is true now of every known service, in name order; empty when there is none. Changes nothing.
     *
     * @throws dev.angee.AngeeException {@code UNAVAILABLE} when it cannot be known
     */
    List<WorkloadStatus> status();

    /**
     * What known services have written, oldest first within each. A service selected by name that is not known is
     * {@code NOT_FOUND}. A followed stream ends when it is closed. One
     * that is still open when this backend is closed fails with {@code UNAVAILABLE}.
     */
    LogStream logs(LogQuery query);

    /** Changes of state and health of this stack's services from now on. */
    EventStream events();

    /**
     * What known services use of the machine from now on.
     *
     * @throws dev.angee.AngeeException {@code UNSUPPORTED} if this runtime does not measure
     */
    default UsageStream usage(Selection which) {
        throw new AngeeException(ErrorCode.UNSUPPORTED, "what a service uses is not measured on this runtime");
    }

    /**
     * Runs a program inside a service, beside what runs there, and does not wait for it. Of several replicas, in one that runs.
     *
     * @param service the name of a known service
     * @throws dev.angee.AngeeException {@code CONFLICT} if the service does not run; {@code UNSUPPORTED} if a service of this
     *     runtime has no inside
     * @throws InterruptedException if interrupted; the program may have been started
     */
    default ExecSession exec(String service, ExecRequest request) throws InterruptedException {
        throw new AngeeException(
                ErrorCode.UNSUPPORTED,
                "service '" + service + "' is a process of this host and has no inside: run the program beside it");
    }

    /** Ends this object's threads and streams; who reads one gets {@code UNAVAILABLE}. Services go on running; {@link #down} is what ends them. */
    @Override
    void close();
}
