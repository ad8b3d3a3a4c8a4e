package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.agent.AgentHardening;
import dev.angee.compile.PlanCompiler;
import dev.angee.compile.PlanTransform;
import dev.angee.ingress.CaddyEdge;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.PoolSpec;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.mount.HostPaths;
import dev.angee.plan.RuntimePlan;
import dev.angee.port.PortLedger;
import dev.angee.port.PortOwner;
import dev.angee.port.PortPool;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import dev.angee.runtime.BackendProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

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
        Map<String, Integer> allocations = allocations(manifest, (ledger, pool) -> {
            PortPool range = new PortPool(pool.name(), pool.first(), pool.last());
            return ledger.preview(range, layout.root(), PortOwner.stack(pool.name()));
        });
        return plan(manifest, allocations, inputs);
    }

    RuntimePlan plan(Manifest manifest, Map<String, Integer> allocations, Map<String, String> inputs) {
        Surroundings surroundings =
                Surroundings.none().allocations(allocations).inputs(inputs).hostPaths(hostPaths());
        List<PlanTransform> transforms = new ArrayList<>();
        CaddyEdge.of(manifest).ifPresent(transforms::add);
        transforms.add(new AgentHardening());
        transforms.addAll(context.transforms());
        return compiler.compile(manifest, resolver.resolve(manifest, layout, surroundings), transforms);
    }

    /** Leases a port from each pool that the manifest names, and from no other. */
    Map<String, Integer> lease(Manifest manifest) {
        return allocations(manifest, (ledger, pool) -> {
            PortPool range = new PortPool(pool.name(), pool.first(), pool.last());
            return ledger.lease(range, layout.root(), PortOwner.stack(pool.name()))
                    .port();
        });
    }

    private Map<String, Integer> allocations(Manifest manifest, BiFunction<PortLedger, PoolSpec, Integer> port) {
        Set<String> wanted = new TreeSet<>();
        for (Map<String, WorkloadSpec> specs : List.of(manifest.services(), manifest.jobs())) {
            specs.values().forEach(spec -> wanted.addAll(spec.pools()));
        }
        Map<String, Integer> allocations = new TreeMap<>();
        for (String name : wanted) {
            PoolSpec pool = manifest.pools().get(name);
            if (pool != null) {
                allocations.put(name, port.apply(ledger(name), pool));
            }
        }
        return allocations;
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
