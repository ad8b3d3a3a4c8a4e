package dev.angee.compile;

import dev.angee.plan.RuntimePlan;

/** Makes one plan of another: the way to add to every plan what no manifest should have to say. Pure and thread-safe. */
public interface PlanTransform {
    /** What it is called in the provenance of what it has changed, for example {@code caddy-edge}. */
    String name();

    /** The plan that takes the place of the given one; equal plans give equal plans. */
    RuntimePlan apply(RuntimePlan plan);
}
