package dev.angee.plan;

/**
 * A volume that the engine keeps for a stack.
 *
 * @param name its name within the project
 * @param driver the engine's driver for it, for example {@code local}
 */
public record PlannedVolume(String name, String driver) {}
