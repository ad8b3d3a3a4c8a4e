package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.plan.PlannedVolume;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.secret.SecretName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The Compose file of a plan. Pure: the same text for the same plan and labels. Services and jobs come in name order;
 * jobs
 * are in a profile of their own, so that {@code up} passes them by. The profiles of services are left out: who is up is
 * chosen by name, and for Compose another profile would be a reason to make a container anew (2.26). Secrets are variables of Compose's environment.
 */
final class ComposeFile {
    private static final String LOCAL_DRIVER = "local";

    private final RuntimePlan plan;
    private final Map<String, String> labels;
    private final Optional<Path> socket;
    private final Set<String> services;

    private ComposeFile(RuntimePlan plan, Map<String, String> labels, Optional<Path> socket) {
        this.plan = plan;
        this.labels = labels;
        this.socket = socket;
        this.services = plan.workloads().stream()
                .filter(w -> !w.isJob())
                .map(Workload::name)
                .collect(Collectors.toSet());
    }

    /**
     * The text of the file; empty when nothing is planned.
     *
     * @param plan the container part of a plan
     * @param labels what every container is labelled with
     * @param socket where the engine listens on this host, if it does
     * @throws AngeeException {@code UNSUPPORTED}, {@code INVALID} for what cannot be said in such a file
     */
    static String of(RuntimePlan plan, Map<String, String> labels, Optional<Path> socket) {
        if (plan.isEmpty()) {
            return "";
        }
        Honoured.require(plan, socket);
        requireOneVariableASecret(plan);
        Isolation.require(plan);
        return YamlWriter.write(new ComposeFile(plan, labels, socket).document());
    }

    private static void requireOneVariableASecret(RuntimePlan plan) {
        Map<String, SecretName> names = new HashMap<>();
        for (SecretName name : plan.secrets()) {
            SecretName other = names.put(name.variable(), name);
            if (other != null) {
                throw new InvalidInputException(
                        "plan",
                        "secrets '" + other + "' and '" + name + "' have one variable, " + name.variable()
                                + "; rename one");
            }
        }
    }

    private Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", plan.project().value());
        Map<String, Object> all = new TreeMap<>();
        plan.workloads().forEach(w -> all.put(w.name(), ServiceEntry.of(w, labels, services, socket)));
        document.put("services", new YamlWriter.Named(all));
        put(document, "volumes", volumes());
        put(document, "networks", networks());
        return document;
    }

    private static void put(Map<String, Object> document, String key, Map<String, Object> entries) {
        if (!entries.isEmpty()) {
            document.put(key, new YamlWriter.Named(entries));
        }
    }

    private Map<String, Object> volumes() {
        Map<String, Object> entries = new TreeMap<>();
        for (PlannedVolume volume : plan.volumes()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            if (!volume.driver().equals(LOCAL_DRIVER)) {
                entry.put("driver", Values.escaped(volume.driver()));
            }
            String root = labels.get(ComposeBackend.ROOT_LABEL);
            if (root != null) { // so that it can be told whose it is when no container is left
                Map<String, Object> known = new TreeMap<>();
                known.put(ComposeBackend.ROOT_LABEL, Values.escaped(root));
                known.put(
                        ComposeBackend.INSIDE_LABEL,
                        labels.getOrDefault(ComposeBackend.INSIDE_LABEL, ComposeBackend.ON_HOST));
                entry.put("labels", new YamlWriter.Named(known));
            }
            entries.put(volume.name(), entry);
        }
        return entries;
    }

    /** The default network is made without being named. */
    private Map<String, Object> networks() {
        Map<String, Object> entries = new TreeMap<>();
        plan.networks().forEach(name -> entries.put(name, Map.of()));
        return entries;
    }
}
