package dev.angee.runtime;

import dev.angee.AngeeException;
import dev.angee.RuntimeKind;
import dev.angee.mount.HostPaths;
import dev.angee.plan.ProjectName;
import dev.angee.port.PortProbe;
import java.nio.file.Path;

/** Opens backends of one kind; found with {@link java.util.ServiceLoader}, or passed to the builder by hand. */
public interface BackendProvider {
    /** The runtime its backends serve. */
    RuntimeKind runtime();

    /**
     * Opens a backend for one stack. Cheap, and changes nothing: a missing engine shows in {@link Backend#describe()}.
     *
     * @param project the name that isolates the stack
     * @param root the absolute root of the stack; the backend keeps its own state under {@code run/}
     */
    Backend open(ProjectName project, Path root);

    /**
     * The same, for a caller who can find values of secrets later on too: a backend that starts a service again by itself,
     * perhaps one that another JVM has brought up, needs them. One that never does has no use for it.
     *
     * @param secrets asked, from any thread, for the values that a service is started again with
     */
    default Backend open(ProjectName project, Path root, SecretSource secrets) {
        return open(project, root);
    }

    /**
     * Knows the ports that this runtime keeps for stacks, of ours or not, although nobody may listen on them now, for
     * example those of containers that have been stopped. Changes nothing. A runtime that cannot be reached keeps none.
     */
    default PortProbe portProbe() {
        return PortProbe.noObjection();
    }

    /**
     * How paths of this process are called where its backends run. The same, unless this process runs in a container and
     * the backend outside.
     *
     * @throws AngeeException {@code UNAVAILABLE} if this process runs in a container and the engine cannot be asked
     */
    default HostPaths hostPaths() throws InterruptedException {
        return HostPaths.identity();
    }
}
