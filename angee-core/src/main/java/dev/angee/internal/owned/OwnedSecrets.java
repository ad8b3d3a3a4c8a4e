package dev.angee.internal.owned;

import dev.angee.ConflictException;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A root's secrets, as far as those of its workspaces, or of its services, have to do with them. Asked for only where there is one. */
public final class OwnedSecrets {
    private final String kind;
    private final Path run;
    private final Supplier<Secrets> secrets;

    /**
     * Those of one kind of owner.
     *
     * @param kind {@code workspace} or {@code service}
     * @param run the root's folder of records
     */
    public OwnedSecrets(String kind, Path run, Supplier<Secrets> secrets) {
        this.kind = kind;
        this.run = run;
        this.secrets = secrets;
    }

    /** The value of one, if it has one. */
    public Optional<SecretValue> find(SecretName name) {
        return secrets.get().find(name);
    }

    /**
     * Two can have secrets of one name, such as a workspace and a service that are called the same, or {@code a-b} with {@code c} and
     * {@code a} with {@code b-c}.
     *
     * @throws ConflictException if one of these is in the record of another owner
     */
    public void requireOwn(String name, Collection<SecretName> names) {
        if (!names.isEmpty()) {
            SecretOwners.in(run).forEach((owner, taken) -> {
                if (!owner.equals(SecretOwners.named(kind, name))) {
                    requireNone(names, owner, taken);
                }
            });
        }
    }

    /**
     * Another has none of these.
     *
     * @param other the name of one of the same kind
     * @throws ConflictException if it has
     */
    public void requireNoneOf(String other, Collection<SecretName> names, Collection<String> taken) {
        requireNone(names, SecretOwners.named(kind, other), taken);
    }

    private void requireNone(Collection<SecretName> names, String owner, Collection<String> taken) {
        Set<String> variables = taken.stream()
                .filter(SecretName::isValid)
                .map(each -> new SecretName(each).variable())
                .collect(Collectors.toSet());
        for (SecretName name : names) {
            if (variables.contains(name.variable())) {
                throw new ConflictException(
                        "secret", name.value(), "is one of " + owner + "; give this " + kind + " another name");
            }
        }
    }

    /**
     * Those that have no value yet.
     *
     * @throws ConflictException if one has another value
     */
    public Map<SecretName, SecretValue> fresh(Map<SecretName, SecretValue> wanted) {
        Map<SecretName, SecretValue> fresh = new TreeMap<>();
        wanted.forEach((name, value) -> {
            Optional<SecretValue> there = find(name);
            there.ifPresentOrElse(other -> requireEqual(name, value, other), () -> fresh.put(name, value));
        });
        return fresh;
    }

    /**
     * Stores one that had no value; durable on return.
     *
     * @param lost is called if somebody else was faster with another value, so that it is not taken back
     * @throws ConflictException in that case
     */
    public void store(SecretName name, SecretValue value, Runnable lost) {
        SecretValue there = secrets.get().setIfAbsent(name, value);
        if (!there.equals(value)) {
            lost.run();
            requireEqual(name, value, there);
        }
    }

    /** Takes the values away. */
    public void forget(Collection<String> names) {
        if (!names.isEmpty()) {
            Secrets all = secrets.get();
            names.forEach(name -> all.delete(new SecretName(name)));
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
