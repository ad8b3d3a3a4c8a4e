package dev.angee.workspace;

import dev.angee.ConflictException;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

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
        Secrets secrets = secrets();
        return secrets.get(name).hasValue() ? Optional.of(secrets.value(name)) : Optional.empty();
    }

    /** Two workspaces can have secrets of one name, such as {@code a-b} with {@code c}, and {@code a} with {@code b-c}. */
    void requireOwn(String workspace, Collection<SecretName> names) {
        if (names.isEmpty()) {
            return;
        }
        for (WorkspaceRecord other : store.all()) {
            for (SecretName name : names) {
                boolean clash = other.secrets().stream()
                        .anyMatch(taken -> new SecretName(taken).variable().equals(name.variable()));
                if (clash && !other.name().equals(workspace)) {
                    throw new ConflictException(
                            "secret",
                            name.value(),
                            "is one of workspace '" + other.name() + "'; give this workspace another name");
                }
            }
        }
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
