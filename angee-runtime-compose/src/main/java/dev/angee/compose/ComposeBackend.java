package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.RuntimeKind;
import dev.angee.internal.FileLocks;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Artifact;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.BuildOptions;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.ExecRequest;
import dev.angee.runtime.ExecSession;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.Feature;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.UsageStream;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs containers with Docker Compose: {@code docker compose} acts on a compiled {@code docker-compose.yaml} in the
 * root, and the engine itself is asked for all that is only looked at. Thread-safe.
 *
 * <pre>{@code
 * try (Backend backend = ComposeBackend.open(project, root, ComposeSettings.of(System.getenv()))) {
 *     backend.up(plan, UpOptions.defaults());
 * }
 * }</pre>
 */
public final class ComposeBackend implements Backend {
    /** The label with the root of the stack that a container belongs to. */
    public static final String ROOT_LABEL = "dev.angee.root";

    /**
     * Says whether the root is called so on the host, or within a container only: then nobody can tell, outside, whether
     * it is there. Containers and networks of a host go without it.
     */
    static final String INSIDE_LABEL = "dev.angee.inside";

    /** A value of {@link #INSIDE_LABEL}. */
    static final String ON_HOST = "host";

    private static final Duration LOCK_PATIENCE = Duration.ofMinutes(5);
    private static final Duration CLI_PATIENCE = Duration.ofMinutes(1);

    private final ComposeProject project;
    private final Map<String, String> labels;
    private final EngineSocket socket;
    private final Set<Feature> features;
    private final ExecutorService workers;
    private final DockerCli cli;
    private final ComposeProgram compose;
    private final Engine engine;
    private final EngineHost host;
    private final ProjectLock lock;
    private final ProjectNetworks networks;
    private final ContainerJobs jobs;

    private ComposeBackend(
            ComposeProject project, ComposeSettings settings, ComposeProgram.KnownVersion composeVersion) {
        this.project = project;
        this.labels = new TreeMap<>(settings.labels());
        this.labels.put(ROOT_LABEL, project.root().toString());
        if (!new OwnContainer(OwnContainer::read).ids().isEmpty()) {
            this.labels.put(INSIDE_LABEL, "container");
        }
        this.socket = new EngineSocket(settings);
        this.features = Honoured.with(settings.socket());
        this.workers = workers(project);
        this.cli = new DockerCli(settings, workers);
        this.compose = new ComposeProgram(settings, workers, composeVersion);
        this.engine = new Engine(settings, project, workers);
        this.host = new EngineHost(settings);
        this.lock = new ProjectLock(project);
        this.networks = new ProjectNetworks(engine, project, settings, host, labels);
        this.jobs = new ContainerJobs(project, labels, socket, Clock.systemUTC(), engine, cli, networks, lock, workers);
    }

    /**
     * A backend for one stack. Touches nothing: whether there is an engine, {@link #describe} tells.
     *
     * @param project the name that isolates the stack
     * @param root the absolute root of the stack
     * @param settings how the engine is reached
     */
    public static ComposeBackend open(ProjectName project, Path root, ComposeSettings settings) {
        return open(project, root, settings, new ComposeProgram.KnownVersion());
    }

    /** @param composeVersion what is known from before; a backend that finds it writes it there */
    static ComposeBackend open(
            ProjectName project, Path root, ComposeSettings settings, ComposeProgram.KnownVersion composeVersion) {
        return new ComposeBackend(new ComposeProject(project, root), settings, composeVersion);
    }

    @Override
    public BackendInfo describe() {
        try {
            return new Description(engine, host, compose, features, Description.LIMIT).read();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return BackendInfo.unusable(RuntimeKind.CONTAINER, Description.NAME, "interrupted while asking; ask again")
                    .features(features);
        }
    }

    @Override
    public Artifact compile(RuntimePlan plan) {
        return new Artifact(ComposeProject.FILE_NAME, ComposeFile.of(plan, labels, socket.wantedBy(plan)));
    }

