package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Compose says when it fails. Its progress comes as lines such as {@code " Container p-web-1  Starting"}, then the
 * error in lines of their own; both on standard error (2.26).
 */
final class CliFailure {
    private static final Pattern PROGRESS = Pattern.compile("^ (?:Container )?(\\S+) +(\\S+).*$");
    private static final Pattern WARNING = Pattern.compile("^time=\\S+ level=(?:warning|info|debug) .*$");
    private static final Pattern QUOTED = Pattern.compile("service \"([^\"]+)\"");
    private static final List<String> UNREACHABLE = List.of(
            "Cannot connect to the Docker daemon", "error during connect", "permission denied while trying to connect");
    private static final List<String> NO_IMAGE = List.of(
            "dial tcp",
            "pull access denied",
            "manifest unknown",
            "No such image",
            "no such image",
            "TLS handshake",
            "not found: manifest");
    private static final int LAST_LINES = 3;

    private final Pattern container;
    private final List<String> errors = new ArrayList<>();
    private final Map<String, String> progress = new LinkedHashMap<>();

    private CliFailure(ComposeProject project, String stderr) {
        this.container = Pattern.compile("\\b" + Pattern.quote(project.name().value()) + "-(\\S+?)-\\d+\\b");
        for (String line : stderr.lines().toList()) {
            Matcher step = PROGRESS.matcher(line);
            if (step.matches()) {
                progress.put(step.group(1), step.group(2));
            } else if (!line.isBlank() && !WARNING.matcher(line).matches()) {
                errors.add(line.strip());
            }
        }
    }

    /** The exception for a call that did not succeed; names the service it is about, if that can be told. */
    static AngeeException of(ComposeProject project, CliResult result) {
        CliFailure failure = new CliFailure(project, result.stderr());
        return failure.exception(
                failure.service().map(s -> "service '" + s + "'").orElse("stack " + project.name()), result);
    }

    /** The exception for a job that could not be started. */
    static AngeeException ofJob(ComposeProject project, String job, CliResult result) {
        return new CliFailure(project, result.stderr()).exception("job '" + job + "'", result);
    }

    private AngeeException exception(String subject, CliResult result) {
        String message = message();
        if (UNREACHABLE.stream().anyMatch(message::contains)) {
            return new AngeeException(
                    ErrorCode.UNAVAILABLE, message + " (start the engine, or set DOCKER_HOST to where it listens)");
        }
        String exit = "docker compose ended with exit code " + result.exitCode().orElse(-1);
        return new AngeeException(
                ErrorCode.FAILED, subject + ": " + (message.isEmpty() ? exit : message) + wayOut(message));
    }

    private String message() {
        return String.join("; ", errors.subList(Math.max(0, errors.size() - LAST_LINES), errors.size()));
    }

    private static String wayOut(String message) {
        return NO_IMAGE.stream().anyMatch(message::contains)
                ? " (its image is not on this machine and cannot be pulled: build it, load it, or mend its name)"
                : "";
    }

    /** Who it is about: named by the error; or else the one that ended in an error, or was last at work. */
    private Optional<String> service() {
        for (String error : errors) {
            Matcher named = container.matcher(error);
            if (named.find()) {
                return Optional.of(named.group(1));
            }
            Matcher quoted = QUOTED.matcher(error);
            if (quoted.find()) {
                return Optional.of(quoted.group(1));
            }
        }
        return stuckIn("Error")
                .or(() -> stuckIn("Starting"))
                .or(() -> stuckIn("Creating"))
                .or(() -> stuckIn("Recreate"));
    }

    private Optional<String> stuckIn(String state) {
        return progress.entrySet().stream()
                .filter(e -> e.getValue().equals(state))
                .map(e -> serviceOf(e.getKey()))
                .findFirst();
    }

    private String serviceOf(String name) {
        Matcher matcher = container.matcher(name);
        return matcher.matches() ? matcher.group(1) : name;
    }
}
