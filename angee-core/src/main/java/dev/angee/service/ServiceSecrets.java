package dev.angee.service;

import dev.angee.ConflictException;
import dev.angee.internal.SecretOwners;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import dev.angee.service.ServiceRecord.Pending;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The secrets of the root, as far as services have to do with them. Asked for only where a template has one. */
final class ServiceSecrets {
    private final ServiceContext context;
    private final RandomGenerator random = new SecureRandom();

    ServiceSecrets(ServiceContext context) {
        this.context = context;
    }

    private Secrets secrets() {
        return context.stacks().get(context.layout().root()).secrets();
    }

    /** The value of one, if it has one. */
    Optional<SecretValue> find(SecretName name) {
        return secrets().find(name);
    }

    /**
     * Two can have secrets of one name, such as a workspace and a service that are called the same.
     *
     * @throws ConflictException if one of these secrets is of a workspace, or of another service
     */
    void requireOwn(String service, Collection<SecretName> names) {
        if (names.isEmpty()) {
            return;
        }
        String own = "service '" + service + "'";
        SecretOwners.in(context.layout().run()).forEach((owner, secrets) -> {
            for (SecretName name : names) {
                boolean clash = secrets.stream()
                        .filter(SecretName::isValid)
                        .anyMatch(taken -> new SecretName(taken).variable().equals(name.variable()));
                if (clash && !owner.equals(own)) {
                    throw new ConflictException(
                            "secret", name.value(), "is one of " + owner + "; give this service another name");
                }
            }
        });
    }

    /** By which each is told again. */
    Map<String, String> digests(Map<SecretName, SecretValue> values) {
        Map<String, String> digests = new TreeMap<>();
        values.forEach((name, value) -> digests.put(name.value(), SecretDigest.of(value, random)));
        return digests;
    }

    /** Those of a work under way that have another value than was made for it: somebody has set it since. */
    List<String> taken(Pending work) {
        return work.secrets().stream()
                .filter(secret -> find(new SecretName(secret))
                        .filter(value -> !SecretDigest.tells(work.digests().getOrDefault(secret, ""), value))
                        .isPresent())
                .toList();
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
