package dev.angee.contract;

import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Workloads in the words that {@link InMemoryEngine} understands. */
public final class InMemoryPrograms {
    private InMemoryPrograms() {}

    /** A service that plays the program. */
    public static WorkloadBuilder service(String name, Program program) {
        return Workload.service(name, new Launch.HostProcess()).command(command(program));
    }

    /** A job that plays the program. */
    public static WorkloadBuilder job(String name, Program program) {
        return Workload.job(name, new Launch.HostProcess()).command(command(program));
    }

    /** The service, healthy while the file exists. */
    public static WorkloadBuilder healthyWhile(WorkloadBuilder service, Path flag) {
        Duration often = Duration.ofMillis(50);
        return service.health(new HealthCheck(
                new HealthCheck.Exec(List.of("test", "-f", flag.toString())), often, often, 3, Duration.ZERO));
    }

    /** A service whose program does not exist. */
    public static WorkloadBuilder broken(String name) {
        return Workload.service(name, new Launch.HostProcess()).command(List.of("no-such-program"));
    }

    /** The program in words; the first is its name. */
    public static List<String> command(Program program) {
        if (program instanceof Program.Says says) {
            return List.of("says", says.line());
        }
        if (program instanceof Program.Exits exits) {
            return List.of("exits", exits.line(), Integer.toString(exits.code()));
        }
        if (program instanceof Program.Prints prints) {
            return List.of("prints", prints.variable());
        }
        if (program instanceof Program.Ticks) {
            return List.of("ticks");
        }
        return List.of(program instanceof Program.Stubborn ? "stubborn" : "sleeps");
    }
}
