package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small shell that waits for the end of a backend object, however it comes: it holds the other end of a pipe. Then it ends
 * the services that are bound to that object. If the object supervised, it also notes the time, and keeps the logs of what runs
 * on bounded, until somebody supervises again or nothing runs any more.
 *
 * <p>The term of a keeper has a token: services are bound to it, and the one who supervises leaves it in a file, so that a
 * keeper can see whether another one has taken over. Thread-safe.
 */
final class Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private final RecordStore store;
    private final Host host;
    private final Marker stack;
    private final String path;
    private String token = "";
    private @Nullable Process process;
    private boolean closed;

    /**
     * Makes one for a backend object.
     *
     * @param path where to look for the programs of the shell
     */
    Keeper(RecordStore store, Host host, Marker stack, String path) {
        this.store = store;
        this.host = host;
        this.stack = stack;
        this.path = path + ":/usr/bin:/bin";
    }

    /**
     * Makes sure that the shell runs.
     *
     * @return the token of its term
     * @throws AngeeException {@code UNAVAILABLE} if it cannot be started, or this was closed
     */
    synchronized String ensure() {
        if (closed) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "the backend is closed; open another");
        }
        if (process != null && process.isAlive()) {
            return token;
        }
        if (token.isEmpty()) {
            token = UUID.randomUUID().toString();
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(host.script(
                            KeeperScript.TEXT,
                            "angee-keeper",
                            List.of(store.folder().toString(), token, stack.value())))
                    .directory(new File("/"))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().put(ChildEnvironment.PATH, path);
            builder.environment().put(Marker.VARIABLE, stack.keeper().value());
            process = builder.start();
            return token;
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot start the shell that outlives this JVM: " + e.getMessage(), e);
        }
    }

    /** Lets go: what is to be done then, the shell does. Another term may begin later. */
    synchronized void end() {
        Process running = process;
        process = null;
        token = "";
        if (running == null) {
            return;
        }
        try {
            running.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("the keeper was gone already", e);
        }
    }

    /** The same for good; a shell that was killed is started once more, as there may be something to do. */
    synchronized void close() {
        if (!closed && process != null && !process.isAlive()) {
            try {
                ensure();
            } catch (AngeeException e) {
                LOG.warn("what was to end with this backend may run on: {}", e.getMessage());
            }
        }
        closed = true;
        end();
    }
}
