package dev.angee.process;

import dev.angee.RuntimeKind;
import dev.angee.plan.Dependency;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Artifact;
import dev.angee.secret.Text;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.LogRotation;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The local part of a plan in the format of process-compose, version 0.5: for people to read, and to run the same
 * services without us. What the format cannot say is listed at its head, case by case, and in general in {@link
 * Unsaid#NOTES}. A secret is never in the file: it is a reference to a variable.
 */
final class ProcessComposeFile {
    private static final String NAME = "process-compose.yaml";
    private static final String TEMPLATE = "{{";
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final long MEGABYTE = 1L << 20;

    private final RuntimePlan plan;
    private final Set<String> started;
    private final YamlLines lines = new YamlLines();
    private final Unsaid unsaid = new Unsaid();
    private final ProcessComposeProbes probes;

    private ProcessComposeFile(RuntimePlan plan) {
        this.plan = plan;
        this.started = started(plan);
        this.probes = new ProcessComposeProbes(lines, unsaid, plan.root().toString());
    }

    /** The file for the plan; the same plan gives the same bytes. */
    static Artifact of(RuntimePlan plan) {
        List<Workload> workloads = plan.workloads().stream()
                .filter(workload -> workload.runtime() == RuntimeKind.LOCAL)
                .sorted(Comparator.comparing(Workload::kind).thenComparing(Workload::name))
                .toList();
        return new Artifact(NAME, workloads.isEmpty() ? "" : new ProcessComposeFile(plan).text(workloads));
    }

    /** What runs without anybody asking for it by name: the rule of the stack's {@code up}, with no profile active. */
    private static Set<String> started(RuntimePlan plan) {
        Set<String> names = new TreeSet<>();
        Deque<Workload> open = new ArrayDeque<>();
        for (Workload each : plan.workloads()) {
            Lifecycle rules = each.lifecycle();
            if (rules.profiles().isEmpty() && (!each.isJob() || rules.runOn() == RunOn.UP)) {
                open.add(each);
            }
        }
        while (!open.isEmpty()) {
            Workload next = open.pop();
            if (names.add(next.name())) {
                next.dependencies().forEach(each -> plan.workload(each.name()).ifPresent(open::add));
            }
        }
        return names;
    }

    private String text(List<Workload> workloads) {
        lines.add(0, "version", "0.5");
        lines.add(0, "processes:");
        workloads.forEach(this::process);
        StringBuilder head = new StringBuilder();
        head.append("# What Angee runs as local processes. Made from the manifest: changes here are lost.\n");
        head.append(
                "# Angee gives each process only its own variables and a few of the user's; process-compose adds its own.\n");
        head.append("# Angee lets services run on when it ends itself; process-compose ends them.\n");
        secrets(workloads, head);
        return head.append(unsaid.comment()).append(lines).toString();
    }

    private static void secrets(List<Workload> workloads, StringBuilder head) {
        Set<String> variables = new TreeSet<>();
        workloads.forEach(workload -> workload.secrets().forEach(name -> variables.add(name.variable())));
        if (!variables.isEmpty()) {
            head.append(
                            "# Secrets are not in this file, and no process reads '.env' by itself. Give them to process-compose in")
                    .append(
                            " its\n# environment, each with \\ and \" written as \\\\ and \\\" and each line break as \\n, as it")
                    .append(" puts them into this text;\n# all its processes have them then: ")
                    .append(String.join(", ", variables))
                    .append('\n');
        }
    }

    private void process(Workload workload) {
        lines.add(1, YamlLines.quote(workload.name()) + ":");
        lines.add(2, "command", workload.command());
        lines.add(2, "working_dir", workload.workdir().orElse(plan.root().toString()));
        disabled(workload);
        lines.add(2, "is_dotenv_disabled: true"); // else each process is given all of '.env': the secrets of all
        if (holdsTemplate(workload)) {
            lines.add(2, "is_template_disabled: true");
        }
        if (!workload.environment().isEmpty()) {
            lines.add(2, "environment:");
            new TreeMap<>(workload.environment())
                    .forEach((name, value) -> lines.add(
                            3, "- " + YamlLines.quote(Text.of(name + "=").plus(value))));
        }
        dependencies(workload);
        probes.add(workload);
        restart(workload);
        if (workload.lifecycle().replicas() != 1) {
            lines.add(2, "replicas", workload.lifecycle().replicas());
        }
        shutdown(workload);
        if (!workload.lifecycle().successExitCodes().isEmpty()) {
            lines.add(2, "success_exit_codes:");
            workload.lifecycle().successExitCodes().forEach(code -> lines.add(3, "- " + code));
        }
        workload.lifecycle().logs().ifPresent(logs -> logs(workload, logs));
        unsaid.features(workload);
    }

    private void disabled(Workload workload) {
        if (started.contains(workload.name())) {
            return;
        }
        lines.add(2, "disabled: true");
        if (!workload.lifecycle().profiles().isEmpty()
                && (!workload.isJob() || workload.lifecycle().runOn() == RunOn.UP)) {
            unsaid.add(
                    workload,
                    "it starts by itself if one of the profiles "
                            + String.join(", ", workload.lifecycle().profiles()) + " is active; here it is disabled");
        }
    }

    /** In any of its texts: where none is rendered, the line does no harm. */
    private static boolean holdsTemplate(Workload workload) {
        return workload.toString().contains(TEMPLATE)
                || workload.environment().values().stream().anyMatch(ProcessComposeFile::mayHoldTemplate);
    }

    /** The value of a secret may hold anything. */
    private static boolean mayHoldTemplate(Text value) {
        return value.plain().filter(text -> !text.contains(TEMPLATE)).isEmpty();
    }

    private void restart(Workload workload) {
        RestartPolicy policy = workload.lifecycle().restart();
        if (policy.mode() == RestartPolicy.Mode.NO) {
            return;
        }
        lines.add(2, "availability:");
        lines.add(3, "restart", policy.mode() == RestartPolicy.Mode.ON_FAILURE ? "on_failure" : "always");
        List<Integer> good = workload.lifecycle().successExitCodes().stream()
                .filter(code -> code != 0)
                .toList();
        if (policy.mode() == RestartPolicy.Mode.ON_FAILURE && !good.isEmpty()) {
            unsaid.add(
                    workload,
                    "it is not started again when it ended with "
                            + good.stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + "; here after each code but 0");
        }
        policy.mostRetries().ifPresent(most -> {
            lines.add(3, "max_restarts", most);
            unsaid.add(workload, "it is started again " + most + " times in a row at the most; here in all");
        });
    }

    private void logs(Workload workload, LogRotation logs) {
        Path file = plan.root().resolve("run/process-compose/" + fileName(workload.name()) + ".log");
        lines.add(2, "log_location", file.toString());
        lines.add(2, "log_configuration:");
        lines.add(3, "rotation:");
        lines.add(4, "max_size_mb", Math.max(1, (logs.maxSize() + MEGABYTE - 1) / MEGABYTE));
        lines.add(4, "max_backups", Math.max(1, logs.maxFiles() - 1));
        if (logs.maxSize() % MEGABYTE != 0 || logs.maxSize() == 0) {
            unsaid.add(workload, "a file of its output has " + logs.maxSize() + " bytes; rounded up to megabytes");
        }
        if (logs.maxFiles() < 2) {
            unsaid.add(workload, "one file of its output is kept; here also the one before");
        }
    }

    /** Names of a manifest stay as they are; no other leaves the folder. */
    private static String fileName(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private void shutdown(Workload workload) {
        Lifecycle lifecycle = workload.lifecycle();
        lines.add(2, "shutdown:");
        if (!workload.shutdown().isEmpty()) {
            lines.add(3, "command", workload.shutdown());
            unsaid.add(
                    workload,
                    "what its shutdown command leaves is asked to end by "
                            + Signal.toEnd(workload).name()
                            + ", and killed when its time is over; here it is killed if the command fails, and runs on if it"
                            + " does not");
        }
        lifecycle
                .stopSignal()
                .ifPresent(name -> Signal.of(name)
                        .ifPresentOrElse(
                                signal -> lines.add(3, "signal", signal.number()),
                                () -> unsaid.add(workload, "it is asked to end by " + name)));
        Duration grace = lifecycle.stopGrace().orElse(GRACE);
        lines.add(3, "timeout_seconds", ProcessComposeProbes.seconds(grace));
        if (!ProcessComposeProbes.isWhole(grace)) {
            unsaid.add(workload, "it may take " + grace + " to end; rounded up to seconds");
        }
    }

    private void dependencies(Workload workload) {
        List<Dependency> known = new ArrayList<>();
        for (Dependency each : workload.dependencies()) {
            if (local(each).isPresent()) {
                known.add(each);
            } else {
                unsaid.add(workload, "it waits for '" + each.name() + "', which is not a local process");
            }
        }
        if (!known.isEmpty()) {
            lines.add(2, "depends_on:");
            known.stream().sorted(Comparator.comparing(Dependency::name)).forEach(each -> {
                lines.add(3, YamlLines.quote(each.name()) + ":");
                lines.add(4, "condition", condition(workload, each));
            });
        }
    }

    private Optional<Workload> local(Dependency dependency) {
        return plan.workload(dependency.name()).filter(each -> each.runtime() == RuntimeKind.LOCAL);
    }

    private String condition(Workload workload, Dependency dependency) {
        return local(dependency)
                .flatMap(awaited -> ProcessComposeProbes.condition(awaited, dependency.condition()))
                .orElseGet(() -> {
                    unsaid.add(
                            workload,
                            "it waits until '" + dependency.name() + "' is healthy; here until it is started");
                    return "process_started";
                });
    }
}
