package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.port.PortLedger;
import dev.angee.port.PortProbe;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.stack.Stack;
import dev.angee.stack.StackContext;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program that embeds the library, small enough to be run in a container: one thing to do with one stack. */
final class InsideContainer {
    static final int REFUSED = 3;

    private InsideContainer() {}

    /** Arguments: the root of the stack, a folder for its leases, and what to do. Prints what came of it. */
    public static void main(String[] arguments) throws InterruptedException {
        Path root = Path.of(arguments[0]);
        ComposeSettings settings = ComposeSettings.of(System.getenv()).labels(Map.of(RealDocker.TEST_LABEL, "1"));
        ComposeBackendProvider provider = new ComposeBackendProvider(settings);
        PortProbe probe = PortProbe.allOf(List.of(PortProbe.binding(), provider.portProbe()));
        PortLedger ledger = PortLedger.in(Path.of(arguments[1]), Clock.systemUTC(), probe);
        int code = 0;
        try (Stack stack = Stack.open(root, StackContext.of(List.of(provider)).ports(ledger))) {
            act(stack, arguments[2]);
        } catch (AngeeException e) {
            System.out.println(e.code() + " " + e.getMessage());
            code = REFUSED;
        }
        System.exit(code);
    }

    private static void act(Stack stack, String verb) throws InterruptedException {
        switch (verb) {
            case "up" -> stack.up(UpOptions.defaults().within(Duration.ofMinutes(1)));
            case "down" -> stack.down(DownOptions.defaults().grace(Duration.ofSeconds(1)));
            case "status" ->
                stack.status()
                        .services()
                        .forEach((name, service) -> service.observed()
                                .ifPresent(s -> System.out.println(
                                        name + " " + s.state() + " " + s.health() + " " + s.instance())));
            case "logs" -> {
                try (LogStream logs = stack.logs(LogQuery.all())) {
                    for (Optional<LogLine> line = logs.next(); line.isPresent(); line = logs.next()) {
                        System.out.println(
                                line.get().workload() + ": " + line.get().text());
                    }
                }
            }
            default -> {
                ExitStatus exit = stack.run(verb, RunOptions.defaults());
                System.out.println("exit " + exit.code() + ": " + exit.output());
            }
        }
    }
}
