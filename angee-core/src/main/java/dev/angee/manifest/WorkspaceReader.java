package dev.angee.manifest;

import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.MappingReader.ListForm;
import dev.angee.internal.yaml.Problems;
import dev.angee.manifest.WorkspaceSpec.Made;
import dev.angee.manifest.WorkspaceSpec.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code workspaces}, and what the Go operator keeps in a manifest of what it has made. */
final class WorkspaceReader {
    private static final int HIGHEST_PORT = 65535;

    private WorkspaceReader() {}

    static Optional<WorkspaceSpec> workspace(String name, MappingReader entry) {
        boolean named = ManifestReader.checkName(name, entry);
        Optional<String> template = entry.required("template");
        Map<String, String> inputs = entry.textMap("inputs");
        Map<String, Slot> slots = entry.entries("sources", WorkspaceReader::slot);
        Optional<Made> made = entry.map("resolved", WorkspaceReader::made);
        Optional<Duration> ttl = entry.duration("ttl");
        Optional<Instant> expiresAt = entry.time("ttl_expires_at");
        return named && template.isPresent()
                ? Optional.of(new WorkspaceSpec(name, template.get(), inputs, slots, made, ttl, expiresAt))
                : Optional.empty();
    }

    private static Optional<Slot> slot(String name, MappingReader entry) {
        boolean named = ManifestReader.checkName(name, entry);
        Optional<String> source = entry.required("source");
        Slot slot = new Slot(
                source.orElse(""), entry.text("mode"), entry.text("branch"), entry.text("ref"), entry.text("subpath"));
        return named && source.isPresent() ? Optional.of(slot) : Optional.empty();
    }

    private static Optional<Made> made(MappingReader resolved) {
        resolved.text("lifecycle"); // written by an early version of the Go operator; means nothing since
        Map<String, String> persist = new LinkedHashMap<>();
        resolved.entries("persist_paths", (name, entry) -> {
                    entry.text("scope");
                    return entry.text("subpath");
                })
                .forEach(persist::put);
        Map<String, Integer> allocations = new LinkedHashMap<>();
        MappingReader ports = resolved.map("allocations");
        for (String pool : ports.names()) {
            OptionalInt port = ports.integer(pool, 1, HIGHEST_PORT);
            port.ifPresent(number -> allocations.put(pool, number));
        }
        return Optional.of(
                new Made(resolved.texts("chain", ListForm.LIST), resolved.text("chain_root"), allocations, persist));
    }

    static List<LeaseSpec> leases(MappingReader root, Problems problems) {
        List<LeaseSpec> leases = new ArrayList<>();
        MappingReader pools = root.map("port_leases");
        for (String pool : pools.names()) {
            pools.items(pool, ListForm.LIST, (path, item) -> {
                MappingReader lease = new MappingReader(item, path, problems);
                OptionalInt port = lease.integer("port", 1, HIGHEST_PORT);
                Optional<String> owner = lease.required("owner");
                Optional<Instant> since = lease.time("created_at");
                if (port.isEmpty() && !lease.has("port")) {
                    lease.missing("'port' is missing");
                }
                lease.finish();
                if (port.isPresent() && owner.isPresent()) {
                    leases.add(new LeaseSpec(pool, port.getAsInt(), owner.get(), since));
                }
            });
        }
        return leases;
    }
}
