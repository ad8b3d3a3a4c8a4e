package dev.angee.resolve;

import dev.angee.expression.Scope;
import dev.angee.mount.HostPaths;
import dev.angee.mount.ResolvedMount;
import dev.angee.secret.SecretName;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a manifest's names stand for here and now: a plain value.
 *
 * @param root the absolute root
 * @param scope what expressions may name
 * @param mounts each mount, by its manifest path such as {@code services.web.mounts[0]}
 * @param workdirs each working directory that is written as a URI, by its manifest path
 * @param envFiles the variables that each workload's env files hold, by its manifest path such as {@code services.web}:
 *     names of variables, and the secrets their values are kept as
 * @param origins where the value of a reference comes from, by the reference: <code>ports.web</code> from
 *     {@code angee.yaml:5:14}
 * @param hostPaths how paths of this process are called where containers run
 */
public record Bindings(
        Path root,
        Scope scope,
        Map<String, ResolvedMount> mounts,
        Map<String, ResolvedMount> workdirs,
        Map<String, Map<String, SecretName>> envFiles,
        Map<String, String> origins,
        HostPaths hostPaths) {
    /** Copies the maps. */
    public Bindings {
        mounts = Map.copyOf(mounts);
        workdirs = Map.copyOf(workdirs);
        envFiles = new TreeMap<>(envFiles);
        origins = Map.copyOf(origins);
    }
}
