package dev.angee.plan;

import dev.angee.workload.Condition;

/**
 * One edge of the dependency graph.
 *
 * @param name the workload depended on; always one of the same plan, of either runtime
 * @param condition what it must have reached
 */
public record Dependency(String name, Condition condition) {}
