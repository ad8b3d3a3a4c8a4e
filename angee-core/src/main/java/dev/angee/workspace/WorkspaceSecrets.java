package dev.angee.workspace;

import dev.angee.internal.owned.OwnedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The secrets of the root, as far as workspaces have to do with them. Asked for only where a template has one. */
final class WorkspaceSecrets {
    private final WorkspaceStore store;
    private final OwnedSecrets owned;

    WorkspaceSecrets(WorkspaceContext context) {
        this.store = new WorkspaceStore(context.layout());
        this.owned = new OwnedSecrets(
                "workspace",
                context.layout().run(),
                () -> context.stacks().get(context.layout().root()).secrets());
    }

    /** The value of one, if it has one. */
    Optional<SecretValue> find(SecretName name) {
        return owned.find(name);
    }

    /**
     * Whoever asks has claimed them in its note: of two that do so at once, one at least sees the other's.
     *
     * @throws dev.angee.ConflictException if one of these secrets is of a service, or of another workspace
     */
    void requireOwn(String workspace, Collection<SecretName> names) {
        if (names.isEmpty()) {
            return;
        }
        for (String other : store.inTheMaking()) { // the notes first: what ends in between has a record
            Making making = store.making(other);
            if (!other.equals(workspace)) {
                owned.requireNoneOf(other, names, making.claims());
                owned.requireNoneOf(other, names, making.secrets());
            }
        }
        owned.requireOwn(workspace, names);
    }

    /**
     * What an update has stored that a JVM died over goes with its workspace from now on. Nothing happens if there is no
     * such note, or no record yet. Whoever calls this holds the workspace's lock.
     */
    void adopt(String workspace) {
        if (!store.inTheMaking().contains(workspace)) {
            return;
        }
        store.read(workspace).ifPresent(record -> {
            Set<String> all = new TreeSet<>(record.secrets());
            store.making(workspace).secrets().stream()
                    .filter(each -> !all.contains(each))
                    .filter(each -> find(new SecretName(each)).isPresent())
                    .toList()
                    .forEach(all::add);
            if (all.size() > record.secrets().size()) {
                store.write(record.withSecrets(List.copyOf(all)));
            }
            store.forgetMaking(workspace);
        });
    }

    /**
     * Those that have no value yet.
     *
     * @throws dev.angee.ConflictException if one has another value
     */
    Map<SecretName, SecretValue> fresh(Map<SecretName, SecretValue> wanted) {
        return owned.fresh(wanted);
    }

    /**
     * Stores them all; on return they are durable.
     *
     * @param remember is told the names to take back, before each is stored
     */
    List<String> store(Map<SecretName, SecretValue> fresh, Consumer<List<String>> remember) {
        List<String> names = new ArrayList<>();
        fresh.forEach((name, value) -> {
            List<String> before = List.copyOf(names);
            names.add(name.value());
            remember.accept(names);
            owned.store(name, value, () -> remember.accept(before));
        });
        return names;
    }

    void forget(Collection<String> names) {
        owned.forget(names);
    }
}
