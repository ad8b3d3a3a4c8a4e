package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.manifest.SourceSpec;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import dev.angee.resolve.StackLayout;
import dev.angee.source.CredentialSource;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.SourceControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Fetches the sources of a workspace: several at once, each once. */
final class SourceFetching {
    private static final int MOST_AT_ONCE = 4;
    private static final long PATIENCE_SECONDS = 30;

    private final StackLayout layout;
    private final SourceControl control;
    private final CredentialSource credentials;
    private final Duration freshness;
    private final ProgressListener listener;

    /** The listener is told of one thing at a time. */
    SourceFetching(WorkspaceContext context, Duration freshness, ProgressListener listener) {
        this.layout = context.layout();
        this.control = context.sourceControl();
        this.credentials = context.credentials();
        this.freshness = freshness;
        this.listener = listener;
    }

    /**
     * Fetches all of them.
     *
     * @throws AngeeException the first failure, after the others have ended
     */
    void of(Map<SourceSpec, GitUrl> sources) {
        if (sources.size() == 1) {
            sources.forEach(this::fetch);
            return;
        }
        ExecutorService threads =
                Executors.newFixedThreadPool(Math.max(1, Math.min(MOST_AT_ONCE, sources.size())), work -> {
                    Thread thread = new Thread(work, "angee-fetch");
                    thread.setDaemon(true);
                    return thread;
                });
        try {
            List<Future<?>> begun = new ArrayList<>();
            sources.forEach((source, url) -> begun.add(threads.submit(() -> fetch(source, url))));
            requireAll(begun);
        } finally {
            end(threads);
        }
    }

    private void fetch(SourceSpec source, GitUrl url) {
        FetchOptions options = FetchOptions.defaults()
                .with(credentials.of(url))
                .unlessWithin(freshness)
                .telling((task, percent) -> tell(new Progress.Fetching(source.name(), task, percent)));
        control.fetch(url, layout.source(source), options);
    }

    private synchronized void tell(Progress progress) {
        listener.on(progress);
    }

    private static void requireAll(List<Future<?>> begun) {
        RuntimeException failure = null;
        for (Future<?> each : begun) {
            try {
                Object unused = each.get();
            } catch (ExecutionException e) {
                RuntimeException cause = e.getCause() instanceof RuntimeException unchecked
                        ? unchecked
                        : new IllegalStateException(e.getCause());
                if (failure == null) {
                    failure = cause;
                } else {
                    failure.addSuppressed(cause);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while sources were fetched", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Nothing is fetched behind the back of who takes the workspace back. */
    private static void end(ExecutorService threads) {
        boolean interrupted = Thread.interrupted();
        threads.shutdownNow();
        try {
            boolean unused = threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
