package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.plan.Workload;
import dev.angee.secret.ResolvedSecrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds out before anything is started what could not be. */
final class Preflight {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Launcher launcher;
    private final ChildEnvironment environment;

    Preflight(Launcher launcher, ChildEnvironment environment) {
        this.launcher = launcher;
        this.environment = environment;
    }

    /**
     * Checks everything about a service, its program included.
     *
     * @throws AngeeException naming the service: {@code UNSUPPORTED} if it asks for what is not honoured here, {@code
     *     NOT_FOUND} if a secret has no value, {@code FAILED} if it cannot be started
     */
    void checkService(Workload service, ResolvedSecrets secrets) {
        Map<String, String> variables = check(service, secrets);
        String program = service.command().get(0);
        Path workdir = launcher.workdir(service);
        if (program.contains("/")) {
            checkProgram(service, workdir.resolve(program));
            return;
        }
        String path = variables.getOrDefault(ChildEnvironment.PATH, environment.path());
        boolean found = List.of(path.split(":", -1)).stream()
                .map(folder -> workdir.resolve(folder).resolve(program))
                .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
        if (!found) {
            throw failed(service, "there is no program '" + program + "' on its PATH (" + path + ")");
        }
    }

    /**
     * Checks what a job needs to be started; that its program is missing will be its exit code.
     *
     * @return its declared variables
     */
    Map<String, String> check(Workload workload, ResolvedSecrets secrets) {
        Honoured.require(workload);
        if (workload.command().isEmpty() || workload.command().get(0).isEmpty()) {
            throw failed(workload, "it has no command");
        }
        if (workload.command().stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw failed(workload, "its command holds a NUL character");
        }
        workload.command().forEach(word -> checkCharacters(workload, word));
        Map<String, String> variables = checkVariables(workload, secrets);
        launcher.runAs(workload);
        Path workdir = launcher.workdir(workload);
        if (!Files.isDirectory(workdir)) {
            throw failed(workload, "its working directory " + workdir + " is not there");
        }
        return variables;
    }

    /** Checks the declared variables, and returns them with their secrets; no message holds a value. */
    Map<String, String> checkVariables(Workload workload, ResolvedSecrets secrets) {
        Map<String, String> variables = ChildEnvironment.declared(workload, secrets);
        variables.values().forEach(value -> checkCharacters(workload, value));
        variables.forEach((name, value) -> checkVariable(workload, name, value));
        return variables;
    }

    /** What a process is given goes through the character set of this JVM's locale. */
    private static void checkCharacters(Workload workload, String text) {
        if (!NativeText.canPass(text)) {
            throw failed(
                    workload,
                    "this JVM's locale (" + NativeText.CHARSET + ") cannot pass its command and variables as they are;"
                            + " start the JVM with LC_ALL=C.UTF-8");
        }
    }

    /** Names with other characters are legal for the kernel, but a shell silently drops them. */
    private static void checkVariable(Workload workload, String name, String value) {
        if (!VARIABLE.matcher(name).matches()) {
            throw new InvalidInputException(
                    describe(workload) + " environment",
                    "variable '" + name + "' cannot be passed to a local process; use letters, digits and underscores");
        }
        if (value.indexOf('\0') >= 0) {
            throw new InvalidInputException(
                    describe(workload) + " environment", "the value of '" + name + "' holds a NUL character");
        }
    }

    private static void checkProgram(Workload service, Path program) {
        if (!Files.isRegularFile(program)) {
            throw failed(service, "there is no program " + program);
        }
        if (!Files.isExecutable(program)) {
            throw failed(service, program + " may not be executed; chmod +x it");
        }
    }

    private static String describe(Workload workload) {
        return (workload.isJob() ? "job '" : "service '") + workload.name() + "'";
    }

    private static AngeeException failed(Workload workload, String why) {
        return new AngeeException(ErrorCode.FAILED, describe(workload) + " cannot be started: " + why);
    }
}
