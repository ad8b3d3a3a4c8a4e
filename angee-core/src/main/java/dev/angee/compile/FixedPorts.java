package dev.angee.compile;

import dev.angee.expression.Expression;
import dev.angee.manifest.IngressSpec;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.plan.PublishedPort;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ports of this host that a manifest fixes by itself, whatever is leased. Pure. */
public final class FixedPorts {
    private static final List<Integer> WEB = List.of(80, 443);

    private FixedPorts() {}

    /**
     * The ports, each once, by what fixes them first: {@code ports.web}, {@code ingress}, or
     * {@code services.web.ports[0]} for one that is published as a plain number.
     */
    public static Map<String, Integer> of(Manifest manifest) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        Set<Integer> seen = new HashSet<>();
        manifest.ports().forEach((name, port) -> put(ports, seen, "ports." + name, port));
        IngressSpec ingress = manifest.ingress();
        if (ingress.isPresent()) {
            List<Integer> edge = ingress.tls() == IngressSpec.Tls.AUTO
                    ? WEB
                    : List.of(ingress.port().orElse(80));
            edge.forEach(port -> put(ports, seen, "ingress." + port, port));
        }
        for (WorkloadSpec service : manifest.services().values()) {
            boolean routed = ingress.isPresent() && service.route().isPresent();
            for (int i = 0; i < service.ports().size() && !routed; i++) {
                Expression written = service.ports().get(i);
                if (written.references().isEmpty()) {
                    String path = service.path() + ".ports[" + i + "]";
                    PortText.parse(written.text())
                            .filter(port -> port.hostPort() > 0 && port.protocol() == PublishedPort.Protocol.TCP)
                            .ifPresent(port -> put(ports, seen, path, port.hostPort()));
                }
            }
        }
        return ports;
    }

    private static void put(Map<String, Integer> ports, Set<Integer> seen, String name, int port) {
        if (seen.add(port)) {
            ports.put(name, port);
        }
    }
}
