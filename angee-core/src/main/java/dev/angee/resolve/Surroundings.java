package dev.angee.resolve;

import dev.angee.mount.HostPaths;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a manifest's names stand for that neither the manifest nor the file system says. Immutable.
 *
 * @param allocations the ports that leases from pools stand for, by pool
 * @param inputs what a job is given, by name; what is not given prints as it is written
 * @param hostPaths how paths of this process are called where containers run
 * @param secretStore who keeps the secrets
 */
public record Surroundings(
        Map<String, Integer> allocations, Map<String, String> inputs, HostPaths hostPaths, SecretKeeper secretStore) {
    private static final Surroundings NONE =
            new Surroundings(Map.of(), Map.of(), HostPaths.identity(), SecretKeeper.MANIFEST);

    /** Copies the maps. */
    public Surroundings {
        allocations = new TreeMap<>(allocations);
        inputs = new TreeMap<>(inputs);
    }

    /** Nothing. */
    public static Surroundings none() {
        return NONE;
    }

    /** The same with these ports. */
    public Surroundings allocations(Map<String, Integer> ports) {
        return new Surroundings(ports, inputs, hostPaths, secretStore);
    }

    /** The same with these inputs of a job. */
    public Surroundings inputs(Map<String, String> given) {
        return new Surroundings(allocations, given, hostPaths, secretStore);
    }

    /** The same with these names of paths. */
    public Surroundings hostPaths(HostPaths paths) {
        return new Surroundings(allocations, inputs, paths, secretStore);
    }

    /** The same with this keeper of secrets. */
    public Surroundings secretStore(SecretKeeper keeper) {
        return new Surroundings(allocations, inputs, hostPaths, keeper);
    }
}
