package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small shell that waits for the end of the one who supervises, however it comes: it holds the other end of a pipe. Then it
 * notes the time, ends the services that are to end with their owner, and keeps the logs of the others bounded, until
 * somebody supervises again or nothing runs any more.
 *
 * <p>Each one who supervises has a token of its own, in a file; a keeper whose token is not there any more goes away.
 *
 * <p>For the one who supervises; not thread-safe but for {@link #hasLostOwner}.
 */
final class Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private final RecordStore store;
    private final Host host;
    private final Marker stack;
    private volatile String token = "";
    private @Nullable Process process;

    Keeper(RecordStore store, Host host, Marker stack) {
        this.store = store;
        this.host = host;
        this.stack = stack;
    }

    /** From now on it is this one who supervises. */
    void begin() {
        token = UUID.randomUUID().toString();
        AtomicFile.writePrivate(store.tokenFile(), (token + "\n").getBytes(StandardCharsets.US_ASCII));
        try {
            Files.deleteIfExists(store.sinceFile());
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot delete " + store.sinceFile() + ": " + e.getMessage(), e);
        }
    }

    /** Makes sure that the shell runs. */
    void ensure() {
        if (process != null && process.isAlive()) {
            return;
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(host.script(
                            KeeperScript.TEXT,
                            "angee-keeper",
                            List.of(store.folder().toString(), token, stack.value())))
                    .directory(new File("/"))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD);
            builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
            builder.environment().put(Marker.VARIABLE, stack.keeper().value());
            process = builder.start();
        } catch (IOException e) {
            LOG.warn("cannot start what is to outlive this JVM: {}", e.getMessage());
        }
    }

    /** Whether a service was to end with one who supervised before. */
    boolean hasLostOwner(ProcessRecord record) {
        return store.owner(record).filter(owner -> !owner.equals(token)).isPresent();
    }

    /** Lets go: what is to be done then, it does. */
    void end() {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        try {
            running.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("the keeper was gone already", e);
        }
    }
}
