package dev.angee.manifest;

import dev.angee.expression.Expression;
import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.MappingReader.ListForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * Reads {@code ports}: a text or a list of texts such as {@code 8080:80}, and maps, of the Go operator's form
 * ({@code port}, {@code host}) or of Compose's ({@code target}, {@code published}, {@code host_ip}, {@code protocol}).
 */
final class PortReader {
    private static final String KEY = "ports";

    private PortReader() {}

    static List<Expression> read(MappingReader entry) {
        List<Expression> ports = new ArrayList<>();
        entry.items(KEY, ListForm.OR_SCALAR, (path, item) -> {
            if (item instanceof MappingNode) {
                MappingReader map = entry.nested(item, path);
                port(map).ifPresent(ports::add);
                map.finish();
            } else {
                entry.expression(item, path).ifPresent(ports::add);
            }
        });
        return ports;
    }

    private static Optional<Expression> port(MappingReader map) {
        boolean compose = map.has("target") || !map.has("port");
        if (compose) {
            Optional<Expression> target = map.expression("target");
            if (target.isEmpty() && !map.has("target")) {
                map.problem("", "'target' is missing: the port inside the container");
            }
            String protocol = map.word("protocol", List.of("tcp", "udp"))
                    .map(word -> "/" + word)
                    .orElse("");
            String host = map.expression("host_ip").map(ip -> ip.text() + ":").orElse("");
            String published =
                    map.expression("published").map(port -> port.text() + ":").orElse("");
            if (!host.isEmpty() && published.isEmpty()) {
                map.problem("host_ip", "needs 'published': the port on the host");
            }
            return target.map(port -> Expression.parse(host + published + port.text() + protocol));
        }
        String host = map.expression("host").map(port -> port.text() + ":").orElse("");
        return map.expression("port").map(port -> Expression.parse(host + port.text()));
    }
}
