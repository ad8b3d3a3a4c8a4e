package dev.angee.benchmarks;

import dev.angee.RuntimeKind;
import dev.angee.compose.ComposeBackend;
import dev.angee.compose.ComposeSettings;
import dev.angee.plan.RuntimePlan;
import dev.angee.runtime.Artifact;
import dev.angee.runtime.Backend;
import dev.angee.stack.Stack;
import dev.angee.stack.StackContext;
import java.nio.file.Path;
import java.util.List;

/** From the manifest of a root to its Compose file, once; for timing a whole process. */
public final class PlanOnce {
    private PlanOnce() {}

    /** Reads, resolves, compiles; the argument is the root. */
    public static void main(String[] args) {
        compile(Path.of(args[0]));
    }

    static Artifact compile(Path root) {
        try (Stack stack = Stack.open(root, StackContext.of(List.of()))) {
            RuntimePlan plan = stack.plan();
            try (Backend compose =
                    ComposeBackend.open(plan.project(), plan.root(), ComposeSettings.of(System.getenv()))) {
                return compose.compile(plan.only(RuntimeKind.CONTAINER));
            }
        }
    }
}
