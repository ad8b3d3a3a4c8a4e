package dev.angee.compose;

import dev.angee.plan.ProjectName;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An engine to be asked a few things that are about no project in particular. */
final class EngineSession implements AutoCloseable {
    private final ExecutorService workers;
    private final Engine engine;

    EngineSession(ComposeSettings settings) {
        this.workers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "angee-compose projects");
            thread.setDaemon(true);
            return thread;
        });
        this.engine = new Engine(settings, new ComposeProject(new ProjectName("nobody"), Path.of("/")), workers);
    }

    Engine engine() {
        return engine;
    }

    @Override
    public void close() {
        engine.close();
        workers.shutdownNow();
    }
}
