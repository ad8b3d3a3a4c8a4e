package dev.angee.mount;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two mounts of one container on one target, of which only one could be seen.
 *
 * @param first the mount that comes first
 * @param second the mount that comes after it
 */
public record MountClash(Mount first, Mount second) {
    /** The first clash among the mounts of one container, in their order; working directories never clash. Pure. */
    public static Optional<MountClash> among(List<Mount> mounts) {
        Map<String, Mount> taken = new LinkedHashMap<>();
        for (Mount mount : mounts) {
            Mount earlier = mount.isWorkdir() ? null : taken.putIfAbsent(mount.target(), mount);
            if (earlier != null) {
                return Optional.of(new MountClash(earlier, mount));
            }
        }
        return Optional.empty();
    }

    /** What is wrong, and what to do. */
    public String message() {
        return "'" + first + "' and '" + second + "' have one target, " + first.target()
                + ", where only one of them could be seen; give one of them another target, or remove it";
    }
}
