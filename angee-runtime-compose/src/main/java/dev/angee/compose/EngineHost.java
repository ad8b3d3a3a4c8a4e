package dev.angee.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an engine and this process see the same files. A socket may be the end of a tunnel, or be mounted in a
 * container: only if the engine's host has our name, its folder is here, and it does not know our own container, if we
 * run in one, they do.
 */
final class EngineHost {
    private static final Logger LOG = LoggerFactory.getLogger(EngineHost.class);
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final ComposeSettings settings;
    private final Engine engine;

    EngineHost(ComposeSettings settings, Engine engine) {
        this.settings = settings;
        this.engine = engine;
    }

    boolean isOurs(EngineFacts facts) throws InterruptedException {
        if (settings.socket().isEmpty()
                || !OwnContainer.read(HOST_NAME).map(String::strip).equals(Optional.of(facts.hostName()))
                || !facts.rootDir().isAbsolute()
                || !Files.isDirectory(facts.rootDir())) {
            return false;
        }
        for (String id : new OwnContainer(OwnContainer::read).ids()) {
            if (engine.mounts(id).isPresent()) {
                return false;
            }
        }
        return true;
    }

    /** How many bytes are free where it keeps its containers; empty if that is not here. */
    OptionalLong free(EngineFacts facts) throws InterruptedException {
        if (!isOurs(facts)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Files.getFileStore(facts.rootDir()).getUsableSpace());
        } catch (IOException e) {
            LOG.debug("cannot tell how much is free at {}", facts.rootDir(), e);
            return OptionalLong.empty();
        }
    }
}
