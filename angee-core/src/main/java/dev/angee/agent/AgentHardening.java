package dev.angee.agent;

import dev.angee.compile.PlanTransform;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.workload.Hardening;
import dev.angee.workload.Limits;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Takes from the containers of agents what an agent does not need: all capabilities, the gaining of privileges, and more
 * than a share of the machine. Capabilities and limits that the manifest names itself go before. An agent's container is
 * one with the label {@value #LABEL}. Immutable.
 */
public final class AgentHardening implements PlanTransform {
    /** The label of an agent's container; its value says which agent. */
    public static final String LABEL = "dev.angee.agent";

    private static final Limits STANDARD =
            new Limits(OptionalLong.of(4L << 30), OptionalInt.of(2000), OptionalInt.of(512));

    private final Limits limits;

    /** With the standard limits: 4 GiB, two CPUs, 512 processes. */
    public AgentHardening() {
        this(STANDARD);
    }

    /** With other limits, for agents that have none of their own. */
    public AgentHardening(Limits limits) {
        this.limits = limits;
    }

    @Override
    public String name() {
        return "agent-hardening";
    }

    @Override
    public RuntimePlan apply(RuntimePlan plan) {
        return plan.with(plan.workloads().stream()
                .map(workload -> workload.container().labels().containsKey(LABEL) ? harden(workload) : workload)
                .toList());
    }

    private Workload harden(Workload workload) {
        Hardening own = workload.container().hardening();
        Hardening hard = new Hardening(
                own.capDrop().isEmpty() ? List.of("ALL") : own.capDrop(), own.capAdd(), own.readOnly(), true);
        return workload.toBuilder()
                .limits(workload.limits().orElse(limits))
                .container(workload.container().hardening(hard))
                .build();
    }
}
