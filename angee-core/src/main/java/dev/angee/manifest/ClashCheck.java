package dev.angee.manifest;

import dev.angee.internal.yaml.Problems;
import dev.angee.manifest.IngressSpec.Routing;
import dev.angee.secret.SecretName;
import dev.angee.workload.Route;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds two things that want to be one: names, variables of secrets, addresses of routes. */
final class ClashCheck {
    private static final String EDGE = "edge";
    private static final String EDGE_DATA = "edge-data";
    private static final String ENV_FILE_SECRETS = "envfile.";
    private static final Pattern ROUTED_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern HOST = Pattern.compile("[a-zA-Z0-9.-]+");
    private static final Pattern UNSAFE = Pattern.compile("[ \\t\\r\\n{}#\"`]");

    private final Manifest manifest;
    private final Problems problems;

    ClashCheck(Manifest manifest, Problems problems) {
        this.manifest = manifest;
        this.problems = problems;
    }

    void run() {
        for (WorkloadSpec job : manifest.jobs().values()) {
            if (manifest.services().containsKey(job.name())) {
                report(job.path(), "a service has this name too; a job needs another");
            }
        }
        secrets();
        if (manifest.ingress().type() == IngressSpec.Type.CADDY) {
            routes();
        }
    }

    private void secrets() {
        Map<String, String> variables = new TreeMap<>();
        for (String name : manifest.secrets().keySet()) {
            if (!SecretName.isValid(name)) {
                continue;
            }
            if (name.startsWith(ENV_FILE_SECRETS)) {
                report("secrets." + name, "names that begin with '" + ENV_FILE_SECRETS + "' are kept for env_file");
            }
            String variable = new SecretName(name).variable();
            String other = variables.putIfAbsent(variable, name);
            if (other != null) {
                report(
                        "secrets." + name,
                        "has the variable " + variable + ", and so has '" + other + "'; rename one of them");
            }
        }
    }

    private void routes() {
        IngressSpec ingress = manifest.ingress();
        Optional<String> domain = ingress.domain().or(() -> manifest.operator().domain());
        if (ingress.routing() == Routing.PATH && domain.isEmpty()) {
            report("ingress.routing", "routing by path needs 'ingress.domain' or 'operator.domain'");
        }
        if (manifest.jobs().containsKey(EDGE)) {
            report("jobs." + EDGE, "the name 'edge' is reserved for the edge itself; rename the job");
        }
        if (manifest.volumes().containsKey(EDGE_DATA)) {
            report("volumes." + EDGE_DATA, "the name 'edge-data' is reserved for the edge's own; rename the volume");
        }
        Map<String, String> addresses = new TreeMap<>();
        manifest.services().forEach((name, spec) -> {
            if (name.equals(EDGE)) {
                report(spec.path(), "the name 'edge' is reserved for the edge itself; rename the service");
            }
            spec.route().ifPresent(route -> {
                check(spec, route, ingress.routing());
                String address = ingress.address(name, route, domain);
                String other = addresses.putIfAbsent(
                        ingress.routing() == Routing.HOST ? address.toLowerCase(Locale.ROOT) : address, name);
                if (other != null) {
                    report(
                            spec.path() + ".route",
                            "leads to " + address + ", and so does that of '" + other + "'; change one of them");
                }
            });
        });
    }

    private void check(WorkloadSpec spec, Route route, Routing routing) {
        String path = spec.path() + ".route";
        if (!ROUTED_NAME.matcher(spec.name()).matches()) {
            report(
                    spec.path(),
                    "a routed service's name has small letters, digits, '_' and '-' only, at most 63, and begins with"
                            + " a letter or digit");
        }
        if (route.host().isPresent() && route.path().isPresent()) {
            report(path, "'host' and 'path' are mutually exclusive; with 'ingress.routing: host' it is 'host'");
        } else if (routing == Routing.HOST && route.path().isPresent()) {
            report(path + ".path", "needs 'ingress.routing: path'");
        } else if (routing == Routing.PATH && route.host().isPresent()) {
            report(path + ".host", "needs 'ingress.routing: host'");
        }
        if (route.host().filter(host -> !HOST.matcher(host).matches()).isPresent()) {
            report(path + ".host", "route.host has letters, digits, '.' and '-' only");
        }
        if (route.path().filter(p -> UNSAFE.matcher(p).find()).isPresent()) {
            report(path + ".path", "route.path has no blanks, braces, '#', quotes or backticks");
        }
    }

    private void report(String path, String message) {
        problems.add(manifest.problemAt(path, message));
    }
}
