package dev.angee.agent;

import dev.angee.InvalidInputException;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.secret.Text;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.DockerAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The container of one agent, as a service of a plan. It is labelled as an agent's, so that {@link AgentHardening} takes
 * from it what it does not need, and has the credentials it is given here and no others. It may command the engine only if
 * that is said here.
 *
 * @param agent the kind of agent, for example {@code claude}
 * @param image what it is made from
 * @param command what it runs
 * @param workspace the host folder it works in, at {@value #WORKSPACE}, if it has one
 * @param repository what more it has of its worktree's repository
 * @param credentials what it is let in with
 * @param runtime the engine's runtime for it, for example {@code sysbox-runc}; the engine's standard if absent
 * @param dockerAccess whether it may command the engine
 */
public record AgentContainer(
        String agent,
        String image,
        List<String> command,
        Optional<Path> workspace,
        List<PlannedMount> repository,
        List<AgentCredential> credentials,
        Optional<String> runtime,
        DockerAccess dockerAccess) {
    /** Where an agent finds its worktree. */
    public static final String WORKSPACE = "/workspace";

    private static final String VARIABLE = "ANGEE_CREDENTIAL_";
    private static final long MOST_IN_MEMORY = 1024 * 1024;

    /**
     * Writes each variable that it is told of into a file, forgets the variable, and becomes the agent. What it is told are
     * names of ours and paths: no value is part of a command. What has started it, and the engine, still know the variable.
     */
    private static final String UNPACK = "set -eu; umask 077; while [ \"$1\" != -- ]; do "
            + "eval \"printf %s \\\"\\$$1\\\"\" >\"$2\"; unset \"$1\"; shift 2; done; shift; exec \"$@\"";

    /** Copies the lists. */
    public AgentContainer {
        command = List.copyOf(command);
        repository = List.copyOf(repository);
        credentials = List.copyOf(credentials);
    }

    /** An agent without a worktree or credentials, in a container that may not command the engine. */
    public static AgentContainer of(String agent, AgentImages.Choice image, List<String> command) {
        return new AgentContainer(
                agent,
                image.image(),
                command,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                DockerAccess.NONE);
    }

    /** The same, at work in a folder of the host. */
    public AgentContainer workspace(Path folder) {
        return new AgentContainer(
                agent, image, command, Optional.of(folder), repository, credentials, runtime, dockerAccess);
    }

    /**
     * The same, at work in a worktree, in which git works as far as the access goes. With {@link RepositoryAccess#CLONE}, its
     * clone is made if there is none.
     *
     * @param control knows what git keeps of it
     */
    public AgentContainer worktree(Worktree worktree, RepositoryAccess access, SourceControl control) {
        return new AgentContainer(
                agent,
                image,
                command,
                Optional.of(worktree.path()),
                access.mounts(worktree, control),
                credentials,
                runtime,
                dockerAccess);
    }

    /** The same, with one more credential. */
    public AgentContainer credential(AgentCredential credential) {
        List<AgentCredential> more = new ArrayList<>(credentials);
        more.add(credential);
        return new AgentContainer(agent, image, command, workspace, repository, more, runtime, dockerAccess);
    }

    /** The same, on another runtime of the engine. */
    public AgentContainer runtime(String name) {
        return new AgentContainer(
                agent, image, command, workspace, repository, credentials, Optional.of(name), dockerAccess);
    }

    /** The same, which may, or may not, command the engine: who may is as good as root on the host. */
    public AgentContainer dockerAccess(DockerAccess access) {
        return new AgentContainer(agent, image, command, workspace, repository, credentials, runtime, access);
    }

    /**
     * The service. Pass the plan that holds it through {@link AgentHardening}, as every stack does.
     *
     * @param name the name of the service
     * @throws InvalidInputException if a credential is to be a file and there is no command to start after it
     */
    public WorkloadBuilder service(String name) {
        ContainerOptions options = ContainerOptions.standard();
        WorkloadBuilder service = Workload.service(name, new Launch.Image(image))
                .container(new ContainerOptions(
                        Map.of(AgentHardening.LABEL, agent),
                        options.networks(),
                        options.extraHosts(),
                        options.hardening(),
                        runtime,
                        dockerAccess));
        workspace.ifPresent(folder ->
                service.mount(new PlannedMount.Bind(folder, WORKSPACE, false)).workdir(WORKSPACE));
        repository.forEach(service::mount);
        Map<String, Text> variables = new TreeMap<>();
        Set<String> memory = new TreeSet<>();
        List<String> files = new ArrayList<>();
        for (AgentCredential each : credentials) {
            if (each instanceof AgentCredential.Mounted mounted) {
                service.mount(new PlannedMount.Bind(mounted.source(), mounted.target(), true));
            } else if (each instanceof AgentCredential.Variable variable) {
                variables.put(variable.name(), Text.secret(variable.secret()));
            } else if (each instanceof AgentCredential.InMemory file) {
                String variable = VARIABLE + (files.size() / 2 + 1);
                variables.put(variable, Text.secret(file.secret()));
                files.addAll(List.of(variable, file.target()));
                memory.add(file.target().substring(0, file.target().lastIndexOf('/')));
            }
        }
        memory.forEach(folder -> service.mount(new PlannedMount.Memory(folder, MOST_IN_MEMORY)));
        service.variables(variables);
        return files.isEmpty() ? service.command(command) : unpacking(service, files);
    }

    private WorkloadBuilder unpacking(WorkloadBuilder service, List<String> files) {
        if (command.isEmpty()) {
            throw new InvalidInputException(
                    "command", "agent '" + agent + "' has a credential in a file, so its command must be named");
        }
        List<String> words = new ArrayList<>(files);
        words.add("--");
        words.addAll(command);
        return service.entrypoint(List.of("/bin/sh", "-c", UNPACK, "angee-agent"))
                .command(words);
    }
}
