package dev.angee.examples;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.stack.Stack;
import dev.angee.stack.StackContext;
import java.nio.file.Path;
import java.util.List;

/** Prints what a root's manifest would run, and where each value is written; touches nothing. */
public final class PrintPlan {
    private static final int INVALID = 2;

    private PrintPlan() {}

    /**
     * Prints the plan. The exit code is 0, or 2 if the manifest is not sound; then every problem is printed.
     *
     * @param args the root
     */
    public static void main(String[] args) {
        Path root = Path.of(args.length == 0 ? "." : args[0]);
        try (Stack stack = Stack.open(root, StackContext.of(List.of()))) {
            System.out.print(stack.plan().print());
        } catch (AngeeException e) {
            System.err.println(e.getMessage());
            System.exit(e.code() == ErrorCode.INVALID ? INVALID : 1);
        }
    }
}
