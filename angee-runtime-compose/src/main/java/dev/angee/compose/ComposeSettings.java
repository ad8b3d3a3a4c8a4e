package dev.angee.compose;

import dev.angee.InvalidInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the container runtime of this machine is reached. A plain value.
 *
 * @param program the {@code docker} program: a name on the path, or an absolute path. If it is plain {@code docker}, its
 *     compose plugin is called by itself where it is found in one of the folders that the program would look in
 * @param dockerHost where the engine listens, for example {@code unix:///var/run/docker.sock}
 * @param environment all that the {@code docker} program sees of the environment, besides {@code DOCKER_HOST}
 * @param labels labels that every container gets, so that its owner can find it; none of Docker Compose's or of this
 *     library's
 * @param engineTimeout how long the engine may take for one answer
 * @param networks where networks get their addresses
 */
public record ComposeSettings(
        String program,
        String dockerHost,
        Map<String, String> environment,
        Map<String, String> labels,
        Duration engineTimeout,
        NetworkPool networks) {

    /** Where this is the program, its compose plugin may be called by itself. */
    static final String USUAL_PROGRAM = "docker";

    private static final String DEFAULT_HOST = "unix:///var/run/docker.sock";
    private static final String UNIX = "unix://";
    private static final List<String> PASSED_ON = List.of("PATH", "HOME", "DOCKER_CONFIG", "XDG_RUNTIME_DIR", "TMPDIR");

    /**
     * Copies the maps, in name order.
     *
     * @throws InvalidInputException if a label is Docker Compose's own ({@code com.docker.compose.}) or this library's
     *     ({@code dev.angee.}, but for {@code dev.angee.test}), or can be none
     */
    public ComposeSettings {
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
        labels.keySet().forEach(Isolation::requireLabelForAll);
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /**
     * The settings that an environment asks for: {@code DOCKER_HOST}, or the usual socket. Of the rest, the
     * {@code docker} program sees only what it needs to find itself and its plugins: a variable such as
     * {@code COMPOSE_PROFILES} would change what it does.
     */
    public static ComposeSettings of(Map<String, String> environment) {
        Map<String, String> passed = new TreeMap<>();
        for (String name : PASSED_ON) {
            String value = environment.get(name);
            if (value != null) {
                passed.put(name, value);
            }
        }
        String host = environment.getOrDefault("DOCKER_HOST", "");
        return new ComposeSettings(
                USUAL_PROGRAM,
                host.isBlank() ? DEFAULT_HOST : host,
                passed,
                Map.of(),
                Duration.ofSeconds(15),
                NetworkPool.standard());
    }

    /** The socket of this host where the engine listens; empty if it listens elsewhere. */
    Optional<Path> socket() {
        return dockerHost.startsWith(UNIX) && dockerHost.startsWith("/", UNIX.length())
                ? Optional.of(Path.of(dockerHost.substring(UNIX.length())))
                : Optional.empty();
    }

    /** The same, with another {@code docker} program. */
    public ComposeSettings program(String path) {
        return new ComposeSettings(path, dockerHost, environment, labels, engineTimeout, networks);
    }

    /** The same, with an engine that listens elsewhere. */
    public ComposeSettings dockerHost(String host) {
        return new ComposeSettings(program, host, environment, labels, engineTimeout, networks);
    }

    /**
     * The same, with other labels on every container.
     *
     * @throws InvalidInputException if one is Docker Compose's own or this library's, or can be none
     */
    public ComposeSettings labels(Map<String, String> every) {
        return new ComposeSettings(program, dockerHost, environment, every, engineTimeout, networks);
    }

    /** The same, with another limit for one answer of the engine. */
    public ComposeSettings engineTimeout(Duration limit) {
        return new ComposeSettings(program, dockerHost, environment, labels, limit, networks);
    }

    /** The same, with another source of addresses for networks. */
    public ComposeSettings networks(NetworkPool pool) {
        return new ComposeSettings(program, dockerHost, environment, labels, engineTimeout, pool);
    }
}
