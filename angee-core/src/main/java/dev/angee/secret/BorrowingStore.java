package dev.angee.secret;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A store that has the values of a lender where it has none of its own; what is put or deleted is its own. */
final class BorrowingStore implements SecretStore {
    private final SecretStore own;
    private final SecretLender lender;

    BorrowingStore(SecretStore own, SecretLender lender) {
        this.own = own;
        this.lender = lender;
    }

    @Override
    public Optional<SecretValue> get(SecretName name) {
        return own.get(name).or(() -> lent(name));
    }

    @Override
    public void put(SecretName name, SecretValue value) {
        own.put(name, value);
    }

    @Override
    public SecretValue putIfAbsent(SecretName name, SecretValue value) {
        Optional<SecretValue> there = get(name);
        return there.isPresent() ? there.get() : own.putIfAbsent(name, value);
    }

    @Override
    public void delete(SecretName name) {
        own.delete(name);
    }

    @Override
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(own.keys());
        lender.names().stream()
                .filter(name -> lent(name).isPresent())
                .map(own::key)
                .forEach(keys::add);
        return keys;
    }

    @Override
    public String key(SecretName name) {
        return own.key(name);
    }

    private Optional<SecretValue> lent(SecretName name) {
        return lender.names().contains(name) ? lender.find(name) : Optional.empty();
    }

    @Override
    public String toString() {
        return own + ", and what it is lent";
    }
}
