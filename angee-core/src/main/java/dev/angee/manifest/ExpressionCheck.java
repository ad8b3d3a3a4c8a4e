package dev.angee.manifest;

import dev.angee.expression.Expression;
import dev.angee.internal.Suggestion;
import dev.angee.internal.yaml.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds references in the expressions of one workload that nothing declared answers. */
final class ExpressionCheck {
    private static final List<String> SERVICE_FIELDS = List.of("host", "port", "url");
    private static final Set<String> NAMESPACES = Set.of(
            "alloc", "inputs", "name", "operator", "persist", "ports", "secret", "service", "source", "workspace");

    private final Manifest manifest;
    private final WorkloadSpec spec;
    private final Problems problems;

    ExpressionCheck(Manifest manifest, WorkloadSpec spec, Problems problems) {
        this.manifest = manifest;
        this.spec = spec;
        this.problems = problems;
    }

    void run() {
        expressions(spec)
                .forEach((path, expression) ->
                        expression.referencesByOffset().forEach((offset, reference) -> check(path, offset, reference)));
    }

    /** Every expression of a workload, by its manifest path. */
    static Map<String, Expression> expressions(WorkloadSpec spec) {
        Map<String, Expression> all = new LinkedHashMap<>();
        list(all, spec.path() + ".entrypoint", spec.entrypoint());
        list(all, spec.path() + ".command", spec.command());
        list(all, spec.path() + ".shutdown", spec.shutdown());
        spec.env().forEach((name, value) -> all.put(spec.path() + ".env." + name, value));
        list(all, spec.path() + ".ports", spec.ports());
        for (int i = 0; i < spec.mounts().size(); i++) {
            String path = spec.path() + ".mounts[" + i + "]";
            if (spec.mounts().get(i) instanceof MountSpec.Fields fields) {
                all.put(path + ".source", fields.source());
                all.put(path + ".target", fields.target());
            } else if (spec.mounts().get(i) instanceof MountSpec.Line line) {
                all.put(path, line.text());
            }
        }
        spec.workdir().ifPresent(workdir -> all.put(spec.path() + ".workdir", workdir));
        spec.healthCheck().ifPresent(check -> probe(all, spec.path() + ".healthcheck", check.probe()));
        spec.liveness().ifPresent(check -> probe(all, spec.path() + ".liveness", check.probe()));
        return all;
    }

    private static void list(Map<String, Expression> all, String path, List<Expression> list) {
        for (int i = 0; i < list.size(); i++) {
            all.put(path + "[" + i + "]", list.get(i));
        }
    }

    private static void probe(Map<String, Expression> all, String path, HealthCheckSpec.ProbeSpec probe) {
        if (probe instanceof HealthCheckSpec.Http http) {
            all.put(path + ".http.port", http.port());
            all.put(path + ".http.path", http.path());
        } else if (probe instanceof HealthCheckSpec.Tcp tcp) {
            all.put(path + ".tcp.port", tcp.port());
        } else if (probe instanceof HealthCheckSpec.Exec exec) {
            list(all, path + ".exec", exec.command());
        }
    }

    private void check(String path, int offset, String reference) {
        int dot = reference.indexOf('.');
        String namespace = dot < 0 ? reference : reference.substring(0, dot);
        String rest = dot < 0 ? "" : reference.substring(dot + 1);
        switch (namespace) {
            case "name" -> {
                if (dot >= 0) {
                    report(path, offset, "'" + reference + "' is not known; the name of a service or job is ${name}");
                }
            }
            case "secret" ->
                declared(path, offset, reference, rest, manifest.secrets().keySet());
            case "ports" ->
                declared(path, offset, reference, rest, manifest.ports().keySet());
            case "alloc" ->
                declared(path, offset, reference, rest, manifest.pools().keySet());
            case "persist" ->
                declared(
                        path,
                        offset,
                        reference,
                        rest,
                        manifest.persist().entries().keySet());
            case "source" ->
                place(path, offset, reference, rest, manifest.sources().keySet());
            case "workspace" ->
                place(path, offset, reference, rest, manifest.workspaces().keySet());
            case "service" -> service(path, offset, reference, rest);
            case "operator" -> declared(path, offset, reference, rest, Set.of("url", "domain"));
            case "inputs" -> {
                if (spec.path().startsWith("services.")) {
                    report(path, offset, "'" + reference + "' is known to jobs only, when they are run by name");
                }
            }
            default -> {
                // no namespace of ours: evaluating it says what is known
                report(path, offset, unknown(reference));
            }
        }
    }

    private static String unknown(String reference) {
        int colon = reference.indexOf(':');
        if (colon >= 0 && NAMESPACES.contains(reference.substring(0, colon))) {
            return "'" + reference + "' is no path; its parts are joined by dots: ${" + reference.replace(':', '.')
                    + "}";
        }
        if (reference.startsWith("alloc_")) {
            return "'" + reference + "' is not known; the port of a pool is ${alloc." + reference.substring(6) + "}";
        }
        return "'" + reference + "' is not known here (known: name, alloc., inputs., operator., persist., ports.,"
                + " secret., service., source., workspace.). Write $${ for a literal ${";
    }

    private void declared(String path, int offset, String reference, String name, Set<String> names) {
        require(path, offset, reference, names.contains(name), names);
    }

    /** A name, or a name and {@code .path}. */
    private void place(String path, int offset, String reference, String rest, Set<String> names) {
        String name = rest.endsWith(".path") && !names.contains(rest) ? rest.substring(0, rest.length() - 5) : rest;
        require(path, offset, reference, names.contains(name), names);
    }

    /** A name, or a name and one of its fields. */
    private void service(String path, int offset, String reference, String rest) {
        Set<String> names = manifest.services().keySet();
        int dot = rest.lastIndexOf('.');
        String service = dot < 0 ? rest : rest.substring(0, dot);
        if (names.contains(rest) || !names.contains(service)) {
            require(path, offset, reference, names.contains(rest), names);
        } else if (!SERVICE_FIELDS.contains(rest.substring(dot + 1))) {
            List<String> fields = SERVICE_FIELDS.stream()
                    .map(field -> "service." + service + "." + field)
                    .toList();
            report(path, offset, "'" + reference + "' is not known" + Suggestion.among(fields, "known", reference));
        }
    }

    private void require(String path, int offset, String reference, boolean known, Set<String> names) {
        if (known) {
            return;
        }
        String namespace = reference.split("[.]", 2)[0] + ".";
        Set<String> paths = new TreeSet<>();
        names.forEach(name -> paths.add(namespace + name));
        report(path, offset, "'" + reference + "' is not declared" + Suggestion.among(paths, "declared", reference));
    }

    private void report(String path, int offset, String message) {
        problems.add(manifest.problemAt(path, offset, message));
    }
}
