package dev.angee.compose;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The networks of a project, made before Compose would make them, because Compose can only take what the engine's pools
 * give. They carry the labels that Compose gives, so it takes them for its own, and removes them. The caller holds the
 * project's lock.
 */
final class ProjectNetworks {
    /** How often the engine may refuse: others take subnets too, between the look and the request. */
    private static final int TRIES = 64;

    /** More than one look, for a busy engine makes one network after another. */
    private static final Duration MAKING = Duration.ofMinutes(1);

    private static final int SPARE = 8;
    private static final String OVERLAP = "overlap";

    private enum Outcome {
        MADE,
        NAME_TAKEN,
        ADDRESSES_TAKEN
    }

    private final Engine engine;
    private final ComposeProject project;
    private final ComposeSettings settings;
    private final EngineHost host;
    private final Map<String, String> labels;

    /**
     * @param host where the engine is
     * @param labels what every network is labelled with, beside Compose's labels
     */
    ProjectNetworks(
            Engine engine,
            ComposeProject project,
            ComposeSettings settings,
            EngineHost host,
            Map<String, String> labels) {
        this.engine = engine;
        this.project = project;
        this.settings = settings;
        this.host = host;
        this.labels = labels;
    }

    /**
     * Makes the networks that these are on and that are not there yet; one that is there stays as it is.
     *
     * @throws AngeeException {@code CONFLICT} if one of that name is another's; {@code UNAVAILABLE} if no subnet is free,
     *     or the time is up
     */
    void make(Collection<Workload> workloads, Deadline deadline) throws InterruptedException {
        if (settings.networks().isEnginesOwn()) {
            return;
        }
        for (Map.Entry<String, Long> each : containers(workloads).entrySet()) {
            if (own(each.getKey(), all()).isEmpty()) {
                make(each.getKey(), each.getValue(), deadline);
            }
        }
    }

    /** Removes those of the project that these are not on, and that no container is on. */
    void removeOthers(Collection<Workload> workloads) throws InterruptedException {
        Set<String> planned = containers(workloads).keySet();
        for (EngineNetwork each : all()) {
            if (each.belongsTo(project) && !planned.contains(each.key()) && isUnused(each)) {
                engine.removeNetwork(each.id());
            }
        }
    }

    /** How many containers are planned on each network, by its key. */
    static Map<String, Long> containers(Collection<Workload> workloads) {
        Map<String, Long> sizes = new TreeMap<>();
        for (Workload workload : workloads) {
            Set<String> keys = new LinkedHashSet<>(workload.container().networks());
            keys.add(ServiceEntry.DEFAULT_NETWORK);
            keys.forEach(key -> sizes.merge(key, (long) workload.lifecycle().replicas(), Long::sum));
        }
        return sizes;
    }

    private void make(String key, long containers, Deadline deadline) throws InterruptedException {
        // A container that is replaced has two addresses for a moment, and runs of jobs come on top.
        long addresses = containers + Math.max(SPARE, containers / 2);
        Iterator<Subnet> candidates =
                settings.networks().candidates(name(key), addresses).iterator();
        if (!candidates.hasNext()) {
            throw exhausted(key, "none of its ranges is large enough for " + addresses + " containers");
        }
        List<Subnet> routes = host.routes();
        List<Subnet> taken = taken(routes, all());
        int refusals = 0;
        while (candidates.hasNext() && refusals < TRIES) {
            Subnet candidate = candidates.next();
            if (taken.stream().anyMatch(candidate::overlaps)) {
                continue;
            }
            Outcome outcome = create(key, candidate, patience(key, deadline));
            List<EngineNetwork> now = all();
            if (outcome != Outcome.ADDRESSES_TAKEN && own(key, now).isPresent()) {
                return;
            }
            refusals++;
            taken = taken(routes, now);
        }
        throw exhausted(
                key,
                refusals < TRIES
                        ? "every subnet for " + addresses + " containers is in use by another network of the engine, or"
                                + " overlaps one of this host's " + routes.size() + " routes"
                        : "the engine has refused " + refusals
                                + " subnets, because others took them at the same moment");
    }

