package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.RuntimeKind;
import dev.angee.internal.FileLocks;
import dev.angee.internal.StateFormat;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.operation.ProgressListener;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.resolve.StackLayout;
import dev.angee.runtime.Artifact;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.BuildOptions;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.PortTakenException;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One stack: the manifest of a root, on the runtimes of this host. The manifest is read anew by every call that needs
 * it; what ends things does not need it.
 *
 * <p>Thread-safe. Closing a stack leaves its services running; {@link #down} is what ends them.
 */
public final class Stack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MOST_ATTEMPTS = 3;

    private final StackLayout layout;
    private final StackContext context;
    private final Backends backends;
    private final StackPlanner planner;
    private final StackSecrets secrets;
    private final BroughtUp broughtUp;

    /** Values that callers have given, which come before those of the store also when a service is started again. */
    private volatile ResolvedSecrets given = ResolvedSecrets.none();

    private Stack(StackLayout layout, StackContext context) {
        this.layout = layout;
        this.context = context;
        this.planner = new StackPlanner(layout, context);
        this.secrets = new StackSecrets(layout, context);
        this.backends = new Backends(layout.root(), context.providers(), this::valuesToStartAgain);
        this.broughtUp = new BroughtUp(layout, backends);
    }

    /**
     * Opens the stack of a root. Changes nothing; the manifest need not be sound, nor any runtime available.
     *
     * @param root the folder that holds {@code angee.yaml}
     * @param context what it works with
     * @throws AngeeException {@code UNSUPPORTED} if a newer version of this library has worked there
     */
    public static Stack open(Path root, StackContext context) {
        StackLayout layout = StackLayout.of(root);
        StateFormat.check(layout.run());
        return new Stack(layout, context);
    }

    /** The root. */
    public Path root() {
        return layout.root();
    }

    /**
     * What would run. Writes nothing; the same manifest gives an equal plan. A port from a pool is the one that {@link #up}
     * would lease now, if it is not leased yet.
     *
     * @throws dev.angee.document.InvalidDocumentException with every problem of the manifest
     */
    public RuntimePlan plan() {
        RuntimePlan plan = planner.preview(planner.manifest(), Map.of());
        return plan.as(broughtUp.project(plan));
    }

    /**
     * The secrets that the manifest declares, with the store it names.
     *
     * @throws dev.angee.document.InvalidDocumentException if the manifest is not sound
     */
    public Secrets secrets() {
        return secrets.of(planner.manifest());
    }

    /**
     * Makes the selected services run, with all they depend on, in the order of their dependencies across both
     * runtimes; a job that something depends on is run to its end first. Idempotent. Services that the manifest no
     * longer names are removed.
     *
     * <p>When this returns, every selected service runs and is healthy, if it has a health check. The artifacts are
     * written.
     *
     * @throws dev.angee.document.InvalidDocumentException if the manifest is not sound; nothing is changed
     * @throws NotFoundException if no service has a selected name; nothing is changed
     * @throws AngeeException {@code UNAVAILABLE} if a runtime that is needed is not there, nothing is changed;
     *     {@code FAILED} if something does not start or does not become healthy in time, with its last lines; what did
     *     start keeps running
     * @throws InterruptedException if interrupted; what did start keeps running
     */
    public void up(UpOptions options) throws InterruptedException {
        Deadline deadline = Deadline.after(options.timeout());
        remember(options.secrets());
        Manifest manifest = planner.manifest();
        RuntimePlan draft = planner.preview(manifest, Map.of());
        checkNames(options.which(), draft);
        Set<String> wanted = Ascent.wanted(draft, options.which());
        List<Workload> started = workloads(draft, wanted);
        checkFeatures(draft, broughtUp.needed(started, broughtUp.project(draft))); // before there is a lock to leave
        ResolvedSecrets values = secrets.values(manifest, started, options.secrets());
        try (FileLocks.Held held = FileLocks.await(lockFile(), "up", deadline.left())) {
            requireUnchanged(manifest);
            Set<Integer> taken = new TreeSet<>();
            while (!raise(manifest, started, values, deadline, options.progress(), taken)) {
                requireUnchanged(manifest); // and again, with another port
            }
            held.check();
        }
    }

    /**
     * Builds the images of the selected services that are built from a recipe, and of everything the jobs' too. Starts and
     * ends nothing; {@link #up} builds what it needs by itself.
     *
     * @throws dev.angee.document.InvalidDocumentException if the manifest is not sound; nothing is built
     * @throws NotFoundException if no service has a selected name; nothing is built
     * @throws AngeeException {@code FAILED} with the last lines of a build that failed; {@code UNAVAILABLE} if a runtime that
     *     is needed is not there
     */
    public void build(BuildOptions options) throws InterruptedException {
        RuntimePlan draft = planner.preview(planner.manifest(), Map.of());
        checkNames(options.which(), draft);
        List<Workload> built = draft.workloads().stream()
                .filter(w -> w.launch() instanceof Launch.Build)
                .filter(w ->
                        w.isJob() ? options.which().isAll() : options.which().includes(w.name()))
                .toList();
        Map<RuntimeKind, Backend> needed = broughtUp.needed(built, broughtUp.project(draft));
        checkFeatures(draft, needed);
        for (Map.Entry<RuntimeKind, Backend> each : needed.entrySet()) {
            each.getValue().build(draft.as(broughtUp.project(draft)).only(each.getKey()), options);
        }
    }

    /** Whether it is up; not if a port that it has leased was taken by somebody else, and it has another one now. */
    private boolean raise(
            Manifest manifest,
            List<Workload> started,
            ResolvedSecrets values,
            Deadline deadline,
            ProgressListener listener,
            Set<Integer> taken)
            throws InterruptedException {
        RuntimePlan plan;
        Map<RuntimeKind, Backend> needed;
        try (Preparation preparation = new Preparation(layout, planner, context.ports())) {
            RuntimePlan made = preparation.make(manifest);
            ProjectName project = broughtUp.project(made);
            plan = made.as(project);
            needed = broughtUp.needed(started, project);
            List<Artifact> artifacts = new ArrayList<>();
            for (Map.Entry<RuntimeKind, Backend> each : needed.entrySet()) {
                artifacts.add(each.getValue().compile(plan.only(each.getKey())));
            }
            artifacts.forEach(preparation::write);
            StackRecord.remember(layout, project, needed.keySet());
            preparation.keep();
        }
        Set<String> wanted = started.stream().map(Workload::name).collect(Collectors.toSet());
        try {
            new Ascent(plan, needed, wanted, values, deadline, listener).run();
            return true;
        } catch (PortTakenException e) {
            taken.add(e.port());
            if (taken.size() < MOST_ATTEMPTS && planner.replace(manifest, e.port(), taken)) {
                return false;
            }
            throw e;
        }
    }

    private void requireUnchanged(Manifest manifest) {
        if (!planner.manifest().equals(manifest)) {
            throw new ConflictException(
                    "manifest", layout.manifest().toString(), "it was changed while this waited; try again");
        }
    }

    private static List<Workload> workloads(RuntimePlan plan, Set<String> names) {
        return plan.workloads().stream().filter(w -> names.contains(w.name())).toList();
    }

    private static void checkFeatures(RuntimePlan plan, Map<RuntimeKind, Backend> needed) {
        Map<RuntimeKind, BackendInfo> infos = BroughtUp.usable(needed);
        List<Workload> theirs = plan.workloads().stream()
                .filter(workload -> infos.containsKey(workload.runtime()))
                .toList();
        FeatureCheck.check(plan, theirs, infos);
    }

    /**
     * Starts services that were stopped, as they were last brought up; the secrets they need are looked up anew.
     *
     * @throws NotFoundException if a selected name was not brought up
     * @throws dev.angee.document.InvalidDocumentException if the manifest is not sound: it says where secrets are
     */
    public void start(Selection which, StartOptions options) throws InterruptedException {
        Map<Backend, Selection> parts = broughtUp.split(which);
        remember(options.secrets());
        StartOptions complete = options.secrets(secretsOf(parts.values(), options.secrets()));
        for (Map.Entry<Backend, Selection> each : parts.entrySet()) {
            each.getKey().start(each.getValue(), complete);
        }
    }

    private ResolvedSecrets secretsOf(Collection<Selection> parts, ResolvedSecrets given) {
        Manifest manifest = planner.manifest();
        List<Workload> selected = planner.preview(manifest, Map.of()).workloads().stream()
                .filter(workload -> parts.stream().anyMatch(part -> part.includes(workload.name())))
                .toList();
        return secrets.values(manifest, selected, given);
    }

    /**
     * Ends services; they stay known. Needs no manifest.
     *
     * @throws NotFoundException if a selected name was not brought up
     */
    public void stop(Selection which, StopOptions options) throws InterruptedException {
        for (Map.Entry<Backend, Selection> each : broughtUp.split(which).entrySet()) {
            each.getKey().stop(each.getValue(), options);
        }
    }

    /**
     * Ends services and starts them again, as they were last brought up. Nothing is ended unless the secrets are there that
     * are needed to start again.
     */
    public void restart(Selection which, StopOptions options) throws InterruptedException {
        Map<Backend, Selection> parts = broughtUp.split(which);
        StartOptions start = StartOptions.defaults();
        start = start.secrets(secretsOf(parts.values(), start.secrets()));
        stop(which, options);
        for (Map.Entry<Backend, Selection> each : parts.entrySet()) {
            each.getKey().start(each.getValue(), start);
        }
    }

    /**
     * Ends and forgets everything of this stack, on every runtime it was ever brought up on, whatever the manifest says
     * today. Tries everything before it reports what failed. Data and leased ports stay; fixed ports are free for others.
     * Waits for an {@link #up} that is under way, up to a minute longer than the grace.
     */
    public void down(DownOptions options) throws InterruptedException {
        if (!broughtUp.isAnything()) {
            takeDownUnrecorded(options);
            return;
        }
        try (FileLocks.Held held =
                FileLocks.await(lockFile(), "down", options.grace().plus(PATIENCE))) {
            broughtUp.takeDown(options);
            context.ports().ifPresent(ledger -> ledger.reserve(layout.root(), Map.of()));
            held.check();
        }
    }

    /** A stack whose {@code run/} was deleted: what its runtimes keep elsewhere is known by the name in its manifest. */
    private void takeDownUnrecorded(DownOptions options) throws InterruptedException {
        Optional<ProjectName> project = planner.projectName();
        if (project.isPresent() && broughtUp.takeDownUnrecorded(project.get(), options)) {
            context.ports().ifPresent(ledger -> ledger.reserve(layout.root(), Map.of()));
        }
    }

    /** {@link #run(JobRequest, RunOptions)} of a job that takes no inputs. */
    public ExitStatus run(String job, RunOptions options) throws InterruptedException {
        return run(JobRequest.named(job), options);
    }

    /**
     * Runs a job to its end. Its dependencies are not brought up: bring up the stack first.
     *
     * @return how it ended; a code other than 0 is a result
     * @throws NotFoundException if no job has this name
     * @throws InvalidInputException if it takes an input that is not given
     */
    public ExitStatus run(JobRequest request, RunOptions options) throws InterruptedException {
        Manifest manifest = planner.manifest();
        WorkloadSpec spec = Optional.ofNullable(manifest.jobs().get(request.job()))
                .orElseThrow(() -> new NotFoundException(
                        "job",
                        request.job(),
                        "jobs: " + String.join(", ", manifest.jobs().keySet())));
        Set<String> missing = new TreeSet<>(spec.inputs());
        missing.removeAll(request.inputs().keySet());
        if (!missing.isEmpty()) {
            throw new InvalidInputException(
                    "inputs", "job '" + request.job() + "' needs a value for: " + String.join(", ", missing));
        }
        RuntimePlan draft = planner.preview(manifest, request.inputs());
        Workload job = draft.workload(request.job()).orElseThrow();
        ProjectName project = broughtUp.project(draft);
        Backend backend = backends.get(job.runtime(), project);
        FeatureCheck.check(draft, List.of(job), Map.of(job.runtime(), Backends.usable(backend)));
        ResolvedSecrets values = secrets.values(manifest, List.of(job), options.secrets());
        RuntimePlan plan = draft;
        if (!spec.pools().isEmpty()) {
            try (Preparation preparation = new Preparation(layout, planner, context.ports())) {
                plan = planner.plan(manifest, preparation.lease(manifest, spec.pools()), request.inputs());
                preparation.keep();
            }
        }
        StackRecord.remember(layout, project, Set.of(job.runtime()));
        return backend.run(plan.workload(request.job()).orElseThrow(), options.secrets(values));
    }

    /**
     * The runs of jobs of this stack, on all runtimes that keep records of them; each of its methods asks anew. Needs no
     * manifest.
     */
    public JobRuns jobRuns() {
        return new JoinedJobRuns(broughtUp::backends);
    }

    /**
     * What is declared and what is true. Changes nothing; but from the first call that asks a runtime on, this object takes
     * part in supervising local services that run, until it is closed.
     *
     * @throws AngeeException {@code UNAVAILABLE} if a runtime that something was brought up on cannot be asked
     */
    public StackStatus status() {
        Manifest manifest = planner.manifest();
        Map<String, ServiceStatus> services = new TreeMap<>();
        manifest.services()
                .forEach((name, spec) -> services.put(name, new ServiceStatus(name, spec.runtime(), Optional.empty())));
        for (Backend backend : broughtUp.backends()) {
            for (WorkloadStatus status : backend.status()) {
                services.put(status.name(), new ServiceStatus(status.name(), status.runtime(), Optional.of(status)));
            }
        }
        Map<String, RuntimeKind> jobs = new TreeMap<>();
        manifest.jobs().forEach((name, spec) -> jobs.put(name, spec.runtime()));
        return new StackStatus(layout.root(), manifest.name(), services, jobs);
    }

    /** The services while they run: events, what they use, programs inside them. */
    public RunningServices running() {
        return new RunningServices(broughtUp);
    }

    /**
     * What services have written. All selected services must be of one runtime when following.
     *
     * @throws NotFoundException if a selected name was not brought up
     */
    public LogStream logs(LogQuery query) {
        List<LogStream> streams = new ArrayList<>();
        try {
            broughtUp.split(query.which()).forEach((backend, which) -> streams.add(backend.logs(query.only(which))));
        } catch (RuntimeException e) {
            streams.forEach(LogStream::close);
            throw e;
        }
        if (query.follow() && streams.size() > 1) {
            streams.forEach(LogStream::close);
            throw new InvalidInputException("follow", "select services of one runtime to follow their logs");
        }
        return new JoinedLogs(streams);
    }

    private synchronized void remember(ResolvedSecrets values) {
        given = values.orElse(given);
    }

    /** What a backend needs that starts a service again by itself: looked up now, not kept. */
    private ResolvedSecrets valuesToStartAgain(Workload workload) {
        return workload.secrets().isEmpty()
                ? ResolvedSecrets.none()
                : secrets.values(planner.manifest(), List.of(workload), given);
    }

    /** Ends this object's threads and streams; services go on running. */
    @Override
    public void close() {
        backends.close();
    }

    private Path lockFile() {
        return layout.run().resolve("stack.lock");
    }

    private static void checkNames(Selection which, RuntimePlan plan) {
        List<String> services = plan.workloads().stream()
                .filter(w -> !w.isJob())
                .map(Workload::name)
                .toList();
        for (String name : which.names()) {
            if (!services.contains(name)) {
                throw new NotFoundException("service", name, "services: " + String.join(", ", services));
            }
        }
    }
}
