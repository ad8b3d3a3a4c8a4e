package dev.angee.render;

import dev.angee.internal.change.Steps;
import java.util.function.Consumer;

/** Reconcilers for tests of other packages. */
public final class SteppedReconciler {
    private SteppedReconciler() {}

    /** One that tells of each step of a change of files. */
    public static Reconciler of(RenderTarget target, Consumer<String> step) {
        return new Reconciler(target, Steps.of(target.top(), target.journals(), step));
    }
}