    private Outcome create(String key, Subnet subnet, Duration patience) throws InterruptedException {
        Map<String, String> all = new TreeMap<>(labels);
        all.put(ProjectContainer.PROJECT_LABEL, project.name().value());
        all.put(EngineNetwork.KEY_LABEL, key);
        Network.Ipam addresses = new Network.Ipam().withConfig(new Network.Ipam.Config().withSubnet(subnet.toString()));
        return engine.ask("for the network " + name(key), patience, client -> {
            try {
                client.createNetworkCmd()
                        .withName(name(key))
                        .withDriver("bridge")
                        .withCheckDuplicate(true)
                        .withIpam(addresses)
                        .withLabels(all)
                        .exec();
                return Outcome.MADE;
            } catch (ConflictException e) {
                return Outcome.NAME_TAKEN;
            } catch (DockerException e) {
                // "Pool overlaps with other one on this address space" (20.10), "networks have overlapping IPv4"
                if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains(OVERLAP)) {
                    return Outcome.ADDRESSES_TAKEN;
                }
                throw e;
            }
        });
    }

    /**
     * The project's own network. If there are several of its name, which the engine allows, and Compose then fails: one
     * that is in use, or else the oldest, and the others are removed.
     */
    private Optional<EngineNetwork> own(String key, List<EngineNetwork> all) throws InterruptedException {
        List<EngineNetwork> found = new ArrayList<>(
                all.stream().filter(n -> n.name().equals(name(key))).toList());
        for (EngineNetwork each : found) {
            if (!each.belongsTo(project) || !each.key().equals(key)) {
                throw conflict(each, each.owner());
            }
        }
        found.sort(EngineNetwork.BY_AGE);
        if (found.size() < 2) {
            return found.stream().findFirst();
        }
        List<EngineNetwork> used = new ArrayList<>();
        for (EngineNetwork each : found) {
            if (!isUnused(each)) {
                used.add(each);
            }
        }
        if (used.size() > 1) {
            throw conflict(used.get(1), "containers are on two networks of that name; take the stack down first");
        }
        EngineNetwork kept = used.isEmpty() ? found.get(0) : used.get(0);
        for (EngineNetwork each : found) {
            if (!each.equals(kept)) {
                engine.removeNetwork(each.id());
            }
        }
        return Optional.of(kept);
    }

    /** A container that does not run counts: it could not be started again. Before its first start, only the name tells. */
    private boolean isUnused(EngineNetwork network) throws InterruptedException {
        return engine.ask(
                "who is on a network",
                client -> client.listContainersCmd()
                        .withShowAll(true)
                        .withNetworkFilter(List.of(network.id(), network.name()))
                        .exec()
                        .isEmpty());
    }

    private List<EngineNetwork> all() throws InterruptedException {
        return engine.ask("for its networks", ProjectNetworks::list);
    }

    private static List<EngineNetwork> list(DockerClient client) {
        return client.listNetworksCmd().exec().stream().map(EngineNetwork::of).toList();
    }

    private static List<Subnet> taken(List<Subnet> routes, List<EngineNetwork> networks) {
        List<Subnet> taken = new ArrayList<>(routes);
        networks.forEach(network -> taken.addAll(network.subnets()));
        return taken;
    }

    private String name(String key) {
        return project.name() + "_" + key;
    }

    private Duration patience(String key, Deadline deadline) {
        if (deadline.hasPassed()) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    subject(key) + "it could not be made within " + Deadline.spell(deadline.limit())
                            + " (give it more time)");
        }
        Duration left = Duration.ofNanos(deadline.nanosLeft());
        return left.compareTo(MAKING) < 0 ? left : MAKING;
    }

    private String subject(String key) {
        return "network '" + key + "' of stack " + project.name() + ": ";
    }

    private AngeeException conflict(EngineNetwork network, String why) {
        return new AngeeException(
                ErrorCode.CONFLICT,
                "stack " + project.name() + " needs a network called '" + network.name()
                        + "', and there is one already: " + why + " (see 'docker network inspect " + network.id()
                        + "'; rename or remove it)");
    }

    private AngeeException exhausted(String key, String why) {
        return new AngeeException(
                ErrorCode.UNAVAILABLE,
                subject(key) + "no address range is left in the pool (" + settings.networks() + "): " + why
                        + "; remove networks that are not used, with 'docker network prune' or by taking forgotten stacks"
                        + " down, or set another NetworkPool in ComposeSettings");
    }
}
