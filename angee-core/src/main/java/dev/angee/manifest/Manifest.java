package dev.angee.manifest;

import dev.angee.document.Place;
import dev.angee.document.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is written in one {@code angee.yaml}: names resolve, but nothing is looked up yet. Maps are in name order.
 *
 * @param file the file, as it was named when it was read
 * @param name the stack's name
 * @param template the template it was made from
 * @param operator what the host says of itself
 * @param secretsBackend where the values of secrets are kept
 * @param ingress the edge
 * @param secrets the secrets by name
 * @param ports fixed ports by name
 * @param volumes the volumes by name
 * @param persist the folders that outlive everything else
 * @param sources the sources
 * @param workspaces the declared workspaces
 * @param services the services
 * @param jobs the jobs; no job has the name of a service
 * @param leases the port leases that the Go operator has written here
 * @param places where each value was written, by path such as {@code services.web.ports[0]}
 */
public record Manifest(
        String file,
        String name,
        TemplateSpec template,
        OperatorSpec operator,
        SecretsBackendSpec secretsBackend,
        IngressSpec ingress,
        Map<String, SecretSpec> secrets,
        Map<String, Integer> ports,
        Map<String, VolumeSpec> volumes,
        PersistSpec persist,
        Map<String, SourceSpec> sources,
        Map<String, WorkspaceSpec> workspaces,
        Map<String, WorkloadSpec> services,
        Map<String, WorkloadSpec> jobs,
        List<LeaseSpec> leases,
        Map<String, Place> places) {
    /** The only name a manifest has. */
    public static final String FILE_NAME = "angee.yaml";

    /** Copies the collections. */
    public Manifest {
        secrets = Ordered.copy(secrets);
        ports = Ordered.copy(ports);
        volumes = Ordered.copy(volumes);
        sources = Ordered.copy(sources);
        workspaces = Ordered.copy(workspaces);
        services = Ordered.copy(services);
        jobs = Ordered.copy(jobs);
        leases = List.copyOf(leases);
        places = Map.copyOf(places);
    }

    /** The port pools by name. */
    public Map<String, PoolSpec> pools() {
        return operator.pools();
    }

    /** The service or job with this name. */
    public Optional<WorkloadSpec> workload(String workload) {
        return Optional.ofNullable(services.get(workload)).or(() -> Optional.ofNullable(jobs.get(workload)));
    }

    Manifest withPlaces(Map<String, Place> where) {
        return new Manifest(
                file,
                name,
                template,
                operator,
                secretsBackend,
                ingress,
                secrets,
                ports,
                volumes,
                persist,
                sources,
                workspaces,
                services,
                jobs,
                leases,
                where);
    }

    /** A problem at the place where a path was written, or at the nearest place above it. */
    public Problem problemAt(String path, String message) {
        Place place = place(path);
        return Problem.of(file, place.line(), place.column(), path, message);
    }

    /**
     * A problem at a character of the text that was written at a path.
     *
     * @param offset the character, from 0
     */
    public Problem problemAt(String path, int offset, String message) {
        Place place = place(path);
        return place.textColumn().isPresent()
                ? Problem.of(file, place.line(), place.textColumn().getAsInt() + offset, path, message)
                : Problem.of(file, place.line(), place.column(), path, "character " + (offset + 1) + ": " + message);
    }

    /** Where a path was written; if it was not, where the nearest path above it was. */
    public Place place(String path) {
        String at = path;
        while (!places.containsKey(at)) {
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            if (cut < 0) {
                return Place.of(1, 1);
            }
            at = at.substring(0, cut);
        }
        return places.get(at);
    }
}
