package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.RuntimeKind;
import dev.angee.internal.FileLocks;
import dev.angee.operation.ProgressListener;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Artifact;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.SecretSource;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Runs services and jobs as processes of this machine, without any other program than the system's own shell.
 *
 * <p>Each is in a session of its own, has its output in a file and a record under {@code run/processes}, and so goes on
 * when this object is closed or its JVM killed; any later one on the same root finds it again, by pid and start time, or
 * by a marker in its environment. Ending one ends all it has started, also what left its session or lost its parent.
 *
 * <p>A process gets {@code PATH}, {@code HOME}, {@code USER}, {@code LOGNAME}, {@code SHELL}, {@code LANG},
 * {@code LC_*}, {@code TZ} and {@code TMPDIR} of this JVM, over them the variables declared for it, and
 * {@code ANGEE_PROCESS_MARKER}; the shell adds {@code PWD}. It reads nothing: its input is empty. It runs in its working
 * directory, or else in the stack's root.
 *
 * <p>With a {@code user} it runs as that user of {@code /etc/passwd}, and so do its executed health check and its shutdown
 * command: {@code name} or {@code number} with all the user's groups, or either with {@code :group} and only that one. Its
 * {@code HOME}, {@code USER}, {@code LOGNAME} and {@code SHELL} are that user's; its log stays a file of ours. It takes a
 * JVM of root that may see and signal the processes of others; without it this is {@code UNSUPPORTED}, unless it is the
 * JVM's own user.
 *
 * <p>Secrets are filled in for the environment of the process that names them, and for nobody else; records and the file
 * of {@link #compile} have their names only. A health check or shutdown command that is executed has the environment of
 * the service that runs, and so needs no value given again. A secret without a value is {@code NOT_FOUND} before anything
 * is changed.
 *
 * <p>A service is asked to end by its shutdown command, if it has one that works, or else by its stop signal, which goes
 * to all of its processes; its own grace comes before the caller's. What a workload asks for beyond the features of
 * {@link #describe} is {@code UNSUPPORTED}.
 *
 * <p>A run of a job is kept on record as {@link #jobRuns} says, with the last MiB of its output. While it runs, a file
 * system that can give back parts of a file keeps the last 1 to 16 MiB of what the caller has heard; a listener that is 256
 * MiB behind misses some, and is told so. A run goes on when its caller dies. Its deadline is on record: whoever supervises
 * the stack ends it then, and so does the next run of any job; cancelling it or {@link #down} ends it before.
 *
 * <p>Of all backend objects that are open for a root, in whatever JVMs, one supervises: it tries the checks, starts again what
 * a restart policy wants, bounds the logs, and finishes stops whose caller died. All see what it finds. {@link #open} takes
 * part in that where services are on record, {@link #up} and {@link #start} do at once; so a look alone changes nothing, but
 * an object that stays open may, after a moment. When the one who supervises is closed or dies, another takes over; while
 * there is none, services run on, a small shell keeps their logs bounded, and statuses say since when. A service with {@code
 * on_owner_exit: stop} ends with the JVM that started it, or when that closes this object.
 *
 * <p>The log of a service is one file over all its starts, until it is forgotten, of which the last part is kept.
 *
 * <pre>{@code
 * try (Backend backend = new ProcessBackendProvider().open(ProjectName.of("demo", root), root)) {
 *     backend.up(plan, UpOptions.defaults());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Needs Linux.
 */
public final class ProcessBackend implements Backend {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Host host;
    private final Marker stack;
    private final ProcessSettings settings;
    private final RecordStore store;
    private final ProcessViews views;
    private final JobRecords jobs;
    private final Launcher launcher;
    private final Preflight preflight;
    private final Shutdown shutdown;
    private final KnownSecrets secrets;
    private final Supervisor supervisor;
    private final Watcher watcher;
    private final Convergence convergence;
    private final LogWatch logWatch = new LogWatch(this::serviceLogs);
    private final Set<FileLogStream> logs = ConcurrentHashMap.newKeySet();

    private ProcessBackend(ProjectName project, Path root, ProcessSettings settings, SecretSource secrets) {
        ChildEnvironment environment = new ChildEnvironment(settings.environment());
        this.settings = settings;
        this.secrets = new KnownSecrets(secrets);
        this.host = Host.detect(environment.path());
        this.stack = Marker.ofStack(project, root);
        this.store = new RecordStore(root);
        this.views = new ProcessViews(store);
        this.jobs = new JobRecords(store, views);
        Keeper keeper = new Keeper(store, host, stack, environment.path());
        this.launcher = new Launcher(host, environment, root, store, keeper);
        this.preflight = new Preflight(launcher, environment);
        this.shutdown = new Shutdown(store, views, launcher);
        Clock clock = settings.clock();
        Changes changes = new Changes();
        Repair repair =
                new Repair(store, views, launcher, preflight, shutdown, stack, this.secrets, clock, changes::add);
        Probes probes = new Probes(store, new Prober(launcher), clock, changes::add);
        this.supervisor = new Supervisor(
                store,
                probes,
                keeper,
                repair,
                new BoundLogs(store, LogBound.detect(environment.path())),
                new OrphanedJobs(store, jobs, shutdown),
                clock,
                changes::add);
        this.watcher = new Watcher(views, supervisor, changes);
        this.convergence = new Convergence(store, launcher, preflight, shutdown, watcher, stack, clock);
    }

    /**
     * Opens the backend of one stack. If services of it are on record, it takes part in their supervision from now on: in a
     * moment it supervises them, unless somebody else does. Where nothing was ever started it changes nothing and starts no
     * thread.
     *
     * @param project the name that isolates the stack
     * @param root the absolute root of the stack
     * @param settings what it takes from its surroundings
     * @param secrets where values are found when a service is started again
     */
    public static ProcessBackend open(ProjectName project, Path root, ProcessSettings settings, SecretSource secrets) {
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("the root must be absolute: " + root);
        }
        ProcessBackend backend = new ProcessBackend(project, root, settings, secrets);
        if (backend.store.exists()) {
            backend.watcher.begin();
        }
        return backend;
    }

    @Override
    public BackendInfo describe() {
        return host.describe();
    }

    @Override
    public Artifact compile(RuntimePlan plan) {
        plan.only(RuntimeKind.LOCAL).workloads().forEach(Honoured::require);
        return ProcessComposeFile.of(plan);
    }

    @Override
    public void up(RuntimePlan plan, UpOptions options) throws InterruptedException {
        host.requireUsable();
        plan.only(RuntimeKind.LOCAL).workloads().forEach(Honoured::require);
        DependencyGraph planned = new DependencyGraph(Replicas.each(
                plan.workloads().stream().filter(workload -> !workload.isJob()).toList()));
        DependencyGraph wanted = planned.selectWithDependencies(options.which());
        wanted.requireNoCycle();
        Deadline deadline = Deadline.in(options.timeout());
        exclusively("up", options.timeout(), () -> {
            convergence.check(wanted, options.secrets());
            secrets.remember(options.secrets());
            Supervisor.Hold hold = supervisor.takeOver();
            try {
                removeOthers(planned);
                convergence.run(wanted, options.secrets(), deadline, options.progress());
            } finally {
                hold.close();
            }
        });
    }

    private void removeOthers(DependencyGraph planned) throws InterruptedException {
        Set<String> names = planned.services().stream().map(Workload::name).collect(Collectors.toSet());
        List<ProcessRecord> others = store.services().stream()
                .filter(record -> !names.contains(record.name()))
                .toList();
        endInOrder(others, GRACE, Shutdown.Until.REPLACED);
        others.forEach(store::forget);
    }

    @Override
    public void start(Selection which, StartOptions options) throws InterruptedException {
        host.requireUsable();
        Deadline deadline = Deadline.in(options.timeout());
        exclusively("start", options.timeout(), () -> {
            DependencyGraph selected = known().select(which);
            convergence.check(selected, options.secrets());
            secrets.remember(options.secrets());
            Supervisor.Hold hold = supervisor.takeOver();
            try {
                convergence.run(selected, options.secrets(), deadline, ProgressListener.none());
            } finally {
                hold.close();
            }
        });
    }

    @Override
    public void stop(Selection which, StopOptions options) throws InterruptedException {
        known().select(which);
        exclusively("stop", options.grace().plus(PATIENCE), () -> {
            known().select(which);
            List<ProcessRecord> selected = store.services().stream()
                    .filter(record -> which.includes(Replicas.service(record.name())))
                    .toList();
            endInOrder(selected, options.grace(), Shutdown.Until.ASKED_FOR);
        });
    }

    private void endInOrder(List<ProcessRecord> records, Duration grace, Shutdown.Until until)
            throws InterruptedException {
        DependencyGraph graph = new DependencyGraph(
                records.stream().map(ProcessRecord::workload).toList());
        for (Set<String> group : graph.dependentsFirst()) {
            shutdown.end(records.stream().filter(r -> group.contains(r.name())).toList(), grace, until);
            watcher.look();
        }
    }

    @Override
    public void down(DownOptions options) throws InterruptedException {
        if (!store.exists() && new ProcessTree(stack, Optional.empty()).look().isEmpty()) {
            return;
        }
        exclusively("down", options.grace().plus(PATIENCE), () -> {
            new Teardown(store, jobs, views, shutdown, stack).run(options.grace());
            watcher.look();
        });
    }

    @Override
    public ExitStatus run(Workload job, RunOptions options) throws InterruptedException {
        host.requireUsable();
        if (!job.isJob()) {
            throw new InvalidInputException("job", "'" + job.name() + "' is a service; bring it up instead");
        }
        preflight.check(job, options.secrets());
        ProcessRecord intent =
                ProcessRecord.intent(job, stack.part(), settings.clock().instant());
        return interruptibly(() -> {
            new OrphanedJobs(store, jobs, shutdown).endOverdue(intent.startedAt());
            return new RunningJob(store, jobs, launcher, shutdown, intent, options).run();
        });
    }

    @Override
    public Optional<JobRuns> jobRuns() {
        return Optional.of(new ProcessJobRuns(store, jobs, shutdown));
    }

    @Override
    public List<WorkloadStatus> status() {
        return watcher.statuses();
    }

    @Override
    public LogStream logs(LogQuery query) {
        known().select(query.which());
        FileLogStream.Mode mode = query.follow() ? FileLogStream.Mode.FOLLOW : FileLogStream.Mode.ONCE;
        FileLogStream stream = FileLogStream.open(logWatch, query.which()::includes, query.tail(), mode, logs::remove);
        logs.add(stream);
        return stream;
    }

    private List<ServiceLog> serviceLogs() {
        return store.services().stream()
                .map(record -> new ServiceLog(Replicas.service(record.name()), store.log(record)))
                .toList();
    }

    @Override
    public EventStream events() {
        return watcher.events();
    }

    @Override
    public void close() {
        List.copyOf(logs).forEach(each -> each.end(Watcher.closed()));
        logWatch.close();
        watcher.close();
    }

    private DependencyGraph known() {
        return new DependencyGraph(
                store.services().stream().map(ProcessRecord::workload).toList());
    }

    /** What changes services, with a result or without. */
    interface Action<R> {
        R run() throws InterruptedException;
    }

    /** The same without a result. */
    private interface Change {
        void run() throws InterruptedException;
    }

    private void exclusively(String purpose, Duration patience, Change change) throws InterruptedException {
        watcher.requireOpen();
        interruptibly(() -> {
            try (FileLocks.Held held = FileLocks.await(store.lockFile(), purpose, patience)) {
                held.check();
                change.run();
                return purpose;
            }
        });
    }

    /** Files are written by channels, and those report an interrupt as a failure to write. */
    static <R> R interruptibly(Action<R> action) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            return action.run();
        } catch (AngeeException e) {
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException();
                interrupted.initCause(e);
                throw interrupted;
            }
            throw e;
        }
    }
}
