package dev.angee.compose;

import com.github.dockerjava.api.exception.DockerException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Containers that Compose would start as they are, while the engine cannot start them as they are (seen with Compose 2.26 on
 * the engine 20.10). The caller holds the project's lock.
 */
final class StuckContainers {
    /**
     * What is said of one that an engine half started before it was killed; of one whose network was removed, even if
     * there is another of that name; of one that was asked for by a program which is dead, and which the engine has made, or
     * removed, only now.
     */
    private static final Pattern STUCK = Pattern.compile("task \\S+:? already exists"
            + "|id already in use"
            + "|failed to start shim: mkdir \\S+: file exists"
            + "|network \\S+ not found"
            + "|The container name \\S+ is already in use"
            + "|No such container"
            + "|is marked for removal"
            + "|removal of container \\S+ is already in progress");

    private StuckContainers() {}

    /** Whether a call has failed for such a one. To make those anew that do not run may help. */
    static boolean areToldOf(CliResult result) {
        return !result.succeeded()
                && !result.wasKilled()
                && STUCK.matcher(result.stderr()).find();
    }

    /** Lets those go on that somebody has paused: Compose starts them, which the engine refuses. */
    static void unpause(Engine engine, Services seen, Collection<String> services) throws InterruptedException {
        List<ProjectContainer> paused = seen.all().stream()
                .filter(c -> c.isPaused() && services.contains(c.service()))
                .toList();
        for (ProjectContainer each : paused) {
            engine.ask("to let a container go on", client -> {
                try {
                    client.unpauseContainerCmd(each.id()).exec();
                    return true;
                } catch (DockerException e) {
                    if (Engine.inspect(client, each.id())
                            .filter(ProjectContainer::isPaused)
                            .isPresent()) {
                        throw e;
                    }
                    return false; // it has ended, gone or gone on, which Compose can deal with
                }
            });
        }
    }
}
