package dev.angee.service;

import dev.angee.ConflictException;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The secrets of the root, as far as services have to do with them. Asked for only where a template has one. */
final class ServiceSecrets {
    private final ServiceContext context;

    ServiceSecrets(ServiceContext context) {
        this.context = context;
    }

    private Secrets secrets() {
        return context.stacks().get(context.layout().root()).secrets();
    }

    /** The value of one, if it has one. */
    Optional<SecretValue> find(SecretName name) {
        Secrets secrets = secrets();
        return secrets.get(name).hasValue() ? Optional.of(secrets.value(name)) : Optional.empty();
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
            there.ifPresentOrElse(other -> requireEqual(name, value, other), () -> fresh.put(name, value));
        });
        return fresh;
    }

    /**
     * Stores them; on return they are durable.
     *
     * @param lost is told of one that somebody else was faster with, so that it is not taken back
     */
    void store(Map<SecretName, SecretValue> fresh, Consumer<SecretName> lost) {
        fresh.forEach((name, value) -> {
            SecretValue there = secrets().setIfAbsent(name, value);
            if (!there.equals(value)) {
                lost.accept(name);
                requireEqual(name, value, there);
            }
        });
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
