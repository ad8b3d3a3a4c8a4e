package dev.angee.service;

import dev.angee.internal.owned.OwnedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
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
    private final OwnedSecrets owned;
    private final RandomGenerator random = new SecureRandom();

    ServiceSecrets(ServiceContext context) {
        this.owned = new OwnedSecrets(
                "service",
                context.layout().run(),
                () -> context.stacks().get(context.layout().root()).secrets());
    }

    /** The value of one, if it has one. */
    Optional<SecretValue> find(SecretName name) {
        return owned.find(name);
    }

    /** @throws dev.angee.ConflictException if one of these secrets is of a workspace, or of another service */
    void requireOwn(String service, Collection<SecretName> names) {
        owned.requireOwn(service, names);
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
     * @throws dev.angee.ConflictException if one has another value
     */
    Map<SecretName, SecretValue> fresh(Map<SecretName, SecretValue> wanted) {
        return owned.fresh(wanted);
    }

    /**
     * Stores them; on return they are durable.
     *
     * @param lost is told of one that somebody else was faster with, so that it is not taken back
     */
    void store(Map<SecretName, SecretValue> fresh, Consumer<SecretName> lost) {
        fresh.forEach((name, value) -> owned.store(name, value, () -> lost.accept(name)));
    }

    void forget(Collection<String> names) {
        owned.forget(names);
    }
}
