package dev.angee.manifest;

import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.MappingReader.ListForm;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.DockerAccess;
import dev.angee.workload.Hardening;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads what can be said of a container only. */
final class ContainerReader {
    private static final Pattern CAPABILITY = Pattern.compile("[A-Z][A-Z_]*");
    private static final Pattern HOST = Pattern.compile("([^:=]+)[:=](.+)", Pattern.DOTALL);
    private static final String RESERVED_LABELS = "com.docker.";
    private static final String OUR_LABELS = "dev.angee.";
    private static final String AGENT_LABEL = "dev.angee.agent";

    private ContainerReader() {}

    static ContainerOptions read(MappingReader entry) {
        DockerAccess access = entry.word("docker_access", List.of("none", "socket"))
                .filter("socket"::equals)
                .map(word -> DockerAccess.SOCKET)
                .orElse(DockerAccess.NONE);
        return new ContainerOptions(
                labels(entry),
                networks(entry),
                hosts(entry),
                new Hardening(
                        capabilities(entry, "cap_drop"),
                        capabilities(entry, "cap_add"),
                        entry.flag("read_only"),
                        entry.flag("no_new_privileges")),
                entry.text("container_runtime"),
                access);
    }

    private static Map<String, String> labels(MappingReader entry) {
        Map<String, String> labels = entry.textMap("labels");
        for (String label : labels.keySet()) {
            boolean isOurs = label.startsWith(OUR_LABELS) && !label.equals(AGENT_LABEL);
            if (label.isEmpty() || label.startsWith(RESERVED_LABELS) || isOurs) {
                entry.contradiction("labels", "'" + label + "' is the runtime's own; choose another label");
            }
        }
        return labels;
    }

    private static List<String> networks(MappingReader entry) {
        List<String> networks = entry.texts("networks", ListForm.LIST);
        for (String network : networks) {
            if (!ManifestReader.isName(network)) {
                entry.problem("networks", "'" + network + "' cannot be a name");
            }
        }
        return networks.stream().distinct().toList();
    }

    private static List<String> capabilities(MappingReader entry, String key) {
        List<String> capabilities = entry.texts(key, ListForm.LIST);
        for (String capability : capabilities) {
            if (!CAPABILITY.matcher(capability).matches()) {
                entry.problem(key, "'" + capability + "' is not a capability such as NET_ADMIN or ALL");
            }
        }
        return capabilities;
    }

    /** A map of names to addresses, or Compose's list of {@code name:address}. */
    private static Map<String, String> hosts(MappingReader entry) {
        String key = "extra_hosts";
        Map<String, String> hosts = new TreeMap<>();
        if (entry.value(key).filter(MappingNode.class::isInstance).isPresent()) {
            MappingReader map = entry.map(key);
            entry.textMap(key).forEach((host, address) -> {
                if (host.isEmpty() || address.isEmpty()) {
                    map.keyProblem(host, "needs a host and its address such as db.local: 10.0.0.7");
                }
                hosts.put(host, address);
            });
        } else {
            for (String line : entry.texts(key, ListForm.LIST)) {
                Matcher parts = HOST.matcher(line);
                if (parts.matches()) {
                    hosts.put(parts.group(1), parts.group(2));
                } else {
                    entry.problem(key, "'" + line + "' is not a host and its address such as db.local:10.0.0.7");
                }
            }
        }
        return hosts;
    }
}
