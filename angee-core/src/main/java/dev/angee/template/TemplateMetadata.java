package dev.angee.template;

import dev.angee.expression.Expression;
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
 * @param questions the names of those that are Copier's questions, too, and not only inputs of {@code _angee}
 * @param slots the sources it wants in a workspace, by slot
 * @param chainRoot where chained stacks are rendered, relative to the workspace
 * @param chain the stack templates it renders into the workspace
 * @param ensure what it makes sure of in the manifest of the root, by dotted path
 * @param persist the folders it makes in a workspace, by name
 * @param naming how it names a workspace
 * @param namePattern how it names a service
 */
public record TemplateMetadata(
        String kind,
        Optional<String> name,
        TreeFormat format,
        Map<String, InputSpec> inputs,
        Set<String> questions,
        Map<String, SlotTemplate> slots,
        Optional<String> chainRoot,
        List<ChainEntry> chain,
        Map<String, Object> ensure,
        Map<String, PersistTemplate> persist,
        InstanceNaming naming,
        Optional<Expression> namePattern) {
    private static final String ALLOCATION = "alloc.";

    /** The name of the file. */
    public static final String FILE_NAME = "copier.yml";

    /** What Copier takes for that name, too, and this library does not. */
    public static final String OTHER_NAME = "copier.yaml";

    /** Copies the collections. */
    public TemplateMetadata {
        inputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        slots = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(slots));
        questions = Set.copyOf(questions);
        chain = List.copyOf(chain);
        ensure = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(ensure));
        persist = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(persist));
    }

    /** The same, asking for these. */
    public TemplateMetadata asking(Map<String, InputSpec> others) {
        return new TemplateMetadata(
                kind, name, format, others, questions, slots, chainRoot, chain, ensure, persist, naming, namePattern);
    }

    /** The pools it asks a port from: those it names as {@code ${alloc.<pool>}}, and no others. */
    public Set<String> wantedPools() {
        List<Expression> written = new ArrayList<>();
        slots.values().forEach(slot -> slot.written().forEach(written::add));
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
