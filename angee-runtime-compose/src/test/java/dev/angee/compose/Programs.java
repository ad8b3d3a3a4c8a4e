package dev.angee.compose;

import dev.angee.contract.Program;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The little programs, for busybox. */
final class Programs {
    static final Launch IMAGE = new Launch.Image(RealDocker.IMAGE);

    private static final String SLEEP = "exec sleep 86400";

    private Programs() {}

    static WorkloadBuilder service(String name, Program program) {
        return Workload.service(name, IMAGE).command(command(program));
    }

    static WorkloadBuilder job(String name, Program program) {
        return Workload.job(name, IMAGE).command(command(program));
    }

    static WorkloadBuilder healthyWhile(WorkloadBuilder service, Path flag) {
        HealthCheck.Exec probe = new HealthCheck.Exec(List.of("test", "-f", "/flags/" + flag.getFileName()));
        Duration interval = Duration.ofMillis(200);
        Duration patience = Duration.ofSeconds(20); // before the first success
        return service.mount(new PlannedMount.Bind(flag.getParent(), "/flags", true))
                .health(new HealthCheck(probe, interval, Duration.ofSeconds(5), 3, patience));
    }

    static List<String> shell(String script, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("sh", "-c", script));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> command(Program program) {
        if (program instanceof Program.Says says) {
            return shell("echo \"$0\"; " + SLEEP, says.line());
        }
        if (program instanceof Program.Exits exits) {
            return shell("echo \"$0\"; exit $1", exits.line(), String.valueOf(exits.code()));
        }
        if (program instanceof Program.Prints prints) {
            return shell("printf '%s\\n' \"$" + prints.variable() + "\"; " + SLEEP);
        }
        if (program instanceof Program.Ticks) {
            return shell("i=0; while :; do i=$((i + 1)); echo \"tick $i\"; sleep 0.1; done");
        }
        if (program instanceof Program.Stubborn) {
            return shell("trap '' TERM INT HUP; sleep 86400 & while :; do sleep 1; done");
        }
        return shell(SLEEP);
    }
}
