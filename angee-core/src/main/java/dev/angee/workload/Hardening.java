package dev.angee.workload;

import java.util.List;

/**
 * What is taken from a container for safety.
 *
 * @param capDrop the capabilities it loses, for example {@code ALL}
 * @param capAdd the capabilities it gets beyond the engine's default
 * @param readOnly whether its root file system can only be read
 * @param noNewPrivileges whether its processes can never gain privileges, by setuid programs for one
 */
public record Hardening(List<String> capDrop, List<String> capAdd, boolean readOnly, boolean noNewPrivileges) {
    private static final Hardening NONE = new Hardening(List.of(), List.of(), false, false);

    /** Copies the lists. */
    public Hardening {
        capDrop = List.copyOf(capDrop);
        capAdd = List.copyOf(capAdd);
    }

    /** The engine's defaults. */
    public static Hardening none() {
        return NONE;
    }
}
