package dev.angee.runtime;

import dev.angee.RuntimeKind;

/**
 * What a backend is, and whether it can work here.
 *
 * @param runtime the runtime it serves
 * @param name what it is, with its version, for people
 * @param usable whether it can start workloads now
 * @param problem why it cannot, and what to do about it; empty when usable
 */
public record BackendInfo(RuntimeKind runtime, String name, boolean usable, String problem) {
    /** A backend that works. */
    public static BackendInfo usable(RuntimeKind runtime, String name) {
        return new BackendInfo(runtime, name, true, "");
    }

    /** A backend that cannot work here. */
    public static BackendInfo unusable(RuntimeKind runtime, String name, String problem) {
        return new BackendInfo(runtime, name, false, problem);
    }
}
