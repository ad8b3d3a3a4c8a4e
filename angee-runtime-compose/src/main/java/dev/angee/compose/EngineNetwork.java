package dev.angee.compose;

import com.github.dockerjava.api.model.Network;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A network of the engine, whoever's it is, as it was when the engine was asked.
 *
 * @param id the engine's name for it
 * @param name its own name, which others may have too
 * @param created when it was made
 * @param labels what it is labelled with
 * @param subnets its blocks of IPv4 addresses
 */
record EngineNetwork(String id, String name, Instant created, Map<String, String> labels, List<Subnet> subnets) {
    static final String KEY_LABEL = "com.docker.compose.network";

    /** The oldest first: all who look agree which that is. */
    static final Comparator<EngineNetwork> BY_AGE =
            Comparator.comparing(EngineNetwork::created).thenComparing(EngineNetwork::id);

    static EngineNetwork of(Network seen) {
        List<Network.Ipam.Config> blocks =
                seen.getIpam() == null ? null : seen.getIpam().getConfig();
        return new EngineNetwork(
                seen.getId(),
                seen.getName(),
                seen.getCreated() == null ? Instant.EPOCH : seen.getCreated().toInstant(),
                Map.copyOf(Objects.requireNonNullElse(seen.getLabels(), Map.of())),
                Objects.requireNonNullElse(blocks, List.<Network.Ipam.Config>of()).stream()
                        .map(Network.Ipam.Config::getSubnet)
                        .filter(Objects::nonNull)
                        .flatMap(text -> Subnet.around(text).stream())
                        .toList());
    }

    /** Whether it is a stack's: by the labels that Compose gives, and not labelled as one of another root. */
    boolean belongsTo(ComposeProject project) {
        return project.name().value().equals(labels.get(ProjectContainer.PROJECT_LABEL))
                && labels.containsKey(KEY_LABEL)
                && labels.getOrDefault(ComposeBackend.ROOT_LABEL, project.root().toString())
                        .equals(project.root().toString());
    }

    /** What it is called within its project. */
    String key() {
        return labels.getOrDefault(KEY_LABEL, "");
    }

    /** Whose it says it is, for people. */
    String owner() {
        return Optional.ofNullable(labels.get(ComposeBackend.ROOT_LABEL))
                .map(root -> "it belongs to the stack at " + root)
                .or(() -> Optional.ofNullable(labels.get(ProjectContainer.PROJECT_LABEL))
                        .map(other -> "it belongs to the Compose project " + other))
                .orElse("it is not labelled as anybody's");
    }
}
