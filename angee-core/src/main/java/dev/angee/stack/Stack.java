package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.RuntimeKind;
import dev.angee.compile.PlanCompiler;
import dev.angee.internal.AtomicFile;
import dev.angee.internal.FileLocks;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.operation.ProgressListener;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import dev.angee.runtime.Artifact;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendProvider;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One stack: the manifest of a root, on the runtimes of this host. The manifest is read anew by every call that needs
 * it; what ends things does not need it.
 *
 * <p>Thread-safe. Closing a stack leaves its services running; {@link #down} is what ends them.
 */
public final class Stack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final StackLayout layout;
    private final Backends backends;
    private final ManifestReader reader = new ManifestReader();
    private final Resolver resolver = new Resolver();
    private final PlanCompiler compiler = new PlanCompiler();

    private Stack(StackLayout layout, Backends backends) {
        this.layout = layout;
        this.backends = backends;
    }

    /**
     * Opens the stack of a root. Changes nothing; the manifest need not be sound, nor any runtime available.
     *
     * @param root the folder that holds {@code angee.yaml}
     * @param providers who opens the backends, one for each runtime
     */
    public static Stack open(Path root, Collection<BackendProvider> providers) {
        StackLayout layout = StackLayout.of(root);
        return new Stack(layout, new Backends(layout.root(), providers));
    }

    /** The root. */
    public Path root() {
        return layout.root();
    }

    /**
     * What would run. Pure: the same manifest gives an equal plan.
     *
     * @throws dev.angee.document.InvalidDocumentException with every problem of the manifest
     */
    public RuntimePlan plan() {
        Manifest manifest = reader.read(layout.manifest());
        return compiler.compile(manifest, resolver.resolve(manifest, layout, Surroundings.none()), List.of());
    }

    /** {@link #up(UpOptions, ProgressListener)}, with nobody listening. */
    public void up(UpOptions options) throws InterruptedException {
        up(options, ProgressListener.none());
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
    public void up(UpOptions options, ProgressListener listener) throws InterruptedException {
        Deadline deadline = Deadline.after(options.timeout());
        RuntimePlan plan = plan();
        checkNames(options.which(), plan);
        backends(plan, project(plan)); // what is missing is said before there is a lock to leave behind
        try (FileLocks.Held held = FileLocks.await(lockFile(), "up", deadline.left())) {
            ProjectName project = project(plan);
            Map<RuntimeKind, Backend> needed = backends(plan, project);
            RuntimePlan named = plan.as(project);
            List<Artifact> artifacts = new ArrayList<>();
            needed.forEach((runtime, backend) -> artifacts.add(backend.compile(named.only(runtime))));
            StackRecord.remember(layout, project, needed.keySet());
            artifacts.forEach(this::write);
            new Ascent(named, needed, Ascent.wanted(named, options.which()), options.secrets(), deadline, listener)
                    .run();
            held.check();
        }
    }

    private Map<RuntimeKind, Backend> backends(RuntimePlan plan, ProjectName project) {
        Map<RuntimeKind, Backend> needed = new EnumMap<>(RuntimeKind.class);
        for (RuntimeKind runtime : runtimes(plan)) {
            needed.put(runtime, backends.usable(runtime, project));
        }
        return needed;
    }

    /**
     * Starts services that were stopped, as they were last brought up.
     *
     * @throws NotFoundException if a selected name was not brought up
     */
    public void start(Selection which, StartOptions options) throws InterruptedException {
        for (Map.Entry<Backend, Selection> each : split(which).entrySet()) {
            each.getKey().start(each.getValue(), options);
        }
    }

    /**
     * Ends services; they stay known. Needs no manifest.
     *
     * @throws NotFoundException if a selected name was not brought up
     */
    public void stop(Selection which, StopOptions options) throws InterruptedException {
        for (Map.Entry<Backend, Selection> each : split(which).entrySet()) {
            each.getKey().stop(each.getValue(), options);
        }
    }

    /** Ends services and starts them again, as they were last brought up. */
    public void restart(Selection which, StopOptions options) throws InterruptedException {
        stop(which, options);
        start(which, StartOptions.defaults());
    }

    /**
     * Ends and forgets everything of this stack, on every runtime it was ever brought up on, whatever the manifest says
     * today. Tries everything before it reports what failed. Data stays. Waits for an {@link #up} that is under way, up to
     * a minute longer than the grace.
     */
    public void down(DownOptions options) throws InterruptedException {
        if (StackRecord.read(layout).isEmpty()) {
            return;
        }
        try (FileLocks.Held held =
                FileLocks.await(lockFile(), "down", options.grace().plus(PATIENCE))) {
            Optional<StackRecord> record = StackRecord.read(layout);
            if (record.isPresent()) {
                takeDown(record.get(), options);
                StackRecord.forget(layout);
                backends.reset();
            }
            held.check();
        }
    }

    private void takeDown(StackRecord record, DownOptions options) throws InterruptedException {
        List<RuntimeException> failures = new ArrayList<>();
        for (RuntimeKind runtime : record.kinds()) {
            try {
                backends.get(runtime, record.projectName()).down(options);
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    /**
     * Runs a job to its end. Its dependencies are not brought up: bring up the stack first.
     *
     * @return how it ended; a code other than 0 is a result
     * @throws NotFoundException if no job has this name
     */
    public ExitStatus run(String job, RunOptions options) throws InterruptedException {
        RuntimePlan plan = plan();
        Workload workload = plan.workload(job)
                .filter(Workload::isJob)
                .orElseThrow(() -> new NotFoundException(
                        "job",
                        job,
                        "jobs: "
                                + String.join(
                                        ", ",
                                        plan.workloads().stream()
                                                .filter(Workload::isJob)
                                                .map(Workload::name)
                                                .toList())));
        ProjectName project = project(plan);
        Backend backend = backends.usable(workload.runtime(), project);
        StackRecord.remember(layout, project, Set.of(workload.runtime()));
        return backend.run(workload, options);
    }

    /**
     * What is declared and what is true. Changes nothing.
     *
     * @throws AngeeException {@code UNAVAILABLE} if a runtime that something was brought up on cannot be asked
     */
    public StackStatus status() {
        Manifest manifest = reader.read(layout.manifest());
        Map<String, ServiceStatus> services = new TreeMap<>();
        manifest.services()
                .forEach((name, spec) -> services.put(name, new ServiceStatus(name, spec.runtime(), Optional.empty())));
        for (Backend backend : known()) {
            for (WorkloadStatus status : backend.status()) {
                services.put(status.name(), new ServiceStatus(status.name(), status.runtime(), Optional.of(status)));
            }
        }
        Map<String, RuntimeKind> jobs = new TreeMap<>();
        manifest.jobs().forEach((name, spec) -> jobs.put(name, spec.runtime()));
        return new StackStatus(layout.root(), manifest.name(), services, jobs);
    }

    /**
     * What services have written. All selected services must be of one runtime when following.
     *
     * @throws NotFoundException if a selected name was not brought up
     */
    public LogStream logs(LogQuery query) {
        List<LogStream> streams = new ArrayList<>();
        try {
            split(query.which()).forEach((backend, which) -> streams.add(backend.logs(query.only(which))));
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

    /** Ends this object's threads and streams; services go on running. */
    @Override
    public void close() {
        backends.close();
    }

    /** The backends that may have something of this stack. */
    private List<Backend> known() {
        return StackRecord.read(layout)
                .map(record -> record.kinds().stream()
                        .map(kind -> backends.get(kind, record.projectName()))
                        .toList())
                .orElse(List.of());
    }

    /** Which backend has which of the selected services. */
    private Map<Backend, Selection> split(Selection which) {
        Map<Backend, Selection> parts = new java.util.LinkedHashMap<>();
        Set<String> missing = new HashSet<>(which.names());
        for (Backend backend : known()) {
            List<String> own = backend.status().stream()
                    .map(WorkloadStatus::name)
                    .filter(which::includes)
                    .toList();
            missing.removeAll(own);
            if (!own.isEmpty()) {
                parts.put(backend, Selection.of(own));
            }
        }
        if (!missing.isEmpty()) {
            throw new NotFoundException(
                    "service", missing.stream().sorted().toList().get(0), "bring it up first");
        }
        return parts;
    }

    private Path lockFile() {
        return layout.run().resolve("stack.lock");
    }

    private ProjectName project(RuntimePlan plan) {
        return StackRecord.read(layout).map(StackRecord::projectName).orElse(plan.project());
    }

    /** The runtimes of the plan, and those that may hold something the plan no longer names. */
    private Set<RuntimeKind> runtimes(RuntimePlan plan) {
        EnumSet<RuntimeKind> runtimes = EnumSet.noneOf(RuntimeKind.class);
        plan.workloads().forEach(workload -> runtimes.add(workload.runtime()));
        StackRecord.read(layout).ifPresent(record -> runtimes.addAll(record.kinds()));
        return runtimes;
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

    private void write(Artifact artifact) {
        Path file = layout.root().resolve(artifact.fileName());
        byte[] content = artifact.text().getBytes(StandardCharsets.UTF_8);
        try {
            if (artifact.isEmpty()) {
                Files.deleteIfExists(file);
            } else if (!Files.exists(file) || !java.util.Arrays.equals(Files.readAllBytes(file), content)) {
                AtomicFile.write(file, content);
            }
        } catch (IOException e) {
            throw new AngeeException(
                    dev.angee.ErrorCode.UNAVAILABLE, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
