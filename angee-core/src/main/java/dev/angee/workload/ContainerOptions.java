package dev.angee.workload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What can be said of a container only.
 *
 * @param labels its labels, in name order
 * @param networks the networks it is on, beside the stack's own
 * @param extraHosts more host names it knows, with their addresses, in name order
 * @param hardening what is taken from it for safety
 * @param runtime the engine's runtime for it, for example {@code runc}; the engine's standard if absent
 * @param dockerAccess whether it may command the engine
 */
public record ContainerOptions(
        Map<String, String> labels,
        List<String> networks,
        Map<String, String> extraHosts,
        Hardening hardening,
        Optional<String> runtime,
        DockerAccess dockerAccess) {
    private static final ContainerOptions STANDARD =
            new ContainerOptions(Map.of(), List.of(), Map.of(), Hardening.none(), Optional.empty(), DockerAccess.NONE);

    /** Copies the collections. */
    public ContainerOptions {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        networks = List.copyOf(networks);
        extraHosts = Collections.unmodifiableMap(new TreeMap<>(extraHosts));
    }

    /** What a container has that says nothing about it. */
    public static ContainerOptions standard() {
        return STANDARD;
    }

    /** The same with one more label, or another value of it. */
    public ContainerOptions label(String name, String value) {
        Map<String, String> more = new TreeMap<>(labels);
        more.put(name, value);
        return new ContainerOptions(more, networks, extraHosts, hardening, runtime, dockerAccess);
    }

    /** The same on one more network. */
    public ContainerOptions network(String name) {
        List<String> more = new ArrayList<>(networks);
        if (!more.contains(name)) {
            more.add(name);
        }
        return new ContainerOptions(labels, more, extraHosts, hardening, runtime, dockerAccess);
    }

    /** The same with one more host name, unless it is known already. */
    public ContainerOptions extraHost(String name, String address) {
        Map<String, String> more = new TreeMap<>(extraHosts);
        more.putIfAbsent(name, address);
        return new ContainerOptions(labels, networks, more, hardening, runtime, dockerAccess);
    }

    /** The same, hardened like this. */
    public ContainerOptions hardening(Hardening other) {
        return new ContainerOptions(labels, networks, extraHosts, other, runtime, dockerAccess);
    }
}
