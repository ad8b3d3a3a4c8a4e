package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.RuntimeKind;
import dev.angee.runtime.BackendInfo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What this machine offers to run processes. */
final class Host {
    static final ProcessBuilder.Redirect DEV_NULL = ProcessBuilder.Redirect.from(new File("/dev/null"));

    private static final String EXECUTE = "exec \"$@\"";
    private static final Path SHELL = Path.of("/bin/sh");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final Path STATUS = Path.of("/proc/self/status");

    private static volatile @Nullable String bootId;

    private final Optional<Path> setsid;
    private final Optional<Path> setpriv;
    private final String problem;

    private Host(Optional<Path> setsid, Optional<Path> setpriv, String problem) {
        this.setsid = setsid;
        this.setpriv = setpriv;
        this.problem = problem;
    }

    /**
     * Looks at this machine.
     *
     * @param path where to look for programs, as in the variable of that name
     */
    static Host detect(String path) {
        return new Host(find("setsid", path), find("setpriv", path), findProblem());
    }

    private static Optional<Path> find(String program, String path) {
        return Stream.concat(Stream.of(path.split(":", -1)), Stream.of("/usr/bin", "/bin"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String findProblem() {
        if (!Files.isReadable(BOOT_ID)
                || ProcTable.entry(ProcessHandle.current().pid()).isEmpty()) {
            return "local processes need Linux with /proc mounted, and this is " + System.getProperty("os.name")
                    + "; run the stack's services in containers instead";
        }
        return Files.isExecutable(SHELL) ? "" : "local processes need a shell at " + SHELL + "; install one";
    }

    /** Whether and how processes can be run here. */
    BackendInfo describe() {
        String name = "process supervisor on " + System.getProperty("os.name") + " " + System.getProperty("os.version");
        if (!problem.isEmpty()) {
            return BackendInfo.unusable(RuntimeKind.LOCAL, name, problem)
                    .features(Honoured.FEATURES)
                    .notes(Unsaid.NOTES);
        }
        String degraded = " (no setsid: a child that hides from its parent may outlive its service)";
        return BackendInfo.usable(RuntimeKind.LOCAL, setsid.isPresent() ? name : name + degraded)
                .features(Honoured.FEATURES)
                .notes(Unsaid.NOTES);
    }

    /** Fails if processes cannot be run here. */
    void requireUsable() {
        if (!problem.isEmpty()) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, problem);
        }
    }

    /** The command that runs a program, looked for where its own environment says, in a session of its own if possible. */
    List<String> command(List<String> words) {
        if (setsid.isEmpty()) {
            return script(EXECUTE, "angee-beside", words);
        }
        List<String> command = new ArrayList<>(List.of(setsid.get().toString(), "--"));
        command.addAll(words);
        return command;
    }

    /** The command that runs a shell script in a session of its own, where that can be had. */
    List<String> script(String script, String name, List<String> arguments) {
        List<String> command = new ArrayList<>();
        setsid.ifPresent(program -> command.add(program.toString()));
        command.addAll(List.of(SHELL.toString(), "-c", script, name));
        command.addAll(arguments);
        return command;
    }

    /** Who processes can be run as. */
    Users users() {
        try {
            Users.Credentials ours = Users.Credentials.parse(Files.readAllLines(STATUS));
            return new Users(new Accounts(Path.of("/etc")), ours, setpriv);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + STATUS + ": " + e.getMessage(), e);
        }
    }

    /** Names this run of the machine: pids and start times of another run mean nothing. No JVM outlives it. */
    static String bootId() {
        String known = bootId;
        if (known == null) {
            try {
                known = Files.readString(BOOT_ID).strip();
                bootId = known;
            } catch (IOException e) {
                throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + BOOT_ID + ": " + e.getMessage(), e);
            }
        }
        return known;
    }
}
