package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Workload;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.workload.OnOwnerExit;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts processes so that they do not depend on this JVM: in a session of their own, reading nothing, writing to a
 * file, under a small shell that waits for the program and leaves its exit code in a file.
 */
final class Launcher {
    /**
     * {@code $1} is the file for the exit code, the rest the program and its arguments, which {@code exec} runs as they
     * are; a program that the shell happens to have built in is looked for on the path like any other. The shell itself
     * survives requests to end that go to the whole group. It sets no variable, so that it changes none of the program's.
     */
    private static final String SHIM = """
            trap : TERM INT HUP QUIT USR1 USR2 WINCH
            (shift; exec "$@")
            set -- "$1" "$?"
            echo "$2" >"$1"
            exit "$2"
            """;

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Host host;
    private final ChildEnvironment environment;
    private final Path root;
    private final RecordStore store;
    private final Keeper keeper;

    Launcher(Host host, ChildEnvironment environment, Path root, RecordStore store, Keeper keeper) {
        this.host = host;
        this.environment = environment;
        this.root = root;
        this.store = store;
        this.keeper = keeper;
    }

    /**
     * A process that was started, and its record.
     *
     * @param process the first process, as the JDK sees it
     * @param record the record, with the first process
     */
    record Launched(Process process, ProcessRecord record) {}

    /**
     * Starts a service or job whose intent is already on record, and records the process.
     *
     * @param secrets the values of those it names, which go into its environment and nowhere else
     * @throws AngeeException {@code FAILED}, naming it, if it cannot be started
     */
    Launched launch(ProcessRecord intent, ResolvedSecrets secrets) {
        List<String> arguments = new ArrayList<>();
        arguments.add(store.exitFile(intent).toString());
        Optional<RunAs> user = runAs(intent.workload());
        user.ifPresent(who -> arguments.addAll(who.prefix()));
        arguments.addAll(intent.workload().command());
        Map<String, String> variables = environment.of(intent.workload(), intent.marker(), secrets, user);
        try {
            if (intent.workload().lifecycle().onOwnerExit() == OnOwnerExit.STOP) {
                store.bind(
                        intent,
                        keeper.ensure(),
                        intent.workload().lifecycle().stopGrace().orElse(GRACE));
            }
            Process process = builder(intent.workload(), variables, host.script(SHIM, "angee-shim", arguments))
                    .redirectOutput(log(intent))
                    .start();
            ProcessRecord record = intent.started(identify(process));
            store.update(record);
            return new Launched(process, record);
        } catch (IOException e) {
            String kind = intent.workload().isJob() ? "job" : "service";
            throw new AngeeException(
                    ErrorCode.FAILED, kind + " '" + intent.name() + "' cannot be started: " + e.getMessage(), e);
        }
    }

    /**
     * Starts a command beside a running service: where it runs, as the same user, and with its environment.
     *
     * @param marker of the command, a part of the service's
     * @param output where its output goes
     * @param deadline until when the service's environment may take to be there
     * @throws IOException if it cannot be started
     */
    Process beside(ProcessRecord record, Marker marker, List<String> command, Redirect output, Deadline deadline)
            throws IOException, InterruptedException {
        Map<String, String> variables = EnvironmentBlock.of(record, deadline);
        variables.put(Marker.VARIABLE, marker.value());
        List<String> words = new ArrayList<>();
        try {
            runAs(record.workload()).ifPresent(who -> words.addAll(who.prefix()));
        } catch (AngeeException e) {
            throw new IOException(e.getMessage(), e);
        }
        words.addAll(command);
        return builder(record.workload(), variables, host.command(words))
                .redirectOutput(output)
                .start();
    }

    /**
     * How a workload is run as the user it names, if it names one.
     *
     * @throws AngeeException naming it, if it cannot be
     */
    Optional<RunAs> runAs(Workload workload) {
        return workload.user().isEmpty() ? Optional.empty() : host.users().of(workload);
    }

    /** Where a service writes to. */
    Redirect log(ProcessRecord record) {
        return Redirect.appendTo(store.log(record).toFile());
    }

    /** The folder a workload runs in. */
    Path workdir(Workload workload) {
        return workload.workdir().map(root::resolve).orElse(root);
    }

    private ProcessBuilder builder(Workload workload, Map<String, String> variables, List<String> command) {
        File folder = workdir(workload).toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder)
                .redirectErrorStream(true)
                .redirectInput(Host.DEV_NULL);
        builder.environment().clear();
        builder.environment().putAll(variables);
        return builder;
    }

    /** As long as the JDK says that it is alive, its pid cannot have been given to another process. */
    private static ProcessId identify(Process process) {
        ProcessId id = ProcTable.entry(process.pid()).map(ProcTable.Entry::id).orElse(ProcessId.ended(process.pid()));
        return process.isAlive() ? id : ProcessId.ended(process.pid());
    }
}
