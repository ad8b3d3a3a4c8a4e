package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.stack.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A workspace that was made on this host, or is declared and not made yet. Immutable; its {@link #stack} is alive. */
public final class Workspace {
    private final String name;
    private final String template;
    private final Path path;
    private final Optional<String> chainRoot;
    private final Map<String, Integer> allocations;
    private final List<Slot> slots;
    private final Map<String, Path> persistPaths;
    private final InnerStacks stacks;

    Workspace(
            String name,
            String template,
            Path path,
            Optional<String> chainRoot,
            Map<String, Integer> allocations,
            List<Slot> slots,
            Map<String, Path> persistPaths,
            InnerStacks stacks) {
        this.name = name;
        this.template = template;
        this.path = path;
        this.chainRoot = chainRoot;
        this.allocations = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(allocations));
        this.slots = List.copyOf(slots);
        this.persistPaths = java.util.Collections.unmodifiableMap(new TreeMap<>(persistPaths));
        this.stacks = stacks;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** The template it is made from. */
    public String template() {
        return template;
    }

    /** Its folder. */
    public Path path() {
        return path;
    }

    /** Whether its folder is there. */
    public boolean exists() {
        return Files.isDirectory(path);
    }

    /** Where its inner stack lies, relative to its folder; empty if its template has none. */
    public Optional<String> chainRoot() {
        return chainRoot;
    }

    /** The ports it has leased, by pool. */
    public Map<String, Integer> allocations() {
        return allocations;
    }

    /** Its slots that are worktrees, in name order. */
    public List<Slot> slots() {
        return slots;
    }

    /** The folders whose content is the user's, whatever its template says: absolute, by name. */
    public Map<String, Path> persistPaths() {
        return persistPaths;
    }

    /**
     * One of its slots.
     *
     * @throws NotFoundException if it has no such slot
     */
    public Slot slot(String slot) {
        return slots.stream()
                .filter(s -> s.name().equals(slot))
                .findFirst()
                .orElseThrow(() -> new NotFoundException(
                        "workspace-source",
                        slot,
                        "slots: "
                                + String.join(
                                        ", ", slots.stream().map(Slot::name).toList())));
    }

    /**
     * Its inner stack. The instance it comes from closes it.
     *
     * @throws AngeeException {@code UNSUPPORTED} if its template renders no stack
     */
    public Stack stack() {
        Path root = chainRoot
                .map(path::resolve)
                .orElseThrow(() -> new AngeeException(
                        ErrorCode.UNSUPPORTED,
                        "workspace '" + name + "' has no inner stack; its template '" + template + "' chains none"));
        return stacks.get(name, root);
    }
}
