package dev.angee.mount;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A mount whose place on this host is known.
 *
 * @param mount as it was written
 * @param hostPath the absolute path it stands for; empty for a volume, which the engine keeps
 */
public record ResolvedMount(Mount mount, Optional<Path> hostPath) {}
