package dev.angee.plan;

import java.nio.file.Path;

/** A folder or volume that a container sees. Local processes see host paths and need no mounts. */
public sealed interface PlannedMount {
    /** The absolute path inside the container. */
    String target();

    /** Whether the container may only read it. */
    boolean readOnly();

    /**
     * A folder or file of the host.
     *
     * @param source the absolute, confined host path
     * @param target the absolute path inside the container
     * @param readOnly whether the container may only read it
     */
    record Bind(Path source, String target, boolean readOnly) implements PlannedMount {}

    /**
     * A volume that the engine keeps.
     *
     * @param name the volume's name within the project
     * @param target the absolute path inside the container
     * @param readOnly whether the container may only read it
     */
    record Volume(String name, String target, boolean readOnly) implements PlannedMount {}

    /**
     * Memory that is a folder, empty at each start and gone with the container.
     *
     * @param target the absolute path inside the container
     * @param size how many bytes it may hold
     */
    record Memory(String target, long size) implements PlannedMount {
        @Override
        public boolean readOnly() {
            return false;
        }
    }
}
