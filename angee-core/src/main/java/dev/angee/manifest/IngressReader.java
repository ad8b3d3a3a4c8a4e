package dev.angee.manifest;

import dev.angee.internal.yaml.MappingReader;
import dev.angee.manifest.IngressSpec.Routing;
import dev.angee.manifest.IngressSpec.Tls;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads {@code ingress}. */
final class IngressReader {
    /** What would change the meaning of the edge's configuration. */
    private static final Pattern SAFE = Pattern.compile("[^\\x00-\\x20\\x7f-\\x9f{}#\"`]+");

    private static final String NETWORK =
            "the name of a network: letters, digits, '.', '_' and '-', beginning with a letter or digit";
    private static final int HIGHEST_PORT = 65535;

    private IngressReader() {}

    static Optional<IngressSpec> read(MappingReader ingress) {
        IngressSpec.Type type = ingress.word("type", List.of("none", "caddy"))
                .filter("caddy"::equals)
                .map(word -> IngressSpec.Type.CADDY)
                .orElse(IngressSpec.Type.NONE);
        Routing routing = ingress.word("routing", List.of("host", "path"))
                .filter("path"::equals)
                .map(word -> Routing.PATH)
                .orElse(Routing.HOST);
        Tls tls = ingress.word("tls", List.of("auto", "off"))
                .filter("off"::equals)
                .map(word -> Tls.OFF)
                .orElse(Tls.AUTO);
        OptionalInt port = ingress.integer("port", 1, HIGHEST_PORT);
        if (port.isPresent() && type != IngressSpec.Type.CADDY) {
            ingress.problem("port", "needs 'ingress.type: caddy'");
        } else if (port.isPresent() && tls != Tls.OFF) {
            ingress.problem("port", "needs 'ingress.tls: off'; with encryption the edge has ports 443 and 80");
        }
        return Optional.of(new IngressSpec(
                type,
                routing,
                tls,
                safe(ingress, "domain"),
                port,
                safe(ingress, "image"),
                ingress.form("network", text -> Optional.of(text).filter(ManifestReader::isName), NETWORK),
                safe(ingress, "verify")));
    }

    static Optional<String> safe(MappingReader ingress, String key) {
        return ingress.form(
                key,
                text -> Optional.of(text).filter(t -> SAFE.matcher(t).matches()),
                "usable here: no blanks, control characters, braces, '#', quotes or backticks");
    }
}
