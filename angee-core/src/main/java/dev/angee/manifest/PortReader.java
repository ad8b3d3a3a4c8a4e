package dev.angee.manifest;

import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
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
            if (!map.has("target")) {
                map.missing("'target' is missing: the port inside the container");
            }
            String protocol = map.word("protocol", List.of("tcp", "udp"))
                    .map(word -> "/" + word)
                    .orElse("");
            String host = address(part(map, "host_ip"));
            String published = part(map, "published");
            if (!host.isEmpty() && !map.has("published")) {
                map.problem("host_ip", "needs 'published': the port on the host");
            }
            return target.flatMap(port -> joined(map, host + published + port.text() + protocol));
        }
        String host = part(map, "host");
        return map.expression("port").flatMap(port -> joined(map, host + port.text()));
    }

    /** An IPv6 address stands in brackets in a line. */
    private static String address(String part) {
        String address = part.isEmpty() ? "" : part.substring(0, part.length() - 1);
        return address.contains(":") && !address.startsWith("[") && !address.contains("${")
                ? "[" + address + "]:"
                : part;
    }

    /** What stands before another part, colon included; nothing if it is absent or empty. */
    private static String part(MappingReader map, String key) {
        return map.expression(key)
                .map(Expression::text)
                .filter(text -> !text.isEmpty())
                .map(text -> text + ":")
                .orElse("");
    }

    /** The parts are sound each by itself, but together they can read as a reference that is not. */
    private static Optional<Expression> joined(MappingReader map, String text) {
        try {
            return Optional.of(Expression.parse(text));
        } catch (ExpressionException e) {
            map.contradiction("", "together these are '" + text + "', and there " + e.getMessage());
            return Optional.empty();
        }
    }
}
