package dev.angee.rest;

import dev.angee.RuntimeKind;
import dev.angee.contract.InMemoryEngine;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Artifact;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.BackendProvider;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadStatus;
import java.nio.file.Path;
import java.util.List;

/** The in-memory engine, with faults on demand: one that is not there, and one that fails or waits in {@code up}. */
final class FaultyRuntime implements BackendProvider {
    /** What happens first in every {@code up}. */
    @FunctionalInterface
    interface Step {
        void run() throws InterruptedException;
    }

    private final InMemoryEngine engine = new InMemoryEngine(RuntimeKind.LOCAL);
    private volatile String problem = "";
    private volatile Step first = () -> {};

    void problem(String text) {
        problem = text;
    }

    void first(Step step) {
        first = step;
    }

    @Override
    public RuntimeKind runtime() {
        return engine.runtime();
    }

    @Override
    public Backend open(ProjectName project, Path root) {
        return new Faulty(engine.open(project, root));
    }

    private final class Faulty implements Backend {
        private final Backend sound;

        Faulty(Backend sound) {
            this.sound = sound;
        }

        @Override
        public BackendInfo describe() {
            return problem.isEmpty() ? sound.describe() : BackendInfo.unusable(runtime(), "engine", problem);
        }

        @Override
        public Artifact compile(RuntimePlan plan) {
            return sound.compile(plan);
        }

        @Override
        public void up(RuntimePlan plan, UpOptions options) throws InterruptedException {
            first.run();
            sound.up(plan, options);
        }

        @Override
        public void start(Selection which, StartOptions options) throws InterruptedException {
            sound.start(which, options);
        }

        @Override
        public void stop(Selection which, StopOptions options) throws InterruptedException {
            sound.stop(which, options);
        }

        @Override
        public void down(DownOptions options) throws InterruptedException {
            sound.down(options);
        }

        @Override
        public ExitStatus run(Workload job, RunOptions options) throws InterruptedException {
            return sound.run(job, options);
        }

        @Override
        public List<WorkloadStatus> status() {
            return sound.status();
        }

        @Override
        public LogStream logs(LogQuery query) {
            return sound.logs(query);
        }

        @Override
        public EventStream events() {
            return sound.events();
        }

        @Override
        public void close() {
            sound.close();
        }
    }
}
