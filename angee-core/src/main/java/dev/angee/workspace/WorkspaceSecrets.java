package dev.angee.workspace;

import dev.angee.ConflictException;
import dev.angee.internal.SecretOwners;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The secrets of the root, as far as workspaces have to do with them. Asked for only where a template has one. */
final class WorkspaceSecrets {
    private final WorkspaceContext context;
    private final WorkspaceStore store;

    WorkspaceSecrets(WorkspaceContext context) {
        this.context = context;
        this.store = new WorkspaceStore(context.layout());
    }

    private Secrets secrets() {
        return context.stacks().get(context.layout().root()).secrets();
    }

    /** The value of one, if it has one. */
    Optional<SecretValue> find(SecretName name) {
        return secrets().find(name);
    }

    /**
     * Two workspaces, or a workspace and a service, can have secrets of one name, such as {@code a-b} with {@code c}, and
     * {@code a} with {@code b-c}. Whoever asks has claimed them in its note: of two that do so at once, one at least sees the
     * other's.
     */
    void requireOwn(String workspace, Collection<SecretName> names) {
        if (names.isEmpty()) {
            return;
        }
        for (String other : store.inTheMaking()) { // the notes first: what ends in between has a record
            Making making = store.making(other);
            if (!other.equals(workspace)) {
                requireOthers(names, named(other), making.claims());
                requireOthers(names, named(other), making.secrets());
            }
        }
        SecretOwners.in(context.layout().run()).forEach((owner, taken) -> {
            if (!owner.equals(named(workspace))) {
                requireOthers(names, owner, taken);
            }
        });
    }

    private static String named(String workspace) {
        return "workspace '" + workspace + "'";
    }

    private static void requireOthers(Collection<SecretName> names, String owner, Collection<String> taken) {
        Set<String> variables =
                taken.stream().map(each -> new SecretName(each).variable()).collect(Collectors.toSet());
        for (SecretName name : names) {
            if (variables.contains(name.variable())) {
                throw new ConflictException(
                        "secret", name.value(), "is one of " + owner + "; give this workspace another name");
            }
        }
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
     * @throws ConflictException if one has another value
     */
    Map<SecretName, SecretValue> fresh(Map<SecretName, SecretValue> wanted) {
        Map<SecretName, SecretValue> fresh = new TreeMap<>();
        wanted.forEach((name, value) -> {
            Optional<SecretValue> there = find(name);
            if (there.isEmpty()) {
                fresh.put(name, value);
            } else {
                requireEqual(name, value, there.get());
            }
        });
        return fresh;
    }

    /**
     * Stores them all; on return they are durable.
     *
     * @param remember is told the names to take back, before each is stored
     */
    List<String> store(Map<SecretName, SecretValue> fresh, Consumer<List<String>> remember) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<SecretName, SecretValue> each : fresh.entrySet()) {
            List<String> before = List.copyOf(names);
            names.add(each.getKey().value());
            remember.accept(names);
            SecretValue there = secrets().setIfAbsent(each.getKey(), each.getValue());
            if (!there.equals(each.getValue())) {
                remember.accept(before); // it is somebody else's
                requireEqual(each.getKey(), each.getValue(), there);
            }
        }
        return names;
    }

    void forget(Collection<String> names) {
        if (!names.isEmpty()) {
            Secrets secrets = secrets();
            names.forEach(name -> secrets.delete(new SecretName(name)));
        }
    }

    private static void requireEqual(SecretName name, SecretValue wanted, SecretValue there) {
        if (!wanted.equals(there)) {
            throw new ConflictException(
                    "secret",
                    name.value(),
                    "has another value already; delete it, or leave the input out to have that value");
        }
    }
}
