package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.agent.AgentHardening;
import dev.angee.compile.FixedPorts;
import dev.angee.compile.PlanCompiler;
import dev.angee.compile.PlanTransform;
import dev.angee.document.InvalidDocumentException;
import dev.angee.ingress.CaddyEdge;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.PoolSpec;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.mount.HostPaths;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.port.PortLease;
import dev.angee.port.PortLedger;
import dev.angee.port.PortOwner;
import dev.angee.port.PortPool;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import dev.angee.runtime.BackendProvider;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** From the manifest of a root to plans of it: reads, looks up, compiles, transforms. Writes nothing. */
final class StackPlanner {
    private final StackLayout layout;
    private final StackContext context;
    private final ManifestReader reader = new ManifestReader();
    private final Resolver resolver = new Resolver();
    private final PlanCompiler compiler = new PlanCompiler();

    StackPlanner(StackLayout layout, StackContext context) {
        this.layout = layout;
        this.context = context;
    }

    Manifest manifest() {
        return reader.read(layout.manifest());
    }

    /** The plan as it would be now: a port that is not leased yet is the one that would be. */
    RuntimePlan preview(Manifest manifest, Map<String, String> inputs) {
        return plan(manifest, allocations(manifest, Set.of()), inputs);
    }

    RuntimePlan plan(Manifest manifest, Map<String, Integer> allocations, Map<String, String> inputs) {
        Surroundings surroundings = Surroundings.none()
                .allocations(allocations)
                .inputs(inputs)
                .hostPaths(hostPaths())
                .secretStore(context.secretKeeper());
        List<PlanTransform> transforms = new ArrayList<>();
        CaddyEdge.of(manifest).ifPresent(transforms::add);
        transforms.add(new AgentHardening());
        transforms.addAll(context.transforms());
        return compiler.compile(manifest, resolver.resolve(manifest, layout, surroundings), transforms);
    }

    /** The project that the manifest gives the stack; empty if there is no sound one. */
    Optional<ProjectName> projectName() {
        if (!Files.exists(layout.manifest())) {
            return Optional.empty();
        }
        try {
            return Optional.of(preview(manifest(), Map.of()).project());
        } catch (InvalidDocumentException e) {
            return Optional.empty(); // who asks wants the name only, and can do without
        }
    }

    /** The pools that a manifest names, in name order. */
    static Set<String> pools(Manifest manifest) {
        Set<String> pools = new TreeSet<>();
        for (Map<String, WorkloadSpec> specs : List.of(manifest.services(), manifest.jobs())) {
            specs.values().forEach(spec -> pools.addAll(spec.pools()));
        }
        pools.retainAll(manifest.pools().keySet());
        return pools;
    }

    /**
     * A port from each pool that the manifest names, and from no other; none that the manifest fixes, and none twice.
     *
     * @param leased the pools to lease from; from the others it is the port that a lease would give
     */
    Map<String, Integer> allocations(Manifest manifest, Set<String> leased) {
        Set<Integer> spoken = new HashSet<>(FixedPorts.of(manifest).values());
        Map<String, Integer> allocations = new TreeMap<>();
        for (String name : pools(manifest)) {
            PoolSpec spec = Objects.requireNonNull(manifest.pools().get(name));
            PortPool pool = new PortPool(name, spec.first(), spec.last());
            PortOwner owner = PortOwner.stack(name);
            PortLedger ledger = ledger(name);
            int port = leased.contains(name)
                    ? lease(ledger, pool, owner, spoken)
                    : ledger.preview(pool, layout.root(), owner, spoken);
            allocations.put(name, port);
            spoken.add(port);
        }
        return allocations;
    }

    /** A port that was leased before the manifest fixed it is given up for another. */
    private int lease(PortLedger ledger, PortPool pool, PortOwner owner, Set<Integer> spoken) {
        PortLease lease = ledger.lease(pool, layout.root(), owner);
        while (spoken.contains(lease.port())) {
            lease = ledger.replace(pool, lease);
        }
        return lease.port();
    }

    /**
     * Leases another port in place of one that turned out to be taken by somebody who has not leased it.
     *
     * @param found the ports that turned out to be taken so far, this one among them
     * @return whether the port was one that this stack has leased from a pool of the manifest
     */
    boolean replace(Manifest manifest, int taken, Set<Integer> found) {
        if (context.ports().isEmpty()) {
            return false;
        }
        PortLedger ledger = context.ports().get();
        for (PortLease lease : ledger.leases(layout.root())) {
            PoolSpec spec = manifest.pools().get(lease.pool());
            if (lease.port() == taken && spec != null && lease.owner().equals(PortOwner.stack(lease.pool()))) {
                ledger.replace(new PortPool(lease.pool(), spec.first(), spec.last()), lease, found);
                return true;
            }
        }
        return false;
    }

    private PortLedger ledger(String pool) {
        return context.ports()
                .orElseThrow(() -> new AngeeException(
                        ErrorCode.UNSUPPORTED,
                        "${alloc." + pool + "} needs a ledger of ports, and this stack was opened without one; open it"
                                + " through Angee, or with StackContext.ports"));
    }

    private HostPaths hostPaths() {
        try {
            for (BackendProvider provider : context.providers()) {
                HostPaths paths = provider.hostPaths();
                if (!paths.isIdentity()) {
                    return paths;
                }
            }
            return HostPaths.identity();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while asking where this process runs", e);
        }
    }
}
