package dev.angee.gitops;

import dev.angee.internal.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What the kernel tells of folders, and when it has told of everything. A thread hands on what it hears, one folder after the
 * other. Thread-safe.
 */
final class FolderEvents implements AutoCloseable {
    private static final WatchEvent.Kind<?>[] ALL = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_MODIFY
    };

    private final WatchService service;
    private final Path echoes;
    private final WatchKey echoKey;
    private final BiConsumer<WatchKey, List<WatchEvent<?>>> heard;
    private final Consumer<WatchKey> gone;
    private final Thread listener;
    private long calls;
    private long answered;
    private long losses;
    private boolean closed;

    /**
     * Makes it; nothing is told before {@link #begin}.
     *
     * @param heard is told what happened in a folder
     * @param gone is told that a folder is not there any more, or is no longer watched
     * @throws IOException if this platform cannot tell of changes as they happen
     */
    FolderEvents(BiConsumer<WatchKey, List<WatchEvent<?>>> heard, Consumer<WatchKey> gone) throws IOException {
        this.heard = heard;
        this.gone = gone;
        service = FileSystems.getDefault().newWatchService();
        try {
            if (service.getClass().getSimpleName().contains("Polling")) {
                throw new IOException("this platform's watch service only looks now and then");
            }
            echoes = Files.createTempDirectory("angee-watch");
            echoKey = echoes.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        } catch (IOException | RuntimeException e) {
            service.close();
            throw e;
        }
        listener = new Thread(this::listen, "angee-watch");
        listener.setDaemon(true);
    }

    void begin() {
        listener.start();
    }

    /** Watches what happens in a folder, not below it; the same key again if it is watched already. */
    WatchKey register(Path folder) throws IOException {
        return folder.register(service, ALL);
    }

    /**
     * Waits until everything that had happened when it was called was handed on: makes a file in a folder of its own, and waits
     * to hear of that, for the kernel tells of things in their order.
     *
     * <p>Once is not enough. What happens in a folder while what happened there before is handed on comes up for its turn only
     * when that is done, which may be behind the file. With a second file, it is before.
     *
     * @return false if that took too long, or could not be done; then nothing is known
     */
    boolean caughtUp(Duration atMost) {
        long deadline = System.nanoTime() + Nanos.of(atMost);
        try {
            boolean once = echoes(deadline);
            return once && echoes(deadline);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean echoes(long deadline) throws IOException, InterruptedException {
        long call;
        long lossesBefore;
        synchronized (this) {
            call = ++calls;
            lossesBefore = losses;
        }
        Path echo = echoes.resolve(Long.toString(call));
        Files.createFile(echo);
        try {
            return isAnswered(call, lossesBefore, deadline);
        } finally {
            boolean unused = echo.toFile().delete(); // if it stays, it goes with its folder
        }
    }

    private synchronized boolean isAnswered(long call, long lossesBefore, long deadline) throws InterruptedException {
        while (answered < call) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || closed || losses != lossesBefore) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    private void listen() {
        try {
            while (true) {
                WatchKey key = service.take();
                List<WatchEvent<?>> events = key.pollEvents();
                if (key.equals(echoKey)) {
                    key.reset();
                    events.forEach(this::answer);
                } else {
                    heard.accept(key, events);
                    if (!key.reset()) {
                        gone.accept(key);
                    }
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            end(); // there is nothing left to hear
        }
    }

    private synchronized void answer(WatchEvent<?> event) {
        if (event.context() instanceof Path name) {
            answered = Math.max(answered, Long.parseLong(name.toString()));
        } else {
            losses++; // of events, maybe of echoes; every key is told so, and who waits does not know
        }
        notifyAll();
    }

    private synchronized void end() {
        closed = true;
        notifyAll();
    }

    /** Ends its thread. */
    @Override
    public void close() {
        end();
        try {
            service.close();
            listener.join(TimeUnit.SECONDS.toMillis(10));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            FileTree.delete(echoes);
        }
    }
}
