package dev.angee.manifest;

import java.util.Optional;

/**
 * A named volume.
 *
 * @param name its name
 * @param driver the engine's driver, for containers
 * @param path the folder that local processes see, absolute or relative to the root; {@code volumes/<name>} if absent
 */
public record VolumeSpec(String name, String driver, Optional<String> path) {}
