package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which Compose is installed. An answer that will do is remembered, a problem is looked at again. Thread-safe. */
final class ComposeProgram {
    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\S*");
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration PATIENCE_WITH_OLD = Duration.ofSeconds(3);
    private static final int MAJOR = 2;

    /** The oldest of version 2 that this was tried with. */
    private static final int TRIED = 26;

    private static final String INSTALL = "install Docker's compose plugin of version 2 or later"
            + " (docker-compose-plugin, or docker-compose where that is version 2), so that 'docker compose version'"
            + " answers";

    private final ComposeSettings settings;
    private final ExecutorService workers;
    private final AtomicReference<String> known;

    ComposeProgram(ComposeSettings settings, ExecutorService workers) {
        this(settings, workers, new AtomicReference<>(""));
    }

    /** @param known a version that was found before, or an empty text; shared by all that have the same settings */
    ComposeProgram(ComposeSettings settings, ExecutorService workers, AtomicReference<String> known) {
        this.known = known;
        this.settings = settings;
        this.workers = workers;
    }

    /**
     * Its version, as it says it.
     *
     * @throws AngeeException {@code UNAVAILABLE} if it is not there, is too old, or does not answer
     */
    String version() throws InterruptedException {
        String found = String.valueOf(known.get());
        if (found.isEmpty()) {
            found = ask();
            known.set(found);
        }
        return found;
    }

    /** What is to be said of a version that will do. */
    static Optional<String> warning(String version) {
        Matcher numbers = VERSION.matcher(version);
        return numbers.matches() && number(numbers, 1) == MAJOR && number(numbers, 2) < TRIED
                ? Optional.of("docker compose " + version + " is older than " + MAJOR + "." + TRIED
                        + ", the oldest that was tried: update it if it misbehaves")
                : Optional.empty();
    }

    private String ask() throws InterruptedException {
        CliResult result = new DockerCli(settings, workers).run(ComposeCommand.version(), Deadline.after(PATIENCE));
        if (result.wasKilled()) {
            throw unavailable("'" + settings.program() + " compose version' did not end within "
                    + Deadline.spell(PATIENCE) + ": run it by hand, and see what it waits for");
        }
        Optional<String> version = usable(result.stdout().strip());
        if (result.succeeded() && version.isPresent()) {
            return version.get();
        }
        throw unavailable(older().map(ComposeProgram::refusal)
                .orElse("'docker compose' of version 2 or later is not installed: " + INSTALL));
    }

    /** The program of its own that version 1 was, and version 2 may be as well; empty if there is none. */
    private Optional<String> older() throws InterruptedException {
        String program =
                Path.of(settings.program()).resolveSibling("docker-compose").toString();
        try {
            CliResult result = new DockerCli(settings.program(program), workers)
                    .run(ComposeCommand.oldVersion(), Deadline.after(PATIENCE_WITH_OLD));
            return Optional.of(result.stdout().strip())
                    .filter(said -> VERSION.matcher(said).matches());
        } catch (AngeeException e) {
            return Optional.empty();
        }
    }

    private static String refusal(String version) {
        return usable(version).isPresent()
                ? "docker-compose " + version + " is installed, but the docker program does not know it as its plugin:"
                        + " link it to ~/.docker/cli-plugins/docker-compose, so that 'docker compose version' answers"
                : "docker-compose " + version + " is installed, which is version 1 and will not do: " + INSTALL;
    }

    private static Optional<String> usable(String version) {
        Matcher numbers = VERSION.matcher(version);
        return numbers.matches() && number(numbers, 1) >= MAJOR ? Optional.of(version) : Optional.empty();
    }

    private static int number(Matcher numbers, int group) {
        return Integer.parseInt(numbers.group(group));
    }

    private static AngeeException unavailable(String problem) {
        return new AngeeException(ErrorCode.UNAVAILABLE, problem);
    }
}
