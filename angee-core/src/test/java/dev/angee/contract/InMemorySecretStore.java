package dev.angee.contract;

import dev.angee.secret.SecretName;
import dev.angee.secret.SecretStore;
import dev.angee.secret.SecretValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Keeps secrets in memory, under their names. */
public final class InMemorySecretStore implements SecretStore {
    private final Map<SecretName, SecretValue> values = new TreeMap<>();

    @Override
    public synchronized Optional<SecretValue> get(SecretName name) {
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public synchronized void put(SecretName name, SecretValue value) {
        values.put(name, value);
    }

    @Override
    public synchronized SecretValue putIfAbsent(SecretName name, SecretValue value) {
        SecretValue old = values.putIfAbsent(name, value);
        return old == null ? value : old;
    }

    @Override
    public synchronized void delete(SecretName name) {
        values.remove(name);
    }

    @Override
    public synchronized Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        values.keySet().forEach(name -> keys.add(name.value()));
        return keys;
    }

    @Override
    public String key(SecretName name) {
        return name.value();
    }

    @Override
    public String toString() {
        return "memory";
    }
}
