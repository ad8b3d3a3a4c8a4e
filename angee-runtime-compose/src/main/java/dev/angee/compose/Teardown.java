package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes all that a project has on the engine. The caller holds the project's lock.
 *
 * <p>Compose removes what it can, in the right order; its exit code proves nothing (0 also when a network stays
 * behind, 2.26). So what is left is then removed piece by piece, and what still is there is the failure.
 */
final class Teardown {
    private interface Step {
        void run() throws InterruptedException;
    }

    private final ComposeProject project;
    private final Engine engine;
    private final DockerCli cli;
    private final List<AngeeException> troubles = new ArrayList<>();

    Teardown(ComposeProject project, Engine engine, DockerCli cli) {
        this.project = project;
        this.engine = engine;
        this.cli = cli;
    }

    void apply(Duration grace, Deadline deadline) throws InterruptedException {
        List<ProjectContainer> all = engine.containers();
        if (!all.isEmpty() || !engine.networks().isEmpty()) {
            List<ProjectContainer> running =
                    all.stream().filter(c -> !c.oneOff() && c.isActive()).toList();
            if (running.stream().anyMatch(c -> c.grace().isPresent())) {
                // First, because 'down' knows one time for all.
                attempt(() -> new Halt(project, grace, command -> act(command, deadline)).apply(running));
            }
            attempt(() -> act(ComposeCommand.down(project, grace), deadline));
            for (ProjectContainer each : engine.containers()) {
                attempt(() -> engine.remove(each.id()));
            }
            for (String each : engine.networks()) {
                attempt(() -> engine.removeNetwork(each));
            }
        }
        int left = engine.containers().size() + engine.networks().size();
        new ArtifactFile(project).remove();
        if (left > 0) {
            throw failure(left);
        }
    }

    private void act(ComposeCommand command, Deadline deadline) throws InterruptedException {
        CliResult result = cli.run(command, deadline);
        if (!result.succeeded()) {
            throw CliFailure.of(project, command, result);
        }
    }

    private void attempt(Step step) throws InterruptedException {
        try {
            step.run();
        } catch (AngeeException e) {
            troubles.add(e);
        }
    }

    private AngeeException failure(int left) {
        List<String> messages = troubles.stream().map(Throwable::getMessage).toList();
        AngeeException failure = new AngeeException(
                ErrorCode.FAILED,
                "stack " + project.name() + ": " + left + " of its containers and networks could not be removed: "
                        + String.join("; ", messages));
        troubles.forEach(failure::addSuppressed);
        return failure;
    }
}
