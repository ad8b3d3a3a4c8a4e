package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.PortTakenException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Compose says when it fails. Its progress comes as lines such as {@code " Container p-web-1  Starting"}, then the
 * error in lines of their own; both on standard error. Only a build tells of its steps on standard output, as {@code
 * #5 [web 2/3] RUN make} and {@code #5 ERROR: …} (2.26). No value of a secret that Compose was given is quoted.
 */
final class CliFailure {
    private static final Pattern PROGRESS = Pattern.compile("^ (?:Container )?(\\S+) +(\\S+).*$");
    private static final Pattern WARNING = Pattern.compile("^time=\\S+ level=(?:warning|info|debug) .*$");
    private static final Pattern QUOTED = Pattern.compile("service \"([^\"]+)\"");
    private static final List<String> UNREACHABLE = List.of(
            "Cannot connect to the Docker daemon",
            "failed to connect to the docker API at",
            "error during connect",
            "permission denied while trying to connect");
    private static final List<String> NO_IMAGE = List.of(
            "dial tcp",
            "pull access denied",
            "manifest unknown",
            "No such image",
            "no such image",
            "TLS handshake",
            "not found: manifest");
    private static final Pattern STEP = Pattern.compile("^#(\\d+) \\[(\\S+) .*$");
    private static final Pattern FAILED_STEP = Pattern.compile("^#(\\d+) ERROR: .*$");
    private static final String BUILD_FAILED = "failed to solve";
    /** Of engines as old as 20.10, and as new as 28, which also name the container's side, or do not. */
    private static final List<Pattern> TAKEN = List.of(
            Pattern.compile(
                    "(?:Bind for|listen tcp[46]?|listen udp[46]?) \\S*:(\\d{1,5})(?: failed: port is already allocated|: bind: address already in use)"),
            Pattern.compile("failed to bind host port (?:for )?(?:\\[[^\\]\\s]*\\]|[^\\s:]*|::):(\\d{1,5})"
                    + "(?::[^\\s/]+)?(?:/\\w+)?: (?:bind: )?address already in use"));

    private static final String NO_ROOM = "no space left on device";
    private static final int LAST_LINES = 3;
    private static final int FIRST_OF_SIGNALS = 128;
    private static final String CANCELED = "canceled";
    private static final String ENDED =
            " before it was done (somebody has ended it: make the same call again, which goes on from there)";

    private final SecretVariables secrets;
    private final CliResult result;
    private final Pattern container;
    private final List<String> errors = new ArrayList<>();
    private final Map<String, String> progress = new LinkedHashMap<>();

    private CliFailure(ComposeProject project, ComposeCommand command, CliResult result) {
        this.secrets = command.secrets();
        this.result = result;
        this.container =
                Pattern.compile("(?<![\\w.-])" + Pattern.quote(project.name().value()) + "-([\\w.-]+)-\\d+(?![\\w-])");
        for (String line : result.stderr().lines().toList()) {
            Matcher step = PROGRESS.matcher(line);
            if (step.matches()) {
                progress.put(step.group(1), step.group(2));
            } else if (!line.isBlank() && !WARNING.matcher(line).matches()) {
                errors.add(line.strip());
            }
        }
    }

    /** The exception for a call that did not succeed; names the service it is about, if that can be told. */
    static AngeeException of(ComposeProject project, ComposeCommand command, CliResult result) {
        return of(project, command, result, service -> "");
    }

    /**
     * The same.
     *
     * @param consequence what else to say if it is about this service
     */
    static AngeeException of(
            ComposeProject project, ComposeCommand command, CliResult result, UnaryOperator<String> consequence) {
        CliFailure failure = new CliFailure(project, command, result);
        Optional<String> service = failure.service();
        return failure.exception(
                service.map(s -> "service '" + s + "'").orElse("stack " + project.name()),
                service.map(consequence).orElse(""));
    }

    /** The exception for a job that could not be started. */
    static AngeeException ofJob(ComposeProject project, String job, ComposeCommand command, CliResult result) {
        return new CliFailure(project, command, result).exception("job '" + job + "'", "");
    }

    private AngeeException exception(String subject, String consequence) {
        String said = message();
        String message = secrets.hide(said); // what it is, is told from what was said: a value may be any word of that
        if (UNREACHABLE.stream().anyMatch(said::contains)) {
            return new AngeeException(
                    ErrorCode.UNAVAILABLE, message + " (start the engine, or set DOCKER_HOST to where it listens)");
        }
        String exit = "docker compose ended with exit code " + result.exitCode().orElse(-1);
        String problem = wasEnded(said) ? exit + ENDED : message.isEmpty() ? exit : message + wayOut(said);
        String whole = subject + ": " + problem + consequence;
        return TAKEN.stream()
                .map(pattern -> pattern.matcher(said))
                .filter(Matcher::find)
                .findFirst()
                .<AngeeException>map(taken -> new PortTakenException(Integer.parseInt(taken.group(1)), whole))
                .orElseGet(() -> new AngeeException(ErrorCode.FAILED, whole));
    }

    /** By a signal: its own program tells that by its exit code, a plugin that catches it by a word, one that cannot by 255. */
    private boolean wasEnded(String said) {
        return said.equals(CANCELED) || (said.isEmpty() && result.exitCode().orElse(0) >= FIRST_OF_SIGNALS);
    }

    private String message() {
        String last = String.join("; ", errors.subList(Math.max(0, errors.size() - LAST_LINES), errors.size()));
        String built = last.contains(BUILD_FAILED) ? String.join("; ", lastOfBuild()) : "";
        return last + (built.isEmpty() ? "" : " (the build's last lines: " + built + ")");
    }

    private static String wayOut(String message) {
        if (message.contains(NO_ROOM)) {
            return " (the engine's disk is full: make room, 'docker system df' says what takes it)";
        }
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
        return failedBuild()
                .or(() -> stuckIn("Error"))
                .or(() -> stuckIn("Starting"))
                .or(() -> stuckIn("Creating"))
                .or(() -> stuckIn("Recreate"));
    }

    /** Who was built by the step that failed; or else by the step begun last. */
    private Optional<String> failedBuild() {
        if (errors.stream().noneMatch(error -> error.contains(BUILD_FAILED))) {
            return Optional.empty();
        }
        Map<String, String> steps = new LinkedHashMap<>();
        Optional<String> last = Optional.empty();
        for (String line : result.stdout().lines().toList()) {
            Matcher step = STEP.matcher(line);
            Matcher failed = FAILED_STEP.matcher(line);
            if (step.matches()) {
                steps.putIfAbsent(step.group(1), step.group(2));
                last = Optional.of(step.group(2));
            } else if (failed.matches() && steps.containsKey(failed.group(1))) {
                return Optional.of(String.valueOf(steps.get(failed.group(1))));
            }
        }
        return last;
    }

    /** It repeats the output of the step that failed between two rulers. */
    private List<String> lastOfBuild() {
        List<String> lines = result.stdout().lines().toList();
        int end = lines.lastIndexOf("------");
        int from = end < 0 ? -1 : lines.subList(0, end).lastIndexOf("------");
        return from < 0 ? List.of() : lines.subList(Math.max(from + 2, end - LAST_LINES), end);
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
