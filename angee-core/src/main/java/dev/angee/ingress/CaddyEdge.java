package dev.angee.ingress;

import dev.angee.compile.PlanTransform;
import dev.angee.manifest.IngressSpec;
import dev.angee.manifest.IngressSpec.Routing;
import dev.angee.manifest.IngressSpec.Tls;
import dev.angee.manifest.Manifest;
import dev.angee.plan.Dependency;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PlannedVolume;
import dev.angee.plan.Provenance;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.PublishedPort.Protocol;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.workload.Condition;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.DockerAccess;
import dev.angee.workload.Hardening;
import dev.angee.workload.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Adds a Caddy that is driven by the labels of containers, and gives every routed service its labels. A routed service
 * publishes no ports of its own any more; it is on the edge's network and stays on the stack's own, so that it still
 * reaches what is not routed. It depends on the edge, so that bringing it up brings up the edge. Immutable.
 */
public final class CaddyEdge implements PlanTransform {
    private static final String SERVICE = "edge";
    private static final String DATA = "edge-data";
    private static final String STANDARD_IMAGE = "lucaslorentz/caddy-docker-proxy:2.9";
    private static final String STANDARD_VERIFY = "operator:9000";
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final IngressSpec ingress;
    private final Optional<String> domain;
    private final String network;
    private final Provenance written;

    private CaddyEdge(Manifest manifest) {
        this.ingress = manifest.ingress();
        this.domain = manifest.operator().domain();
        this.network = ingress.network().orElse(standardNetwork(manifest.name()));
        this.written = Provenance.written(
                        manifest.file(),
                        manifest.place("ingress").line(),
                        manifest.place("ingress").column())
                .through("transform " + name());
    }

    /** The edge that a manifest asks for, if it does. */
    public static Optional<CaddyEdge> of(Manifest manifest) {
        return manifest.ingress().isPresent() ? Optional.of(new CaddyEdge(manifest)) : Optional.empty();
    }

    @Override
    public String name() {
        return "caddy-edge";
    }

    @Override
    public RuntimePlan apply(RuntimePlan plan) {
        List<Workload> workloads = new ArrayList<>();
        Map<String, Provenance> provenance = new TreeMap<>(plan.provenance());
        workloads.add(edge());
        provenance.put("services." + SERVICE, written);
        List<String> routed = plan.workloads().stream()
                .filter(workload -> workload.route().isPresent())
                .map(Workload::name)
                .sorted()
                .toList();
        int index = 0;
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : routed) {
            numbers.put(name, index++);
        }
        for (Workload workload : plan.workloads()) {
            Optional<Route> route = workload.route();
            workloads.add(
                    route.isPresent()
                            ? routed(workload, route.get(), numbers.getOrDefault(workload.name(), 0))
                            : workload);
        }
        workloads.sort(Comparator.comparing(Workload::isJob).thenComparing(Workload::name));
        TreeSet<String> networks = new TreeSet<>(plan.networks());
        networks.add(network);
        return new RuntimePlan(
                plan.project(), plan.root(), workloads, volumes(plan), List.copyOf(networks), provenance);
    }

    private static List<PlannedVolume> volumes(RuntimePlan plan) {
        List<PlannedVolume> volumes = new ArrayList<>(plan.volumes());
        if (volumes.stream().noneMatch(volume -> volume.name().equals(DATA))) {
            volumes.add(new PlannedVolume(DATA, "local"));
        }
        volumes.sort(Comparator.comparing(PlannedVolume::name));
        return volumes;
    }

    private Workload edge() {
        WorkloadBuilder edge =
                Workload.service(SERVICE, new Launch.Image(ingress.image().orElse(STANDARD_IMAGE)));
        if (ingress.tls() == Tls.AUTO) {
            edge.port(published(HTTPS, HTTPS)).port(published(HTTP, HTTP));
        } else {
            edge.port(published(ingress.port().orElse(HTTP), HTTP));
        }
        edge.mount(new PlannedMount.Volume(DATA, "/data", false)); // the certificates, which are rationed
        return edge.container(new ContainerOptions(
                        Map.of(), List.of(network), Map.of(), Hardening.none(), Optional.empty(), DockerAccess.SOCKET))
                .build();
    }

    private static PublishedPort published(int host, int target) {
        return new PublishedPort("0.0.0.0", host, target, Protocol.TCP);
    }

    private Workload routed(Workload workload, Route route, int index) {
        ContainerOptions options = workload.container().network(network);
        for (Map.Entry<String, String> label :
                labels(workload.name(), route, index).entrySet()) {
            options = options.label(label.getKey(), label.getValue());
        }
        return workload.toBuilder()
                .ports(List.of())
                .container(options)
                .dependsOn(new Dependency(SERVICE, Condition.STARTED))
                .build();
    }

    /** Numbered by path, so that the labels of several containers make one site and do not replace each other. */
    private Map<String, String> labels(String service, Route route, int index) {
        Map<String, String> labels = new LinkedHashMap<>();
        String scheme = ingress.tls() == Tls.OFF ? "http://" : "";
        String directive = "caddy";
        if (ingress.routing() == Routing.PATH) {
            String prefix = IngressSpec.prefix(service, route);
            labels.put("caddy", scheme + ingress.domain().or(() -> domain).orElse(""));
            directive = "caddy." + index + "_handle_path";
            labels.put(directive, (prefix.isEmpty() ? "" : "/" + prefix) + "/*");
        } else {
            labels.put("caddy", scheme + ingress.address(service, route, domain));
        }
        labels.put(directive + ".reverse_proxy", "{{upstreams " + route.port() + "}}");
        labels.put(directive + ".reverse_proxy.flush_interval", "-1");
        if (route.auth() == Route.Auth.FORWARD) {
            labels.put(directive + ".forward_auth", ingress.verify().orElse(STANDARD_VERIFY));
            labels.put(directive + ".forward_auth.uri", "/edge/verify?service=" + service);
        }
        return labels;
    }

    /** The stack's name and {@code _edge}; characters that a network's key cannot have become dashes. */
    private static String standardNetwork(String stack) {
        String safe = stack.replaceAll("[^a-zA-Z0-9._-]+", "-").replaceAll("^[^a-zA-Z0-9]+", "");
        return (safe.isEmpty() ? "stack" : safe) + "_edge";
    }
}
