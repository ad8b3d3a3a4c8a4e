package dev.angee.source;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.secret.SecretValue;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a remote is shown by one call. Used for that call only: nothing of it is written to a configuration, a command line,
 * a log or an error.
 */
public sealed interface Credentials {

    /** Shows nothing. A remote that asks for something refuses; nobody is asked. */
    static Credentials none() {
        return new None();
    }

    /** A token for {@code https}, under the user name that most servers want with it. */
    static Credentials token(SecretValue token) {
        return new Password("x-access-token", token);
    }

    /**
     * These, for one remote only. A call that takes its remote from a cache, such as a push, needs this: whoever can write the
     * cache can name another remote there.
     *
     * @param remote the only one that is shown them
     */
    default Credentials onlyFor(GitUrl remote) {
        return new Bound(remote, this);
    }

    /**
     * What a remote is shown.
     *
     * @throws ConflictException if these are for another remote
     */
    default Credentials at(GitUrl remote) {
        return this;
    }

    /**
     * Credentials for one remote.
     *
     * @param remote the remote
     * @param shown what it is shown
     */
    record Bound(GitUrl remote, Credentials shown) implements Credentials {
        @Override
        public Credentials at(GitUrl asking) {
            if (!asking.equals(remote)) {
                throw new ConflictException(
                        "remote",
                        asking.value(),
                        "is what the cache names, and the credentials are for " + remote
                                + "; see who has changed the cache's configuration");
            }
            return shown.at(asking);
        }
    }

    /** No credentials. */
    record None() implements Credentials {}

    /**
     * A user's name with a password or a token, for {@code http} and {@code https}.
     *
     * @param user the name
     * @param password the password or token; one line
     */
    record Password(String user, SecretValue password) implements Credentials {
        /** Refuses what HTTP cannot carry. */
        public Password {
            if (user.isEmpty() || user.contains(":") || user.chars().anyMatch(Character::isISOControl)) {
                throw new InvalidInputException("user", "is not empty, and holds no ':' and no line break");
            }
            if (password.reveal().chars().anyMatch(Character::isISOControl)) {
                throw new InvalidInputException("password", "a password or token is one line");
            }
        }
    }

    /**
     * A private key for {@code ssh}, without a pass phrase.
     *
     * @param key the key itself, as a key file holds it
     * @param knownHosts the file that names the hosts that are trusted, as OpenSSH writes it; a host that is not in there
     *     is not talked to
     */
    record SshKey(SecretValue key, Path knownHosts) implements Credentials {}

    /**
     * The keys of a running {@code ssh-agent}.
     *
     * @param socket where it listens; empty for what {@code SSH_AUTH_SOCK} names
     * @param knownHosts the file that names the hosts that are trusted
     */
    record SshAgent(Optional<Path> socket, Path knownHosts) implements Credentials {}
}
