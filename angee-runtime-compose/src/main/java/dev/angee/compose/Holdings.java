package dev.angee.compose;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import dev.angee.compose.CleanupPlan.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that an engine has of one Compose project, by its labels. What carries our label is told from what does not. For
 * one thread.
 */
final class Holdings {
    /** The states of what would be cut off in the middle. */
    private static final Set<String> RUNNING = Set.of("running", "restarting", "paused");

    private final String project;
    private final List<Item> containers = new ArrayList<>();
    private final List<Item> networks = new ArrayList<>();
    private final List<Item> volumes = new ArrayList<>();
    private final Set<String> roots = new TreeSet<>();
    private final Set<String> running = new HashSet<>();
    private int foreignContainers;
    private int foreignNetworks;
    private int foreignVolumes;
    private boolean isInside;
    private boolean isOnHost;

    private Holdings(String project) {
        this.project = project;
    }

    /** Those of all projects, in name order. */
    static Collection<Holdings> all(Engine engine) throws InterruptedException {
        return engine.ask("for its projects", client -> read(client, ProjectContainer.PROJECT_LABEL));
    }

    /** Those of one project; there may be none. */
    static Holdings of(Engine engine, String project) throws InterruptedException {
        return engine
                .ask("for project " + project, client -> read(client, ProjectContainer.PROJECT_LABEL + "=" + project))
                .stream()
                .filter(found -> found.project.equals(project))
                .findFirst()
                .orElseGet(() -> new Holdings(project));
    }

    private static Collection<Holdings> read(DockerClient client, String label) {
        Map<String, Holdings> all = new TreeMap<>();
        List<String> filter = List.of(label);
        for (Container each : client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(filter)
                .exec()) {
            at(all, each.getLabels()).add(each);
        }
        for (Network each : client.listNetworksCmd().withFilter("label", filter).exec()) {
            Holdings owner = at(all, each.getLabels());
            owner.networks.add(new Item(each.getId(), each.getName()));
            owner.foreignNetworks += owner.isOurs(each.getLabels()) ? 0 : 1;
            owner.place(each.getLabels());
        }
        List<InspectVolumeResponse> volumes =
                client.listVolumesCmd().withFilter("label", filter).exec().getVolumes();
        for (InspectVolumeResponse each : volumes == null ? List.<InspectVolumeResponse>of() : volumes) {
            Holdings owner = at(all, each.getLabels());
            owner.place(each.getLabels());
            if (owner.isOurs(each.getLabels())) {
                owner.volumes.add(new Item(each.getName(), each.getName()));
            } else {
                owner.foreignVolumes++;
            }
        }
        return all.values();
    }

    private static Holdings at(Map<String, Holdings> all, @Nullable Map<String, String> labels) {
        String project = labels(labels).getOrDefault(ProjectContainer.PROJECT_LABEL, "");
        return all.computeIfAbsent(project, Holdings::new);
    }

    private void add(Container container) {
        String[] names = container.getNames();
        String name = names == null || names.length == 0 ? container.getId() : names[0].replaceFirst("^/", "");
        containers.add(new Item(container.getId(), name));
        if (RUNNING.contains(String.valueOf(container.getState()))) {
            running.add(container.getId());
        }
        foreignContainers += isOurs(container.getLabels()) ? 0 : 1;
        place(container.getLabels());
    }

    private void place(@Nullable Map<String, String> labels) {
        String place = labels(labels).get(ComposeBackend.INSIDE_LABEL);
        if (place != null) {
            isOnHost |= place.equals(ComposeBackend.ON_HOST);
            isInside |= !place.equals(ComposeBackend.ON_HOST);
        }
    }

    private boolean isOurs(@Nullable Map<String, String> labels) {
        String root = labels(labels).get(ComposeBackend.ROOT_LABEL);
        if (root == null) {
            return false;
        }
        roots.add(root);
        return true;
    }

    private static Map<String, String> labels(@Nullable Map<String, String> labels) {
        return Objects.requireNonNullElse(labels, Map.of());
    }

    String project() {
        return project;
    }

    List<Item> containers() {
        return containers;
    }

    List<Item> networks() {
        return networks;
    }

    /** The named volumes that carry our label. */
    List<Item> volumes() {
        return volumes;
    }

    int volumeCount() {
        return volumes.size() + foreignVolumes;
    }

    /** The ids of the containers that run, or are paused. */
    Set<String> running() {
        return running;
    }

    /** The roots that its parts are labelled with; of a stack of ours, one. */
    Set<String> roots() {
        return roots;
    }

    /** Whether a part is not labelled by us: a container, or a network that no container of ours explains. */
    boolean isForeign() {
        return roots.isEmpty() || foreignContainers > 0 || (containers.isEmpty() && foreignNetworks > 0);
    }

    /** Whether it was started from within a container. */
    boolean isInside() {
        return isInside;
    }

    /** Whether only volumes are left of it, and none says that it was made on the host: earlier ones said nothing. */
    boolean isOfUnknownPlace() {
        return containers.isEmpty() && networks.isEmpty() && !isOnHost;
    }

    /** When one of its containers was last started. */
    Optional<Instant> lastStarted(Engine engine) throws InterruptedException {
        return engine.ask("when containers were started", client -> {
            Optional<Instant> last = Optional.empty();
            for (Item each : containers) {
                Optional<Instant> started = started(client, each.id());
                if (started.isPresent() && (last.isEmpty() || started.get().isAfter(last.get()))) {
                    last = started;
                }
            }
            return last;
        });
    }

    private static Optional<Instant> started(DockerClient client, String id) {
        try {
            String time = client.inspectContainerCmd(id).exec().getState().getStartedAt();
            return time == null || time.isEmpty() || time.startsWith("0001-")
                    ? Optional.empty()
                    : Optional.of(Instant.parse(time));
        } catch (NotFoundException e) {
            return Optional.empty(); // removed since it was listed
        }
    }
}
