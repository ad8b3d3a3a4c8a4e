package dev.angee.compose;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Why an engine cannot be reached, and what to do about it. Told from what stands at its address, not from the words of
 * the failure: these are the system's, in the user's language.
 *
 * @param host where it is said to listen
 */
record Unreachable(String host) {
    /** What stands where an engine's socket should be. */
    enum Socket {
        MISSING,
        FORBIDDEN,
        NO_SOCKET,
        THERE;

        static Socket at(Path path) {
            if (Files.notExists(path)) {
                return MISSING;
            }
            if (Files.isRegularFile(path) || Files.isDirectory(path)) {
                return NO_SOCKET;
            }
            return Files.exists(path) && Files.isWritable(path) ? THERE : FORBIDDEN;
        }
    }

    private static final String UNIX = "unix://";
    private static final List<String> NETWORK = List.of("tcp://", "http://");
    private static final String ELSEWHERE = ", or set DOCKER_HOST to where it listens";

    /** The sentence for a failure to connect or to get an answer. */
    String sentence(@Nullable Throwable cause) {
        Optional<Path> socket = socket();
        if (socket.isPresent()) {
            return sentence(socket.get(), Socket.at(socket.get()), cause);
        }
        if (isOfANetwork()) {
            return plain(cause) + ": start it, see that it listens there and that no firewall is between" + ELSEWHERE;
        }
        return "the address of the Docker engine is not understood (DOCKER_HOST is '" + host
                + "'): write unix:///path/of/the/socket or tcp://host:port; what speaks ssh or TLS only is reached"
                + " through a tunnel that ends in a socket of this host";
    }

    /** Whether a failure is one of the way to the engine and back, and not of what was said there. */
    static boolean isOnTheWay(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof IOException || each instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Whether an engine can be looked for there at all. */
    boolean isUnderstood() {
        return socket().isPresent() || isOfANetwork();
    }

    /** What to do about a refusal, if it means that this is no address for us. */
    static String hint(Throwable refusal) {
        return String.valueOf(refusal.getMessage()).contains("HTTPS server")
                ? " (it wants TLS, which is not spoken here: reach it through a tunnel that ends in a socket of this host)"
                : "";
    }

    /** The sentence for what stands at the path of a socket. */
    String sentence(Path path, Socket found, @Nullable Throwable cause) {
        return switch (found) {
            case MISSING ->
                "the Docker engine does not listen at " + host + ": there is no such socket; start it"
                        + " (systemctl start docker)" + ELSEWHERE;
            case FORBIDDEN ->
                "the socket of the Docker engine, " + path + ", may not be used by this user: run as root,"
                        + " or add the user to the socket's group (sudo usermod -aG docker \"$USER\", then log in anew);"
                        + " whoever may use it commands this host";
            case NO_SOCKET ->
                "the Docker engine does not listen at " + host + ": what is there is no socket; remove it"
                        + " and start the engine" + ELSEWHERE;
            case THERE -> plain(cause) + ": start it (systemctl start docker)" + ELSEWHERE;
        };
    }

    private String plain(@Nullable Throwable cause) {
        return "the Docker engine at " + host + " does not answer (" + root(cause) + ")";
    }

    private Optional<Path> socket() {
        try {
            return host.startsWith(UNIX + "/") ? Optional.of(Path.of(host.substring(UNIX.length()))) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private boolean isOfANetwork() {
        return NETWORK.stream().anyMatch(host::startsWith) && hasPort();
    }

    private boolean hasPort() {
        try {
            URI address = URI.create(host);
            return address.getHost() != null && address.getPort() > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String root(@Nullable Throwable failure) {
        Throwable root = failure;
        for (Throwable next = failure; next != null; next = next.getCause()) {
            root = next;
        }
        return String.valueOf(root);
    }
}
