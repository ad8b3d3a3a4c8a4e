package dev.angee.process;

import dev.angee.RuntimeKind;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Artifact;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import dev.angee.workload.Lifecycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The local part of a plan in the format of process-compose, version 0.5: for people to read, and to run the same
 * services without us. What the format cannot say is listed at its head. process-compose expands variables in the text of
 * the whole file from its own environment before it reads it: so each dollar of ours is written twice, and a secret, which
 * is never in the file, is a reference to its variable.
 */
final class ProcessComposeFile {
    private static final String NAME = "process-compose.yaml";
    private static final String TEMPLATE = "{{";

    private final RuntimePlan plan;
    private final StringBuilder body = new StringBuilder();
    private final List<String> unsaid = new ArrayList<>();

    private ProcessComposeFile(RuntimePlan plan) {
        this.plan = plan;
    }

    /** The file for the plan; the same plan gives the same bytes. */
    static Artifact of(RuntimePlan plan) {
        List<Workload> workloads = plan.workloads().stream()
                .filter(workload -> workload.runtime() == RuntimeKind.LOCAL)
                .sorted(Comparator.comparing(Workload::kind).thenComparing(Workload::name))
                .toList();
        return new Artifact(NAME, workloads.isEmpty() ? "" : new ProcessComposeFile(plan).text(workloads));
    }

    private String text(List<Workload> workloads) {
        line(0, "version: \"0.5\"");
        line(0, "processes:");
        workloads.forEach(this::process);
        StringBuilder head = new StringBuilder();
        head.append("# What Angee runs as local processes. Made from the manifest: changes here are lost.\n");
        head.append(
                "# Angee gives each process only its own variables and a few of the user's; process-compose adds its own.\n");
        secrets(workloads, head);
        if (!unsaid.isEmpty()) {
            head.append("# This format cannot say:\n");
            unsaid.forEach(each -> head.append("# - ").append(each).append('\n'));
        }
        return head.append(body).toString();
    }

    private static void secrets(List<Workload> workloads, StringBuilder head) {
        Set<String> variables = new TreeSet<>();
        workloads.forEach(workload -> workload.secrets().forEach(name -> variables.add(name.variable())));
        if (!variables.isEmpty()) {
            head.append(
                            "# Secrets are not in this file. Give them to process-compose in its environment, each with \\ and \"")
                    .append(" written as\n# \\\\ and \\\" and each line break as \\n, as it puts them into this text: ")
                    .append(String.join(", ", variables))
                    .append('\n');
        }
    }

    private void process(Workload workload) {
        line(1, quote(workload.name()) + ":");
        line(2, "command: " + quote(ShellWords.join(workload.command())));
        line(2, "working_dir: " + quote(workload.workdir().orElse(plan.root().toString())));
        if (workload.isJob()) {
            line(2, "disabled: true");
        }
        if (holdsTemplate(workload)) {
            line(2, "is_template_disabled: true");
        }
        if (!workload.environment().isEmpty()) {
            line(2, "environment:");
            new TreeMap<>(workload.environment())
                    .forEach((name, value) ->
                            line(3, "- " + quote(Text.of(name + "=").plus(value))));
        }
        dependencies(workload);
        workload.health().ifPresent(check -> probe(workload, check));
        shutdown(workload);
        if (!workload.lifecycle().successExitCodes().isEmpty()) {
            line(2, "success_exit_codes:");
            workload.lifecycle().successExitCodes().forEach(code -> line(3, "- " + code));
        }
    }

    private static boolean holdsTemplate(Workload workload) {
        return workload.command().stream().anyMatch(word -> word.contains(TEMPLATE))
                || workload.environment().values().stream().anyMatch(ProcessComposeFile::mayHoldTemplate)
                || workload.workdir().orElse("").contains(TEMPLATE);
    }

    /** The value of a secret may hold anything. */
    private static boolean mayHoldTemplate(Text value) {
        return value.plain().filter(text -> !text.contains(TEMPLATE)).isEmpty();
    }

