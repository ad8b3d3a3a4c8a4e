package dev.angee.manifest;

import dev.angee.document.Place;
import dev.angee.document.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is written in one {@code angee.yaml}: names resolve, but nothing is looked up yet. Maps are in name order.
 *
 * @param file the file, as it was named when it was read
 * @param name the stack's name
 * @param pools the port pools
 * @param ports fixed ports by name
 * @param volumes the names of the volumes
 * @param sources the sources
 * @param workspaces the declared workspaces
 * @param services the services
 * @param jobs the jobs; no job has the name of a service
 * @param places where each value was written, by path such as {@code services.web.ports[0]}
 */
public record Manifest(
        String file,
        String name,
        Map<String, PoolSpec> pools,
        Map<String, Integer> ports,
        Set<String> volumes,
        Map<String, SourceSpec> sources,
        Map<String, WorkspaceSpec> workspaces,
        Map<String, WorkloadSpec> services,
        Map<String, WorkloadSpec> jobs,
        Map<String, Place> places) {
    /** The only name a manifest has. */
    public static final String FILE_NAME = "angee.yaml";

    /** Copies the collections. */
    public Manifest {
        pools = Ordered.copy(pools);
        ports = Ordered.copy(ports);
        volumes = java.util.Collections.unmodifiableSet(new TreeSet<>(volumes));
        sources = Ordered.copy(sources);
        workspaces = Ordered.copy(workspaces);
        services = Ordered.copy(services);
        jobs = Ordered.copy(jobs);
        places = Map.copyOf(places);
    }

    /** The service or job with this name. */
    public Optional<WorkloadSpec> workload(String workload) {
        return Optional.ofNullable(services.get(workload)).or(() -> Optional.ofNullable(jobs.get(workload)));
    }

    /** A problem at the place where a path was written, or at the nearest place above it. */
    public Problem problemAt(String path, String message) {
        String at = path;
        while (!places.containsKey(at)) {
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            if (cut < 0) {
                return new Problem(file, 1, 1, path, message);
            }
            at = at.substring(0, cut);
        }
        Place place = places.get(at);
        return new Problem(file, place.line(), place.column(), path, message);
    }
}
