package dev.angee.process;

import dev.angee.contract.BackendContract;
import dev.angee.contract.Program;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The contract of all backends, kept with real processes. */
class ProcessBackendIT extends BackendContract {
    @Override
    protected Backend open(ProjectName project, Path root) {
        return new ProcessBackendProvider().open(project, root);
    }

    @Override
    protected WorkloadBuilder service(String name, Program program) {
        return Workload.service(name, new Launch.HostProcess()).command(command(program));
    }

    @Override
    protected WorkloadBuilder job(String name, Program program) {
        return Workload.job(name, new Launch.HostProcess()).command(command(program));
    }

    @Override
    protected WorkloadBuilder healthyWhile(WorkloadBuilder service, Path flag) {
        return service.health(new HealthCheck(
                new HealthCheck.Exec(List.of("test", "-e", flag.toString())),
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                2,
                Duration.ZERO));
    }

    @Override
    protected WorkloadBuilder broken(String name) {
        return Workload.service(name, new Launch.HostProcess()).command(List.of("no-such-program-anywhere"));
    }

    static List<String> command(Program program) {
        if (program instanceof Program.Says says) {
            return sh("echo \"$1\"; exec sleep 1000", says.line());
        } else if (program instanceof Program.Ticks) {
            return sh("i=0; while true; do i=$((i+1)); echo \"tick $i\"; sleep 0.1; done");
        } else if (program instanceof Program.Exits exits) {
            return sh("echo \"$1\"; exit \"$2\"", exits.line(), Integer.toString(exits.code()));
        } else if (program instanceof Program.Prints prints) {
            return sh("printenv \"$1\"; exec sleep 1000", prints.variable());
        } else if (program instanceof Program.Stubborn) {
            return sh("trap '' TERM INT HUP; sleep 1000 & while true; do sleep 1; done");
        }
        return List.of("sleep", "1000");
    }

    private static List<String> sh(String script, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("sh", "-c", script, "program"));
        command.addAll(List.of(arguments));
        return command;
    }
}
