package dev.angee.plan;

import dev.angee.secret.Text;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.Hardening;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.Route;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A workload as lines of {@code field: value}, by manifest field in a fixed order; what it says nothing about has no
 * line. What is printed and what is compared are these same lines.
 */
final class WorkloadText {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._/+@-]+");

    private final Map<String, String> lines = new LinkedHashMap<>();

    private WorkloadText(Workload workload) {
        launch(workload.launch());
        words("entrypoint", workload.entrypoint());
        words("command", workload.command());
        new TreeMap<>(workload.environment()).forEach((name, value) -> lines.put("env." + name(name), quote(value)));
        numbered("ports", workload.ports());
        numbered("mounts", workload.mounts().stream().map(WorkloadText::mount).toList());
        workload.workdir().ifPresent(folder -> lines.put("workdir", quote(folder)));
        workload.user().ifPresent(who -> lines.put("user", quote(who)));
        workload.dependencies()
                .forEach(each -> lines.put(
                        "depends_on." + each.name(), each.condition().name().toLowerCase(Locale.ROOT)));
        workload.health().ifPresent(check -> lines.put("healthcheck", check(check)));
        workload.liveness().ifPresent(check -> lines.put("liveness", check(check)));
        workload.route().ifPresent(this::route);
        limits(workload.limits());
        lifecycle(workload.lifecycle());
        words("shutdown", workload.shutdown());
        container(workload.container());
    }

    static Map<String, String> of(Workload workload) {
        return new WorkloadText(workload).lines;
    }

    private void launch(Launch launch) {
        if (launch instanceof Launch.Image image) {
            lines.put("image", quote(image.image()));
        } else if (launch instanceof Launch.Build build) {
            build.image().ifPresent(image -> lines.put("image", quote(image)));
            lines.put("build.context", quote(build.context().toString()));
            build.dockerfile().ifPresent(file -> lines.put("build.dockerfile", quote(file)));
            build.target().ifPresent(stage -> lines.put("build.target", quote(stage)));
            new TreeMap<>(build.args()).forEach((name, value) -> lines.put("build.args." + name(name), quote(value)));
        }
    }

    private static String mount(PlannedMount mount) {
        String source;
        if (mount instanceof PlannedMount.Bind bind) {
            source = "bind " + quote(bind.source().toString());
        } else if (mount instanceof PlannedMount.Memory memory) {
            source = "memory " + memory.size();
        } else {
            source = "volume " + quote(((PlannedMount.Volume) mount).name());
        }
        return source + " on " + quote(mount.target()) + (mount.readOnly() ? " read-only" : "");
    }

    private static String check(HealthCheck check) {
        return probe(check.probe()) + " every " + time(check.interval()) + " for " + time(check.timeout()) + ", "
                + check.retries() + " retries"
                + (check.startPeriod().isZero() ? "" : ", start period " + time(check.startPeriod()));
    }

    private static String probe(HealthCheck.Probe probe) {
        if (probe instanceof HealthCheck.Http http) {
            return "http " + http.port() + " " + quote(http.path());
        }
        if (probe instanceof HealthCheck.Tcp tcp) {
            return "tcp " + tcp.port();
        }
        if (probe instanceof HealthCheck.LogLine log) {
            return "log line " + quote(log.pattern());
        }
        return "exec " + quoted(((HealthCheck.Exec) probe).command());
    }

    private void route(Route route) {
        lines.put(
                "route",
                "port " + route.port()
                        + route.host().map(host -> ", host " + quote(host)).orElse("")
                        + route.path().map(path -> ", path " + quote(path)).orElse("")
                        + ", auth " + route.auth().name().toLowerCase(Locale.ROOT));
    }

    private void limits(Limits limits) {
        limits.memory().ifPresent(bytes -> lines.put("limits.memory", bytes + " bytes"));
        limits.milliCpus().ifPresent(milli -> lines.put("limits.cpus", milli + "/1000"));
        limits.pids().ifPresent(pids -> lines.put("limits.pids", Integer.toString(pids)));
    }

    private void lifecycle(Lifecycle given) {
        Lifecycle standard = Lifecycle.standard();
        putIfOther("restart", given.restart(), standard.restart());
        putIfOther("replicas", given.replicas(), standard.replicas());
        putIfOther("success_exit_codes", given.successExitCodes(), standard.successExitCodes());
        given.stopSignal().ifPresent(signal -> lines.put("stop_signal", signal));
        given.stopGrace().ifPresent(grace -> lines.put("stop_grace", time(grace)));
        putIfOther("on_owner_exit", given.onOwnerExit(), standard.onOwnerExit());
        given.timeout().ifPresent(timeout -> lines.put("timeout", time(timeout)));
        putIfOther("profiles", given.profiles(), standard.profiles());
        putIfOther("run_on", given.runOn(), standard.runOn());
        given.logs().ifPresent(logs -> lines.put("logs", logs.maxFiles() + " files of " + logs.maxSize() + " bytes"));
    }

    private void container(ContainerOptions given) {
        given.labels().forEach((name, value) -> lines.put("labels." + name(name), quote(value)));
        putIfOther("networks", given.networks(), List.of());
        given.extraHosts().forEach((name, address) -> lines.put("extra_hosts." + name(name), quote(address)));
        Hardening hardening = given.hardening();
        putIfOther("cap_drop", hardening.capDrop(), List.of());
        putIfOther("cap_add", hardening.capAdd(), List.of());
        putIfOther("read_only", hardening.readOnly(), false);
        putIfOther("no_new_privileges", hardening.noNewPrivileges(), false);
        given.runtime().ifPresent(runtime -> lines.put("container_runtime", quote(runtime)));
        putIfOther(
                "docker_access",
                given.dockerAccess(),
                ContainerOptions.standard().dockerAccess());
    }

    private void putIfOther(String field, Object given, Object standard) {
        if (!given.equals(standard)) {
            lines.put(field, given instanceof Enum<?> e ? e.name().toLowerCase(Locale.ROOT) : given.toString());
        }
    }

    private void words(String field, List<String> words) {
        if (!words.isEmpty()) {
            lines.put(field, quoted(words));
        }
    }

    private void numbered(String field, List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            lines.put(field + "[" + i + "]", values.get(i).toString());
        }
    }

    private static String quoted(Collection<String> words) {
        return words.stream().map(WorkloadText::quote).collect(Collectors.joining(" "));
    }

    /** A name as it is; in quotes if it could be taken for something else, or for another line. */
    static String name(String name) {
        return NAME.matcher(name).matches() ? name : quote(name);
    }

    /** As a manifest would write it, but that a dollar before a secret is spelled: behind another it would hide it. */
    private static String quote(Text text) {
        if (text.secrets().isEmpty()) {
            return quote(text.toString());
        }
        return "\"" + text.spell(WorkloadText::besideSecrets, name -> "${secret." + name + "}") + "\"";
    }

    private static String besideSecrets(String literal) {
        String escaped = literal.replace("${", "$${");
        return escaped.endsWith("$") ? escape(escaped.substring(0, escaped.length() - 1)) + "\\u{24}" : escape(escaped);
    }

    private static String quote(String text) {
        return "\"" + escape(text) + "\"";
    }

    /** On one line, and without a character that a terminal would obey. */
    private static String escape(String text) {
        StringBuilder quoted = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || isSeparator(c)) {
                        quoted.append(String.format("\\u{%x}", c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.toString();
    }

    private static boolean isSeparator(int c) {
        int type = Character.getType(c);
        return type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR || type == Character.SURROGATE;
    }

    private static String time(Duration time) {
        return time.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
