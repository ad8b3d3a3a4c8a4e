package dev.angee.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an engine and this process see the same files. A socket may be the end of a tunnel, or be mounted in a
 * container: only if the engine's host has our name, its folder is here, and we run in no container, they do. Whether the
 * engine knows that container tells nothing: it may be another engine's, with folders of the same names.
 */
final class EngineHost {
    private static final Logger LOG = LoggerFactory.getLogger(EngineHost.class);
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final ComposeSettings settings;
    private final OwnContainer own;

    EngineHost(ComposeSettings settings) {
        this(settings, new OwnContainer(OwnContainer::read));
    }

    /** @param own the container that we run in, if we do */
    EngineHost(ComposeSettings settings, OwnContainer own) {
        this.settings = settings;
        this.own = own;
    }

    boolean isOurs(EngineFacts facts) {
        return settings.socket().isPresent()
                && !isOutside()
                && OwnContainer.read(HOST_NAME).map(String::strip).equals(Optional.of(facts.hostName()))
                && facts.rootDir().isAbsolute()
                && Files.isDirectory(facts.rootDir());
    }

    /** Whether we run in a container, and what the kernel tells us of files and routes is that container's. */
    boolean isOutside() {
        return !own.ids().isEmpty();
    }

    /**
     * The blocks of addresses that the engine's host has routes for, as far as we know: none of an engine elsewhere, and
     * none if we run in a container. Whether the host is certainly ours is not asked: a route too many does no harm.
     */
    List<Subnet> routes() {
        return settings.socket().isPresent() && !isOutside() ? HostRoutes.read(HostRoutes.TABLE) : List.of();
    }

    /** What follows from where we run for those who use the engine; empty if nothing does. */
    Optional<String> warning() {
        return isOutside() && !settings.networks().isEnginesOwn()
                ? Optional.of("this program runs in a container, where the routes of the engine's host are not known: a"
                        + " network of a stack could be given addresses that the host reaches by a route of its own; set"
                        + " a NetworkPool whose ranges are free there")
                : Optional.empty();
    }

    /** How many bytes are free where it keeps its containers; empty if that is not here. */
    OptionalLong free(EngineFacts facts) {
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
