package dev.angee.compose;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * One call of {@code docker compose}, word for word.
 *
 * <p>Each is given an empty env file: Compose otherwise reads {@code .env} in the project directory, where a stack
 * keeps its secrets, and obeys what it finds there, {@code COMPOSE_PROFILES} for one (seen with 2.26).
 *
 * @param words everything after {@code docker}
 * @param input what the program reads from its standard input
 * @param secrets what the file it reads refers to
 */
record ComposeCommand(List<String> words, String input, SecretVariables secrets) {
    /** The first word of what Docker's compose plugin does. */
    static final String COMPOSE = "compose";

    private static final List<String> UP = List.of("up", "-d", "--no-build", "--quiet-pull");

    ComposeCommand {
        words = List.copyOf(words);
    }

    /** A call that needs no secret. */
    ComposeCommand(List<String> words, String input) {
        this(words, input, SecretVariables.none());
    }

    /** Makes the services and what they depend on run, as the file says, from images that are there. */
    static ComposeCommand up(ComposeProject project, Collection<String> services) {
        return onFile(project, project.file().toString(), "", UP, services);
    }

    /** The same, with new containers for these services. */
    static ComposeCommand upAnew(ComposeProject project, Collection<String> services) {
        if (services.isEmpty()) {
            throw new IllegalArgumentException("no services: Compose would take all of them");
        }
        List<String> verb = new ArrayList<>(UP);
        verb.add("--force-recreate");
        return onFile(project, project.file().toString(), "", verb, services);
    }

    /** Fetches the images of some services of the given file. */
    static ComposeCommand pull(ComposeProject project, String file, Collection<String> services) {
        return onFile(project, "-", file, List.of("pull", "--quiet"), services);
    }

    /** Builds the images of some services of the given file. */
    static ComposeCommand build(ComposeProject project, String file, Collection<String> services) {
        return onFile(project, "-", file, List.of("build"), services);
    }

    /** Starts one container for a job, as the given file says and from an image that is there, and leaves it running. */
    static ComposeCommand run(ComposeProject project, String file, String job, String container) {
        List<String> verb = List.of("run", "-d", "--no-deps", "-T", "--interactive=false", "--quiet-pull");
        return onFile(project, "-", file, verb, List.of("--name", container, job));
    }

    /** The same call, by a program that knows these. */
    ComposeCommand knowing(SecretVariables variables) {
        return new ComposeCommand(words, input, variables);
    }

    /** Starts containers that are there, each after what it depends on. */
    static ComposeCommand start(ComposeProject project, Collection<String> services) {
        return onLabels(project, List.of("start"), services);
    }

    /** Ends containers and keeps them, dependents first, each within the time that was set when it was made. */
    static ComposeCommand stop(ComposeProject project, Collection<String> services) {
        return onLabels(project, List.of("stop"), services);
    }

    /** Ends containers and keeps them, dependents first. */
    static ComposeCommand stop(ComposeProject project, Duration grace, Collection<String> services) {
        return onLabels(project, List.of("stop", "-t", seconds(grace)), services);
    }

    /** Ends and removes the containers of some services, with their nameless volumes. */
    static ComposeCommand remove(ComposeProject project, Collection<String> services) {
        return onLabels(project, List.of("rm", "--stop", "--force", "-v"), services);
    }

    /** Ends and removes all containers and networks. */
    static ComposeCommand down(ComposeProject project, Duration grace) {
        return onLabels(project, List.of("down", "--remove-orphans", "-t", seconds(grace)), List.of());
    }

    /** Says which version this is. */
    static ComposeCommand version() {
        return new ComposeCommand(List.of(COMPOSE, "version", "--short"), "");
    }

    /** Asks the program of its own that version 1 was; not a call of {@code docker}. */
    static ComposeCommand oldVersion() {
        return new ComposeCommand(List.of("version", "--short"), "");
    }

    private static ComposeCommand onFile(
            ComposeProject project, String file, String input, List<String> verb, Collection<String> rest) {
        List<String> words = new ArrayList<>(List.of(COMPOSE, "--env-file", "/dev/null"));
        words.addAll(List.of("--project-directory", project.root().toString()));
        words.addAll(List.of("-p", project.name().value(), "-f", file));
        words.addAll(verb);
        words.addAll(rest);
        return new ComposeCommand(words, input);
    }

    /** Without a file, Compose works from the labels of the containers that are there. */
    private static ComposeCommand onLabels(ComposeProject project, List<String> verb, Collection<String> rest) {
        List<String> words = new ArrayList<>(List.of(COMPOSE, "--env-file", "/dev/null"));
        words.addAll(List.of("-p", project.name().value()));
        words.addAll(verb);
        words.addAll(rest);
        return new ComposeCommand(words, "");
    }

    private static String seconds(Duration time) {
        return String.valueOf(time.plusNanos(999_999_999).toSeconds());
    }
}
