package dev.angee.benchmarks;

import dev.angee.plan.RuntimePlan;
import dev.angee.process.ProcessBackendProvider;
import dev.angee.runtime.Backend;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.UpOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ours in this JVM, which is there anyway. */
final class EmbeddedAngee implements Contender {
    private final ProcessLoad load;
    private final Path root;
    private final RuntimePlan plan;
    private final Backend backend;

    EmbeddedAngee(ProcessLoad load) {
        this.load = load;
        this.root = load.folder().resolve("stack");
        this.plan = load.plan(root);
        this.backend = new ProcessBackendProvider().open(ProcessLoad.project(root), root);
    }

    @Override
    public void prepare() throws Exception {
        Files.createDirectories(root);
    }

    @Override
    public void start() throws InterruptedException {
        backend.up(plan, UpOptions.defaults());
    }

    /** Asks for the status of all. */
    void status() {
        int found = backend.status().size();
        if (found != load.many()) {
            throw new IllegalStateException("a status of " + found + " in place of " + load.many());
        }
    }

    @Override
    public void stop() throws InterruptedException {
        backend.down(DownOptions.defaults());
    }

    @Override
    public void close() {
        backend.close();
    }
}
