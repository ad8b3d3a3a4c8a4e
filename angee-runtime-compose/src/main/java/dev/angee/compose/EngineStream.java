package dev.angee.compose;

import com.github.dockerjava.api.async.ResultCallback;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer of the engine that goes on for a while. Its methods are called by docker-java's thread for it, one per
 * stream; it ends once, whatever docker-java calls, and not at all once it was closed.
 */
abstract class EngineStream<T> implements ResultCallback<T> {
    private static final Logger LOG = LoggerFactory.getLogger(EngineStream.class);

    private @Nullable Closeable connection;
    private boolean over;

    /** One piece of the answer; may wait. */
    abstract void piece(T piece) throws InterruptedException;

    /** It has ended: by itself, or because of a failure. */
    abstract void over(@Nullable Throwable failure) throws InterruptedException;

    @Override
    public final void onStart(Closeable stream) {
        synchronized (this) {
            if (!over) {
                connection = stream;
                return;
            }
        }
        closeQuietly(stream);
    }

    @Override
    public final void onNext(T piece) {
        if (!isOver()) {
            try {
                piece(piece);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed while it waited
            }
        }
    }

    @Override
    public final void onError(Throwable failure) {
        finish(failure);
    }

    @Override
    public final void onComplete() {
        finish(null);
    }

    @Override
    public final void close() {
        Closeable open;
        synchronized (this) {
            over = true;
            open = connection;
            connection = null;
        }
        if (open != null) {
            closeQuietly(open);
        }
    }

    private void finish(@Nullable Throwable failure) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            connection = null;
        }
        try {
            over(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    private static void closeQuietly(Closeable stream) {
        try {
            stream.close();
        } catch (IOException e) {
            LOG.debug("a stream of the engine did not close cleanly", e);
        }
    }
}
