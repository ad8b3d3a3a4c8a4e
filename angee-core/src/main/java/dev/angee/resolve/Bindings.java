package dev.angee.resolve;

import dev.angee.expression.Scope;
import dev.angee.mount.ResolvedMount;
import java.nio.file.Path;
import java.util.Map;

/**
 * All that a manifest's names stand for here and now: a plain value.
 *
 * @param root the absolute root
 * @param scope what expressions may name
 * @param mounts each mount, by its manifest path such as {@code services.web.mounts[0]}
 * @param workdirs each working directory that is written as a URI, by its manifest path
 */
public record Bindings(Path root, Scope scope, Map<String, ResolvedMount> mounts, Map<String, ResolvedMount> workdirs) {
    /** Copies the maps. */
    public Bindings {
        mounts = Map.copyOf(mounts);
        workdirs = Map.copyOf(workdirs);
    }
}
