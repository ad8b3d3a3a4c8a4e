package dev.angee.contract;

import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Workloads in the words that {@link InMemoryEngine} understands. */
public final class InMemoryPrograms {
    private InMemoryPrograms() {}

    /** A service that plays the program. */
    public static Workload.Builder service(String name, Program program) {
        return Workload.service(name, new Launch.HostProcess()).command(command(program));
    }

    /** A job that plays the program. */
    public static Workload.Builder job(String name, Program program) {
        return Workload.job(name, new Launch.HostProcess()).command(command(program));
    }

    /** The service, healthy while the file exists. */
    public static Workload.Builder healthyWhile(Workload.Builder service, Path flag) {
        Duration often = Duration.ofMillis(50);
        return service.health(new HealthCheck(
                new HealthCheck.Exec(List.of("test", "-f", flag.toString())), often, often, 3, Duration.ZERO));
    }

    /** A service whose program does not exist. */
    public static Workload.Builder broken(String name) {
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
        if (program instanceof Program.Ticks) {
            return List.of("ticks");
        }
        return List.of(program instanceof Program.Stubborn ? "stubborn" : "sleeps");
    }
}
