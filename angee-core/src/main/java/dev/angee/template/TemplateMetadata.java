package dev.angee.template;

import dev.angee.expression.Expression;
import dev.angee.port.PortPool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a template's {@code copier.yml} says.
 *
 * @param kind what it makes: {@code workspace}, {@code stack} or {@code service}
 * @param name what people call it
 * @param format how its files become the rendered ones
 * @param inputs what it asks for, by name, in the order in which it asks
 * @param slots the sources it wants in a workspace, by slot
 * @param chainRoot where chained stacks are rendered, relative to the workspace
 * @param chain the stack templates it renders into the workspace
 * @param pools the port pools it makes sure of
 */
public record TemplateMetadata(
        String kind,
        Optional<String> name,
        TreeFormat format,
        Map<String, InputSpec> inputs,
        Map<String, SlotTemplate> slots,
        Optional<String> chainRoot,
        List<ChainEntry> chain,
        Map<String, PortPool> pools) {
    private static final String ALLOCATION = "alloc.";

    /** The name of the file. */
    public static final String FILE_NAME = "copier.yml";

    /** Copies the collections. */
    public TemplateMetadata {
        inputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        slots = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(slots));
        chain = List.copyOf(chain);
        pools = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(pools));
    }

    /** The pools it asks a port from: those it names as {@code ${alloc.<pool>}}, and no others. */
    public Set<String> wantedPools() {
        List<Expression> written = new ArrayList<>();
        for (SlotTemplate slot : slots.values()) {
            slot.source().ifPresent(written::add);
            slot.branch().ifPresent(written::add);
            slot.ref().ifPresent(written::add);
            slot.subpath().ifPresent(written::add);
        }
        for (ChainEntry entry : chain) {
            written.add(entry.template());
            entry.root().ifPresent(written::add);
            written.addAll(entry.inputs().values());
        }
        Set<String> wanted = new TreeSet<>();
        for (Expression each : written) {
            each.references().stream()
                    .filter(path -> path.startsWith(ALLOCATION))
                    .forEach(path -> wanted.add(path.substring(ALLOCATION.length())));
        }
        return wanted;
    }
}