    private void shutdown(Workload workload) {
        Lifecycle lifecycle = workload.lifecycle();
        if (workload.shutdown().isEmpty()
                && lifecycle.stopSignal().isEmpty()
                && lifecycle.stopGrace().isEmpty()) {
            return;
        }
        line(2, "shutdown:");
        if (!workload.shutdown().isEmpty()) {
            line(3, "command: " + quote(ShellWords.join(workload.shutdown())));
        }
        lifecycle
                .stopSignal()
                .ifPresent(name -> line(3, "signal: " + Signal.toEnd(workload).number()));
        lifecycle.stopGrace().ifPresent(grace -> line(3, "timeout_seconds: " + seconds(grace)));
        if (lifecycle.stopGrace().filter(grace -> !isWhole(grace)).isPresent()) {
            unsaid(workload, "it may take " + lifecycle.stopGrace().get() + " to end; rounded up to seconds");
        }
    }

    private void dependencies(Workload workload) {
        List<Dependency> known = new ArrayList<>();
        for (Dependency each : workload.dependencies()) {
            if (plan.workload(each.name())
                    .filter(w -> w.runtime() == RuntimeKind.LOCAL)
                    .isPresent()) {
                known.add(each);
            } else {
                unsaid(workload, "it waits for '" + each.name() + "', which is not a local process");
            }
        }
        if (!known.isEmpty()) {
            line(2, "depends_on:");
            known.stream().sorted(Comparator.comparing(Dependency::name)).forEach(each -> {
                line(3, quote(each.name()) + ":");
                line(4, "condition: " + quote(condition(each.condition())));
            });
        }
    }

    private static String condition(Condition condition) {
        return switch (condition) {
            case STARTED -> "process_started";
            case HEALTHY -> "process_healthy";
            case COMPLETED -> "process_completed_successfully";
        };
    }

    private void probe(Workload workload, HealthCheck check) {
        if (check.probe() instanceof HealthCheck.Tcp tcp) {
            unsaid(workload, "it is healthy when port " + tcp.port() + " takes connections");
            return;
        }
        line(2, "readiness_probe:");
        if (check.probe() instanceof HealthCheck.Http http) {
            line(3, "http_get:");
            line(4, "host: \"127.0.0.1\"");
            line(4, "scheme: \"http\"");
            line(4, "port: " + quote(Integer.toString(http.port())));
            line(4, "path: " + quote(http.path()));
        } else if (check.probe() instanceof HealthCheck.Exec exec) {
            line(3, "exec:");
            line(4, "command: " + quote(ShellWords.join(exec.command())));
            line(
                    4,
                    "working_dir: "
                            + quote(workload.workdir().orElse(plan.root().toString())));
        }
        line(3, "period_seconds: " + seconds(check.interval()));
        line(3, "timeout_seconds: " + seconds(check.timeout()));
        line(3, "failure_threshold: " + check.retries());
        timing(workload, check);
    }

    private void timing(Workload workload, HealthCheck check) {
        if (!isWhole(check.interval()) || !isWhole(check.timeout())) {
            unsaid(
                    workload,
                    "its check is tried every " + check.interval() + " for " + check.timeout()
                            + "; rounded up to seconds");
        }
        if (!check.startPeriod().isZero()) {
            unsaid(workload, "failures of its check do not count for " + check.startPeriod() + " after its start");
        }
    }

    private static boolean isWhole(Duration time) {
        return time.toNanosPart() == 0 && !time.isZero();
    }

    private static long seconds(Duration time) {
        return Math.max(1, time.plusNanos(999_999_999).toSeconds());
    }

    private void unsaid(Workload workload, String what) {
        String kind = workload.isJob() ? "job" : "service";
        unsaid.add(kind + " " + quote(workload.name()) + ": "
                + what.replace("$", "$$").replaceAll("\\R", " "));
    }

    private void line(int depth, String text) {
        body.append("  ".repeat(depth)).append(text).append('\n');
    }

    /** A double-quoted scalar, in printable ASCII and letters only, so that every parser reads it alike. */
    private static String quote(String text) {
        return quote(Text.of(text));
    }

    private static String quote(Text text) {
        return '"' + text.spell(ProcessComposeFile::escape, name -> "${" + name.variable() + "}") + '"';
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> escaped.append(escape(c)));
        return escaped.toString();
    }

    private static String escape(int c) {
        return switch (c) {
            case '$' -> "$$";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            default -> isPlain(c) ? Character.toString(c) : String.format(c <= 0xFFFF ? "\\u%04x" : "\\U%08x", c);
        };
    }

    private static boolean isPlain(int c) {
        return (c >= ' ' && c <= '~') || (c > '~' && c <= 0xFFFF && Character.isLetterOrDigit(c));
    }
}
