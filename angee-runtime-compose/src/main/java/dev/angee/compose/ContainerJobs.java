package dev.angee.compose;

import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.RunOptions;
import dev.angee.secret.ResolvedSecrets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;

/** The jobs of one stack: runs them, and knows their runs. Thread-safe. */
final class ContainerJobs {
    private final ComposeProject project;
    private final Map<String, String> labels;
    private final EngineSocket socket;
    private final InstantSource clock;
    private final ContainerJob.Tools tools;
    private final LeftJobs left;

    /**
     * @param labels what every container is labelled with
     * @param socket what a job is given that may use the engine
     */
    ContainerJobs(
            ComposeProject project,
            Map<String, String> labels,
            EngineSocket socket,
            InstantSource clock,
            Engine engine,
            DockerCli cli,
            ProjectNetworks networks,
            ProjectLock lock,
            ExecutorService workers) {
        this.project = project;
        this.labels = labels;
        this.socket = socket;
        this.clock = clock;
        RunContainers containers = new RunContainers(engine, project.name());
        RunRecords records = new RunRecords(new RunStore(project), containers, clock);
        this.tools = new ContainerJob.Tools(project, engine, cli, networks, lock, workers, records, containers);
        this.left = new LeftJobs(engine, records, containers);
    }

    ExitStatus run(Workload job, RunOptions options) throws InterruptedException {
        String id = UUID.randomUUID().toString();
        Map<String, String> marked = new TreeMap<>(labels);
        marked.put(RunContainers.LABEL, id);
        RuntimePlan plan = RuntimePlan.of(project.name(), project.root(), List.of(job));
        String file = ComposeFile.of(plan, marked, socket.wantedBy(plan));
        left.collect(options.secrets());
        RunRecord run = RunRecord.of(id, job, clock.instant(), options.timeoutOf(job)); // its time begins here
        return new ContainerJob(tools, job, run, file, options).run();
    }

    JobRuns runs() {
        return new ContainerJobRuns(tools.records(), tools.containers(), left);
    }

    /**
     * Collects the runs that nobody waits for. That takes half of what is left of the time at the most; what is not done then
     * is left to the next.
     *
     * @param secrets the values that are masked in what is kept
     */
    void collect(ResolvedSecrets secrets, Deadline deadline) throws InterruptedException {
        Aside<ContainerJobs> collecting = new Aside<>(tools.workers(), () -> {
            left.collect(secrets);
            return this;
        });
        boolean done = false;
        try {
            Duration patience = Duration.ofNanos(Math.max(0, deadline.nanosLeft() / 2));
            done = collecting.result(patience).isPresent();
        } finally {
            if (!done) {
                collecting.stop();
            }
        }
    }

    /** Ends all runs, for a stack that is being taken down; whoever waits for one is told so. */
    void end(Duration grace) throws InterruptedException {
        tools.records().markAll(RunEnding.takenDown(grace));
        tools.containers().end(List.copyOf(tools.containers().all().values()), grace);
    }

    /** Forgets all runs, once their containers are gone. */
    void forget() throws InterruptedException {
        tools.records().forgetAll();
    }
}
