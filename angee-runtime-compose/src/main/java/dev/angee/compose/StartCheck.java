package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.Health;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.WorkloadState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Makes sure that a container's command could be executed. The container's first process is a small init, so for the
 * engine a container has started even if there is no such command; only then the init finds out, says so, and ends.
 */
final class StartCheck {
    private static final String INIT = "docker-init"; // also "docker-init <defunct>"
    private static final String NOT_EVEN_INIT = "runc:"; // the runtime, about to become the init
    private static final String INIT_GIVES_UP = "[FATAL tini";
    private static final int MAY_NOT_BE_EXECUTED = 126;
    private static final int NOT_FOUND = 127;
    private static final int TAIL = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(15);

    private final Engine engine;

    StartCheck(Engine engine) {
        this.engine = engine;
    }

    /** @throws AngeeException {@code FAILED} if the command of one of them could not be executed; says which, and why */
    void verify(List<ProjectContainer> started) throws InterruptedException {
        List<Optional<String>> problems = engine.sideBySide().ask(started, this::problem);
        Optional<String> first = problems.stream().flatMap(Optional::stream).findFirst();
        if (first.isPresent()) {
            throw new AngeeException(ErrorCode.FAILED, first.get());
        }
    }

    private Optional<String> problem(ProjectContainer started) throws InterruptedException {
        Deadline patience = Deadline.after(PATIENCE);
        Optional<ProjectContainer> now = Optional.of(started);
        Looks looks = new Looks();
        while (now.isPresent() && isUndecided(now.get(), looks) && !patience.hasPassed()) {
            Thread.sleep(PAUSE.toMillis());
            now = engine.container(started.id());
        }
        if (now.isEmpty() || !mayNotHaveExecuted(now.get())) {
            return Optional.empty();
        }
        return complaint(now.get())
                .map(why -> "service '" + started.service() + "': its command could not be executed: " + why
                        + " (look at its command and at what its image holds)");
    }

    /** Whether only the init runs yet. */
    private boolean isUndecided(ProjectContainer container, Looks looks) throws InterruptedException {
        return container.state() == WorkloadState.RUNNING
                && container.health() != Health.HEALTHY
                && looks.isUndecided(programs(container));
    }

    private List<String> programs(ProjectContainer container) throws InterruptedException {
        Optional<List<String>> seen = HostProcesses.programs(container);
        return seen.isPresent() ? seen.get() : engine.programs(container.id());
    }

    /** What was seen of one container's programs, look by look. */
    static final class Looks {
        private boolean wasEmpty;

        /** Whether these are no more than the init. None at all, as of a container that just ends, is believed twice. */
        boolean isUndecided(List<String> programs) {
            boolean isEmpty = programs.isEmpty();
            boolean isBelieved = isEmpty && wasEmpty;
            wasEmpty = isEmpty;
            return !isBelieved && programs.stream().allMatch(p -> p.startsWith(INIT) || p.startsWith(NOT_EVEN_INIT));
        }
    }

    private static boolean mayNotHaveExecuted(ProjectContainer container) {
        return (container.state() == WorkloadState.EXITED || container.state() == WorkloadState.RESTARTING)
                && (container.exitCode() == NOT_FOUND || container.exitCode() == MAY_NOT_BE_EXECUTED);
    }

    /** Empty if it was the command itself that ended with this code, as a shell does. */
    private Optional<String> complaint(ProjectContainer container) throws InterruptedException {
        LogRange range = LogRange.last(TAIL); // of any run: the engine's start time may be later than these lines
        Deadline patience = Deadline.after(PATIENCE);
        try (ContainerOutput output = ContainerOutput.open(engine, container, range)) {
            for (Optional<LogLine> line = output.next(patience); line.isPresent(); line = output.next(patience)) {
                String text = line.get().text();
                if (text.startsWith(INIT_GIVES_UP)) {
                    return Optional.of(text.substring(text.indexOf(']') + 1).strip());
                }
            }
        }
        return Optional.empty();
    }
}
