package dev.angee.compile;

import dev.angee.RuntimeKind;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.manifest.HealthCheckSpec;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.plan.PublishedPort;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How services reach each other: what <code>${service.<name>}</code> stands for, as seen from a container and from a local
 * process.
 *
 * <p>A container is seen by other containers under its own name, at its first port (that of its route, if it has one); by
 * local processes at 127.0.0.1, at the first port it publishes. A local process is seen by others at 127.0.0.1, by
 * containers at {@code host.docker.internal}, at the port that its health check tries.
 */
final class ServiceAddresses {
    /** The name that containers know this host by. */
    static final String HOST_FROM_CONTAINER = "host.docker.internal";

    private static final String LOOPBACK = "127.0.0.1";
    private static final String PREFIX = "service.";

    private final Manifest manifest;
    private final Scope scope;
    private final Map<RuntimeKind, Scope> views = new EnumMap<>(RuntimeKind.class);

    ServiceAddresses(Manifest manifest, Scope scope) {
        this.manifest = manifest;
        this.scope = scope;
    }

    /** All that a workload of some runtime can name. */
    Scope seenFrom(RuntimeKind viewer) {
        return views.computeIfAbsent(viewer, this::view);
    }

    private Scope view(RuntimeKind viewer) {
        Map<String, String> values = new TreeMap<>();
        for (WorkloadSpec service : manifest.services().values()) {
            String prefix = PREFIX + service.name();
            String host = host(service, viewer);
            Optional<Integer> port = port(service, viewer);
            Optional<String> url = service.route()
                    .filter(route -> manifest.ingress().isPresent())
                    .map(route -> manifest.ingress()
                            .url(service.name(), route, manifest.operator().domain()));
            values.put(prefix + ".host", host);
            port.ifPresent(number -> values.put(prefix + ".port", number.toString()));
            url.or(() -> port.map(number -> "http://" + host + ":" + number))
                    .ifPresent(address -> values.put(prefix + ".url", address));
            values.put(
                    prefix,
                    url.or(() -> port.map(number -> host + ":" + number)).orElse(host));
        }
        return scope.with(values);
    }

    private static String host(WorkloadSpec service, RuntimeKind viewer) {
        if (service.runtime() == RuntimeKind.CONTAINER) {
            return viewer == RuntimeKind.CONTAINER ? service.name() : LOOPBACK;
        }
        return viewer == RuntimeKind.CONTAINER ? HOST_FROM_CONTAINER : LOOPBACK;
    }

    private Optional<Integer> port(WorkloadSpec service, RuntimeKind viewer) {
        if (service.runtime() == RuntimeKind.LOCAL) {
            return service.healthCheck().flatMap(check -> probed(service, check));
        }
        if (viewer == RuntimeKind.CONTAINER && service.route().isPresent()) {
            return service.route().map(route -> route.port());
        }
        if (service.route().isPresent() && manifest.ingress().isPresent()) {
            return Optional.empty(); // the edge takes its published ports away
        }
        return service.ports().stream()
                .flatMap(port -> evaluate(service, port).flatMap(PortText::parse).stream())
                .map(port -> viewer == RuntimeKind.CONTAINER ? port.targetPort() : port.hostPort())
                .filter(port -> port > 0)
                .findFirst();
    }

    private Optional<Integer> probed(WorkloadSpec service, HealthCheckSpec check) {
        if (check.probe() instanceof HealthCheckSpec.Http http) {
            return evaluate(service, http.port()).flatMap(ServiceAddresses::number);
        }
        if (check.probe() instanceof HealthCheckSpec.Tcp tcp) {
            return evaluate(service, tcp.port()).flatMap(ServiceAddresses::number);
        }
        return Optional.empty();
    }

    private static Optional<Integer> number(String text) {
        return PortText.parse(text).map(PublishedPort::targetPort);
    }

    /** What cannot be evaluated is reported where it is written, by the planner of that service. */
    private Optional<String> evaluate(WorkloadSpec service, Expression written) {
        try {
            return Optional.of(written.evaluate(scope.with("name", service.name())));
        } catch (ExpressionException e) {
            return Optional.empty();
        }
    }
}
