package dev.angee.manifest;

import dev.angee.internal.yaml.MappingReader;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code operator} and {@code template}. */
final class HostReader {
    static final TemplateSpec NO_TEMPLATE = new TemplateSpec(Optional.empty(), Optional.empty());
    static final OperatorSpec NO_OPERATOR = new OperatorSpec(Optional.empty(), Optional.empty(), Map.of());

    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,5})\\s*-\\s*(\\d{1,5})\\s*");
    private static final int HIGHEST_PORT = 65535;

    private HostReader() {}

    static Optional<TemplateSpec> template(MappingReader template) {
        return Optional.of(new TemplateSpec(template.text("active"), template.text("answers_file")));
    }

    static Optional<OperatorSpec> operator(MappingReader operator) {
        OperatorSpec spec = new OperatorSpec(
                operator.text("url"),
                IngressReader.safe(operator, "domain"),
                operator.entries("port_pool", HostReader::pool));
        operator.unbuilt("token_secret", "remove it; give the token to the adapter that serves the API");
        operator.unbuilt("template_paths", "remove it; give template libraries to the builder");
        operator.unbuilt("workspace_pool", "remove it");
        return Optional.of(spec);
    }

    private static Optional<PoolSpec> pool(String name, MappingReader entry) {
        boolean named = ManifestReader.checkName(name, entry);
        Optional<String> range = entry.required("range");
        if (range.isEmpty()) {
            return Optional.empty();
        }
        Matcher ends = RANGE.matcher(range.get());
        if (!ends.matches()) {
            entry.problem("range", "'" + range.get() + "' is not a range of ports such as 8100-8199");
            return Optional.empty();
        }
        int first = Integer.parseInt(ends.group(1));
        int last = Integer.parseInt(ends.group(2));
        if (first < 1 || last < first || last > HIGHEST_PORT) {
            entry.contradiction("range", "'" + range.get() + "' is not a range of ports such as 8100-8199");
            return Optional.empty();
        }
        return named ? Optional.of(new PoolSpec(name, first, last)) : Optional.empty();
    }
}
