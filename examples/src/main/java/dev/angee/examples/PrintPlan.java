package dev.angee.examples;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.stack.Stack;
import java.nio.file.Path;
import java.util.List;

/** Prints what a root's manifest would run, and where each workload is written; touches nothing. */
public final class PrintPlan {
    private static final int INVALID = 2;

    private PrintPlan() {}

    /**
     * Prints the plan. The exit code is 0, or 2 if the manifest is not sound; then every problem is printed.
     *
     * @param args the root
     */
    public static void main(String[] args) {
        try (Stack stack = Stack.open(Path.of(args.length == 0 ? "." : args[0]), List.of())) {
            RuntimePlan plan = stack.plan();
            System.out.println("project " + plan.project());
            for (Workload workload : plan.workloads()) {
                String path = (workload.isJob() ? "jobs." : "services.") + workload.name();
                System.out.println(workload.runtime().id() + " " + workload.name() + " " + workload.command() + "  ("
                        + plan.explain(path).map(Object::toString).orElse("") + ")");
            }
        } catch (AngeeException e) {
            System.err.println(e.getMessage());
            System.exit(e.code() == ErrorCode.INVALID ? INVALID : 1);
        }
    }
}
