package dev.angee.runtime;

import dev.angee.InvalidInputException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A program to run inside a service that runs. No shell is involved unless it is the program.
 *
 * @param command the program and its arguments
 * @param environment variables beside the service's own, in name order
 * @param workdir the folder it runs in, as the service sees it; the service's own if absent
 * @param user who it runs as, a name or a number; the service's own user if absent
 * @param terminal the size of its terminal; without one it has none, and its errors come apart from its output
 */
public record ExecRequest(
        List<String> command,
        Map<String, String> environment,
        Optional<String> workdir,
        Optional<String> user,
        Optional<TerminalSize> terminal) {

    /** Copies the collections. */
    public ExecRequest {
        command = List.copyOf(command);
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new InvalidInputException("command", "it is empty; name the program to run");
        }
    }

    /** A program without a terminal, in the service's own folder, as its own user. */
    public static ExecRequest of(String... command) {
        return new ExecRequest(List.of(command), Map.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same, with one more variable, or another value of it. */
    public ExecRequest variable(String name, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(name, value);
        return new ExecRequest(command, more, workdir, user, terminal);
    }

    /** The same, in another folder. */
    public ExecRequest in(String folder) {
        return new ExecRequest(command, environment, Optional.of(folder), user, terminal);
    }

    /** The same, as another user. */
    public ExecRequest as(String who) {
        return new ExecRequest(command, environment, workdir, Optional.of(who), terminal);
    }

    /** The same, on a terminal of this size. */
    public ExecRequest on(TerminalSize size) {
        return new ExecRequest(command, environment, workdir, user, Optional.of(size));
    }

    /** Leaves the values of variables out. */
    @Override
    public String toString() {
        return "ExecRequest[" + command + ", " + environment.keySet() + ", " + workdir + ", " + user + ", " + terminal
                + "]";
    }
}
