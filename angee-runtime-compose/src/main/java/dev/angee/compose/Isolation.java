package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.agent.AgentHardening;
import dev.angee.plan.PlannedVolume;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The refusal of what would make a stack clash with itself, or pass for another one. */
final class Isolation {
    private static final String COMPOSES_LABELS = "com.docker.compose.";
    private static final String OUR_LABELS = "dev.angee.";

    /** An embedder's tests may find what they have made by labels of ours. */
    private static final String TEST_LABELS = "dev.angee.test";

    private static final Pattern LABEL = Pattern.compile("[^=\\p{Cntrl}\\s]+");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]*");
    private static final List<String> ANY_IPV4 = List.of("", "0.0.0.0");
    private static final List<String> ANY_IPV6 = List.of("", "::");

    private final List<Published> published = new ArrayList<>();

    private record Published(Workload by, PublishedPort port) {
        boolean clashesWith(PublishedPort other) {
            return port.hostPort() == other.hostPort()
                    && port.protocol() == other.protocol()
                    && overlap(port.address(), other.address());
        }
    }

    private Isolation() {}

    /** @throws AngeeException {@code INVALID}, naming the workload */
    static void require(RuntimePlan plan) {
        Isolation isolation = new Isolation();
        plan.networks().forEach(name -> requireName("network", name));
        plan.volumes().stream().map(PlannedVolume::name).forEach(name -> requireName("volume", name));
        for (Workload workload : plan.workloads()) {
            requireName(workload.isJob() ? "job" : "service", workload.name());
            workload.container().networks().forEach(name -> requireName("network", name));
            workload.container().labels().keySet().forEach(label -> requireLabel(workload, label));
            workload.ports().stream()
                    .filter(port -> port.hostPort() > 0)
                    .forEach(port -> isolation.requireFree(workload, port));
        }
    }

    /** What Compose takes for a name; it also becomes a part of what the engine calls it. */
    private static void requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidInputException(
                    what + " '" + name + "'",
                    "Docker Compose takes letters, digits, '.', '_' and '-' in a name, of which '.' and '-' cannot be the"
                            + " first; choose another");
        }
    }

    /**
     * The refusal of a label for all containers that is Compose's or ours.
     *
     * @throws AngeeException {@code INVALID}
     */
    static void requireLabelForAll(String label) {
        boolean isOurs = label.startsWith(OUR_LABELS) && !label.startsWith(TEST_LABELS);
        if (label.startsWith(COMPOSES_LABELS) || isOurs || !LABEL.matcher(label).matches()) {
            throw new InvalidInputException(
                    "settings",
                    "'" + label
                            + "' cannot be a label for every container: it is Docker Compose's own or this library's,"
                            + " is empty, or holds a '=' or a blank; choose another");
        }
    }

    /** With one of Compose's own, a container would pass for another stack's; some others it would read as others. */
    private static void requireLabel(Workload workload, String label) {
        if (label.startsWith(COMPOSES_LABELS)) {
            throw refusal(workload, "label '" + label + "' is Docker Compose's own; choose another");
        }
        if (label.startsWith(OUR_LABELS) && !label.equals(AgentHardening.LABEL)) {
            throw refusal(workload, "label '" + label + "' is this library's own; choose another");
        }
        if (!LABEL.matcher(label).matches()) {
            throw refusal(
                    workload,
                    "'" + label
                            + "' cannot be the name of a label: it is empty, or holds a '=' or a blank; choose another");
        }
    }

    private void requireFree(Workload workload, PublishedPort port) {
        if (workload.lifecycle().replicas() > 1) {
            throw refusal(
                    workload,
                    "its " + workload.lifecycle().replicas() + " replicas cannot all have port " + port.hostPort()
                            + " of this host; leave the host's port out, or run one");
        }
        for (Published other : published) {
            if (other.clashesWith(port)) {
                throw refusal(
                        workload,
                        "port " + port + " is published already, as " + other.port() + " by '"
                                + other.by().name() + "'; change one");
            }
        }
        published.add(new Published(workload, port));
    }

    private static boolean overlap(String one, String other) {
        List<String> anyOfIts = one.contains(":") ? ANY_IPV6 : ANY_IPV4;
        boolean oneFamily = one.isEmpty() || other.isEmpty() || one.contains(":") == other.contains(":");
        return oneFamily && (one.equals(other) || one.isEmpty() || anyOfIts.contains(one) || anyOfIts.contains(other));
    }

    private static InvalidInputException refusal(Workload workload, String problem) {
        return new InvalidInputException("workload '" + workload.name() + "'", problem);
    }
}
