package dev.angee.agent;

import dev.angee.InvalidInputException;
import dev.angee.secret.SecretName;
import java.nio.file.Path;

/** What one agent needs to be let in somewhere. No other agent's container holds it. */
public sealed interface AgentCredential {
    /**
     * A file or folder of the host that the agent may read and not change.
     *
     * @param source its absolute path on the host
     * @param target its absolute path in the container
     */
    record Mounted(Path source, String target) implements AgentCredential {
        /** Checks the paths. */
        public Mounted {
            if (!source.isAbsolute()) {
                throw new InvalidInputException("credential", "the path on the host must be absolute: " + source);
            }
            source = source.normalize();
            requirePlain(target);
        }
    }

    /**
     * A secret that is a file in the container's memory, for the agent's user only: for programs that want a file. It comes
     * there through a variable of the container, which is taken from the agent's own process before it starts. The engine
     * knows the value, as that of any variable: it keeps it with its own files, tells it to whoever may inspect the container,
     * and gives it to the container's first process and to each program that is run inside by {@code exec}. So the agent's
     * user can find it there too; it has the file anyway.
     *
     * @param secret the name of the secret
     * @param target the absolute path of the file in the container; its folder is memory, and so holds nothing of the image's
     */
    record InMemory(SecretName secret, String target) implements AgentCredential {
        /** Checks the path. */
        public InMemory {
            requirePlain(target);
            if (target.lastIndexOf('/') == 0) {
                throw new InvalidInputException(
                        "credential",
                        "'" + target + "' is in the root folder, which cannot be memory; put it in another");
            }
        }
    }

    /**
     * A secret that is a variable of the agent.
     *
     * @param secret the name of the secret
     * @param name the variable
     */
    record Variable(SecretName secret, String name) implements AgentCredential {}

    private static void requirePlain(String target) {
        Path path = Path.of(target);
        if (!path.isAbsolute() || !path.normalize().toString().equals(target) || path.getNameCount() == 0) {
            throw new InvalidInputException(
                    "credential", "'" + target + "' must be an absolute path in the container, without '..'");
        }
    }
}
