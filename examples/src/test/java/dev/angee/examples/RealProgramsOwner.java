package dev.angee.examples;

import dev.angee.port.PortLedger;
import dev.angee.port.PortProbe;
import dev.angee.process.ProcessBackendProvider;
import dev.angee.runtime.UpOptions;
import dev.angee.stack.Stack;
import dev.angee.stack.StackContext;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Brings a stack up and stays, until it is killed. */
final class RealProgramsOwner {
    private RealProgramsOwner() {}

    /** The stack in a root, whose ports are leased in the folder beside it. */
    static Stack open(Path root) {
        PortLedger ports = PortLedger.in(root.resolveSibling("state"), Clock.systemUTC(), PortProbe.binding());
        return Stack.open(
                root, StackContext.of(List.of(new ProcessBackendProvider())).ports(ports));
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (Stack stack = open(Path.of(arguments[0]))) {
            stack.up(UpOptions.defaults().telling(progress -> System.out.println(progress)));
            System.out.println("all is up");
            new CountDownLatch(1).await();
        }
    }
}
