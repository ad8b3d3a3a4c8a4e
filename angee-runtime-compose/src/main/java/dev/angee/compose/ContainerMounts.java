package dev.angee.compose;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.HostConfig;
import dev.angee.mount.HostPaths;
import dev.angee.mount.HostPaths.Prefix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the engine says that a container mounts: binds and volumes with their place on its machine, tmpfs without. */
final class ContainerMounts {
    private ContainerMounts() {}

    static HostPaths of(InspectContainerResponse seen) {
        List<Prefix> prefixes = new ArrayList<>();
        List<InspectContainerResponse.Mount> mounts = seen.getMounts();
        if (mounts != null) {
            for (InspectContainerResponse.Mount mount : mounts) {
                // Of a tmpfs the source is empty; of a cluster's or plugin's volume it need not be a path.
                add(
                        prefixes,
                        mount.getDestination() == null
                                ? null
                                : mount.getDestination().getPath(),
                        mount.getSource());
            }
        }
        HostConfig config = seen.getHostConfig();
        Map<String, String> tmpfs = config == null ? null : config.getTmpFs();
        if (tmpfs != null) {
            tmpfs.keySet().forEach(inside -> add(prefixes, inside, null)); // --tmpfs is not among the mounts
        }
        return HostPaths.inContainer(prefixes);
    }

    private static void add(List<Prefix> prefixes, @Nullable String inside, @Nullable String source) {
        if (inside != null && inside.startsWith("/")) {
            Optional<Path> host =
                    Optional.ofNullable(source).filter(s -> s.startsWith("/")).map(Path::of);
            prefixes.add(new Prefix(Path.of(inside), host));
        }
    }
}
