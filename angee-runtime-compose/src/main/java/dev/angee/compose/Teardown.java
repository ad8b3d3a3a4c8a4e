package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes all that a project has on the engine. The caller holds the project's lock.
 *
 * <p>Services are ended first and their logs kept, which thus have their last words. What has ended is removed with its
 * nameless volumes; Compose then removes what it can; its exit code proves nothing (0 also when a network stays behind, 2.26). So what is left is removed piece by piece, and
 * what still is there is the failure.
 */
final class Teardown {
    private interface Step {
        void run() throws InterruptedException;
    }

    /** Said of a network also if nobody is on it: of a container whose start was broken off, the engine 20.10 may keep this. */
    private static final String MISCOUNTED = "has active endpoints";

    private static final String WAY_OUT =
            " (take off the network who is on it, as 'docker network inspect' tells; if nobody"
                    + " is, the engine has miscounted: start it anew)";

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
        int left = all.isEmpty() && engine.networks().isEmpty() ? 0 : remove(all, grace, deadline);
        Optional<AngeeException> unretired = retire();
        if (left > 0) {
            unretired.ifPresent(troubles::add);
            throw failure(left);
        }
        if (unretired.isPresent()) {
            throw unretired.get();
        }
    }

    /** How much is left. */
    private int remove(List<ProjectContainer> all, Duration grace, Deadline deadline) throws InterruptedException {
        try {
            List<ProjectContainer> running =
                    all.stream().filter(c -> !c.oneOff() && c.isActive()).toList();
            attempt(() -> new Halt(project, grace, command -> act(command, deadline)).apply(running));
            if (!all.isEmpty()) {
                new TeardownLog(project, engine).write();
            }
            removeEnded();
            attempt(() -> act(ComposeCommand.down(project, grace), deadline));
            for (ProjectContainer each : engine.containers()) {
                attempt(() -> engine.remove(each.id()));
            }
            for (String each : engine.networks()) {
                attempt(() -> engine.removeNetwork(each));
            }
            return engine.containers().size() + engine.networks().size();
        } catch (AngeeException e) {
            troubles.forEach(e::addSuppressed); // the engine has gone meanwhile; what failed before may say why
            throw e;
        }
    }

    /**
     * With their nameless volumes, which Compose would leave behind, unless it were told to remove the named ones too. What
     * has not ended is Compose's to end in order.
     */
    private void removeEnded() throws InterruptedException {
        List<ProjectContainer> ended =
                engine.containers().stream().filter(c -> !c.isActive()).toList();
        List<Optional<AngeeException>> failures = engine.sideBySide().ask(ended, each -> {
            try {
                engine.remove(each.id());
                return Optional.empty();
            } catch (AngeeException e) {
                return Optional.of(e);
            }
        });
        failures.forEach(failure -> failure.ifPresent(troubles::add));
    }

    private Optional<AngeeException> retire() {
        try {
            new ArtifactFile(project).retire();
            return Optional.empty();
        } catch (AngeeException e) {
            return Optional.of(e);
        }
    }

    private void act(ComposeCommand command, Deadline deadline) throws InterruptedException {
        CliResult result = cli.run(command, deadline);
        if (result.wasKilled()) {
            throw new AngeeException(
                    ErrorCode.FAILED,
                    "docker compose was killed: it had not ended after " + Deadline.spell(deadline.limit()));
        }
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
                        + String.join("; ", messages)
                        + (messages.stream().anyMatch(m -> m.contains(MISCOUNTED)) ? WAY_OUT : ""));
        troubles.forEach(failure::addSuppressed);
        return failure;
    }
}