    @Override
    public void build(RuntimePlan plan, BuildOptions options) throws InterruptedException {
        requireOwn(plan);
        Services.requireKnown(options.which(), Rollout.services(plan));
        List<Workload> selected = plan.workloads().stream()
                .filter(w ->
                        w.isJob() ? options.which().isAll() : options.which().includes(w.name()))
                .toList();
        Deadline deadline = Deadline.after(options.timeout());
        new Images(project, engine, cli).build(selected, compile(plan).text(), deadline, options.progress());
    }

    @Override
    public void up(RuntimePlan plan, UpOptions options) throws InterruptedException {
        requireOwn(plan);
        Services.requireKnown(options.which(), Rollout.services(plan));
        Artifact artifact = compile(plan);
        List<Workload> needed = Rollout.needed(plan, options.which());
        SecretVariables secrets = SecretVariables.of(needed, options.secrets(), SecretVariables.charsetOfChildren());
        Deadline deadline = Deadline.after(options.timeout());
        new InstalledRuntimes(engine).require(needed);
        jobs.collect(options.secrets(), deadline);
        new Images(project, engine, cli).prepare(needed, artifact.text(), deadline, options.progress());
        holding("up", deadline, () -> rollOut(plan, artifact, options, secrets, deadline));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Containers are started as they were made, with the secrets that they had then; the options' are not looked at.
     * A new value comes with the next {@link #up}.
     */
    @Override
    public void start(Selection which, StartOptions options) throws InterruptedException {
        Deadline deadline = Deadline.after(options.timeout());
        holding("start", deadline, () -> {
            Services before = Services.seen(engine);
            List<String> names = before.names(which, c -> !c.isActive());
            if (!names.isEmpty()) {
                act(ComposeCommand.start(project, names), deadline);
                List<String> same =
                        Services.seen(engine).names(Selection.of(names), c -> !c.isActive() && before.includes(c));
                requireNone(same, "docker compose did not start it");
            }
        });
    }

    /**
     * {@inheritDoc}
     *
     * <p>A service that was planned with a time of its own to end in has that; the options' grace is for the others.
     */
    @Override
    public void stop(Selection which, StopOptions options) throws InterruptedException {
        holding("stop", Deadline.after(LOCK_PATIENCE), () -> {
            Services before = Services.seen(engine);
            List<String> names = before.names(which, c -> c.isActive());
            List<ProjectContainer> running = before.all().stream()
                    .filter(c -> names.contains(c.service()))
                    .toList();
            if (!names.isEmpty()) {
                Deadline deadline = Deadline.after(CLI_PATIENCE.plus(Halt.longest(running, options.grace())));
                new Halt(project, options.grace(), command -> act(command, deadline)).apply(running);
                List<String> left = Services.seen(engine).names(Selection.of(names), c -> c.isActive());
                requireNone(left, "it still runs after docker compose has stopped it");
            }
        });
    }

    /**
     * {@inheritDoc}
     *
     * <p>A service that was planned with a time of its own to end in has that; the options' grace is for the others, and
     * for running jobs.
     */
    @Override
    public void down(DownOptions options) throws InterruptedException {
        holding("down", Deadline.after(LOCK_PATIENCE), () -> {
            Duration ending = Halt.longest(engine.containers(), options.grace());
            Deadline deadline = Deadline.after(CLI_PATIENCE.plus(ending));
            jobs.end(options.grace());
            new Teardown(project, engine, cli).apply(options.grace(), deadline);
            jobs.forget();
        });
    }

    @Override
    public ExitStatus run(Workload job, RunOptions options) throws InterruptedException {
        new InstalledRuntimes(engine).require(List.of(job));
        return jobs.run(job, options);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A run's container goes when its caller has seen its end. Where the caller died before, the next {@link #up} or
     * {@link #run} of any job ends it if its time is up, keeps its last lines and its end, and removes its container. Of a
     * run that has ended, the last lines are kept with the values masked that its caller knew; where that one died, with
     * those that the caller of that {@code up} or {@code run} has, and where it is {@linkplain JobRuns#cancel cancelled} after
     * that, as they are. What a run has written that has not ended, or was not collected yet, is told as it is.
     */
    @Override
    public Optional<JobRuns> jobRuns() {
        return Optional.of(jobs.runs());
    }

    @Override
    public List<WorkloadStatus> status() {
        return reading(() -> Services.seen(engine).statuses());
    }

    @Override
    public LogStream logs(LogQuery query) {
        return reading(() -> {
            List<ProjectContainer> there = engine.containers();
            Services.of(there).names(query.which(), c -> true);
            return query.follow() ? FollowedLogs.open(engine, query) : ServiceLogs.open(engine, there, query);
        });
    }

    @Override
    public EventStream events() {
        return reading(() -> ServiceEvents.open(engine));
    }

    @Override
    public UsageStream usage(Selection which) {
        return reading(() -> {
            Services.seen(engine).names(which, c -> true);
            return ServiceUsage.open(engine, which);
        });
    }

    @Override
    public ExecSession exec(String service, ExecRequest request) throws InterruptedException {
        Services seen = Services.seen(engine);
        Services.requireKnown(
                Selection.of(service),
                seen.all().stream().map(ProjectContainer::service).toList());
        List<ProjectContainer> all = seen.get(service).orElseThrow().all();
        ProjectContainer first = all.stream()
                .filter(c -> c.state() == WorkloadState.RUNNING)
                .findFirst()
                .orElseThrow(() -> ContainerExec.doesNotRun(all.get(0)));
        return ContainerExec.start(engine, first, request);
    }

    @Override
    public void close() {
        engine.close();
        workers.shutdownNow();
    }

    private static ExecutorService workers(ComposeProject project) {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "angee-compose " + project.name());
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> {
                    throw new AngeeException(
                            ErrorCode.UNAVAILABLE, "the container backend of " + project.name() + " was closed");
                });
    }

    private void rollOut(
            RuntimePlan plan, Artifact artifact, UpOptions options, SecretVariables secrets, Deadline deadline)
            throws InterruptedException {
        try {
            new Rollout(project, engine, cli, networks)
                    .apply(plan, artifact, options.which(), secrets, deadline, options.progress());
        } catch (AngeeException e) {
            if (e.code() != ErrorCode.UNAVAILABLE) { // then there is nobody to ask
                new RunMetadata(project, engine).write();
            }
            throw e;
        }
        new RunMetadata(project, engine).write();
    }

    private interface Change {
        void run() throws InterruptedException;
    }

    private void holding(String purpose, Deadline deadline, Change change) throws InterruptedException {
        try (FileLocks.Held held = lock.take(purpose, deadline)) {
            change.run();
            held.check();
        }
    }

    private void act(ComposeCommand command, Deadline deadline) throws InterruptedException {
        CliResult result = cli.run(command, deadline);
        if (result.wasKilled()) {
            throw new AngeeException(
                    ErrorCode.FAILED,
                    "stack " + project.name() + ": docker compose was killed: it had not ended after "
                            + Deadline.spell(deadline.limit()));
        }
        if (!result.succeeded()) {
            throw CliFailure.of(project, command, result);
        }
    }

    private static void requireNone(List<String> names, String problem) {
        if (!names.isEmpty()) {
            throw new AngeeException(ErrorCode.FAILED, "service '" + names.get(0) + "': " + problem);
        }
    }

    private void requireOwn(RuntimePlan plan) {
        if (!plan.project().equals(project.name()) || !plan.root().equals(project.root())) {
            throw new InvalidInputException(
                    "plan",
                    "it is for " + plan.project() + " at " + plan.root() + ", this backend for " + project.name()
                            + " at " + project.root());
        }
    }

    /** Asks what is only looked at: an interrupt stays set, and means that there is no answer. */
    static <T> T reading(Callable<T> question) {
        try {
            return question.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while asking the Docker engine", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
