package dev.angee.secret;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * The secrets of an instance: what is declared, and the store that has the values. As safe for several threads and
 * processes as the store; whatever is stored is durable on return.
 *
 * <pre>{@code
 * Secrets secrets = Secrets.of(store, declarations, environment, new SecureRandom());
 * ResolvedSecrets values = secrets.resolve(plan.workloads().get(0).secrets());
 * }</pre>
 */
public final class Secrets {
    private static final int MOST_BYTES = 65_536;

    private final SecretStore store;
    private final SortedMap<SecretName, SecretDeclaration> declarations;
    private final Map<String, String> environment;
    private final RandomGenerator random;

    private Secrets(
            SecretStore store,
            SortedMap<SecretName, SecretDeclaration> declarations,
            Map<String, String> environment,
            RandomGenerator random) {
        this.store = store;
        this.declarations = declarations;
        this.environment = environment;
        this.random = random;
    }

    /**
     * The secrets that are declared; touches nothing yet.
     *
     * @param store where the values are
     * @param declarations what the manifest declares
     * @param environment the variables that {@code import: env:NAME} copies from
     * @param random makes the generated values; outside of tests a {@link java.security.SecureRandom}
     * @throws InvalidInputException if two declarations are of one name or {@linkplain SecretCollision collide}
     */
    public static Secrets of(
            SecretStore store,
            Collection<SecretDeclaration> declarations,
            Map<String, String> environment,
            RandomGenerator random) {
        SortedMap<SecretName, SecretDeclaration> byName = new TreeMap<>();
        for (SecretDeclaration declaration : declarations) {
            if (byName.put(declaration.name(), declaration) != null) {
                throw new InvalidInputException("secrets", "'" + declaration.name() + "' is declared twice");
            }
        }
        List<SecretCollision> collisions = SecretCollision.among(byName.keySet());
        if (!collisions.isEmpty()) {
            throw new InvalidInputException("secrets", collisions.get(0).message());
        }
        return new Secrets(store, byName, Map.copyOf(environment), random);
    }

    /**
     * The values of the secrets that are asked for, and of no other. A secret without a value gets one first: copied
     * from where it is imported from, else generated. That value is stored, so that the next call has the same; of
     * several callers at once, all have the same. A stored empty text is a value, and what was imported once stays as
     * it is.
     *
     * @throws UnresolvedSecretsException naming every secret that is not declared, cannot be imported, or has no value
     *     and none can be made; nothing was stored then
     */
    public ResolvedSecrets resolve(Set<SecretName> names) {
        Map<SecretName, SecretValue> values = new LinkedHashMap<>();
        Map<SecretName, SecretValue> fresh = new LinkedHashMap<>();
        SortedMap<SecretName, String> problems = new TreeMap<>();
        for (SecretName name : new TreeSet<>(names)) {
            SecretDeclaration declaration = declarations.get(name);
            if (declaration == null) {
                problems.put(name, "is not declared " + declared());
                continue;
            }
            Optional<SecretValue> stored = store.get(name);
            if (stored.isPresent()) {
                values.put(name, stored.get());
                continue;
            }
            try {
                fresh.put(name, first(declaration));
            } catch (NoValueException e) {
                problems.put(name, e.problem);
            }
        }
        if (!problems.isEmpty()) {
            throw new UnresolvedSecretsException(problems);
        }
        fresh.forEach((name, value) -> values.put(name, store.putIfAbsent(name, value)));
        return ResolvedSecrets.of(values);
    }

    private SecretValue first(SecretDeclaration declaration) throws NoValueException {
        Optional<String> variable = declaration.importVariable();
        if (variable.isPresent()) {
            return imported(variable.get());
        }
        if (declaration.generated()) {
            return generate(declaration.length());
        }
        throw new NoValueException(
                declaration.required() ? "is required and has no value; set it" : "has no value; set it");
    }

    private SecretValue imported(String variable) throws NoValueException {
        String value = environment.getOrDefault(variable, "");
        if (value.isEmpty()) {
            throw new NoValueException("is imported from the variable " + variable
                    + (environment.containsKey(variable) ? ", which is empty" : ", which is not set")
                    + "; set the variable, or the secret itself");
        }
        try {
            SecretValue imported = SecretValue.of(value);
            check(imported);
            return imported;
        } catch (InvalidInputException e) {
            throw new NoValueException("cannot be imported from the variable " + variable + ": it " + e.reason());
        }
    }

    private SecretValue generate(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return SecretValue.of(text.substring(0, length));
    }

    /** What may be told of each declared secret, in name order. Nothing is generated, imported or stored. */
    public List<SecretInfo> list() {
        Set<String> keys = store.keys();
        return declarations.keySet().stream()
                .map(name -> info(name, keys.contains(store.key(name))))
                .toList();
    }

    /** What may be told of a secret, declared or not. Nothing is generated, imported or stored. */
    public SecretInfo get(SecretName name) {
        unambiguous(name);
        return info(name, store.get(name).isPresent());
    }

    /**
     * The value that is stored for a secret, declared or not. Nothing is generated or imported.
     *
     * @throws NotFoundException if it has none
     */
    public SecretValue value(SecretName name) {
        return find(name)
                .orElseThrow(() -> new NotFoundException("secret", name.value(), "the store has no value for it"));
    }

    /** The value that is stored for a secret, declared or not; empty if it has none. Nothing is generated or imported. */
    public Optional<SecretValue> find(SecretName name) {
        unambiguous(name);
        return store.get(name);
    }

    /**
     * Sets a secret, declared or not. What runs keeps the value it was started with.
     *
     * @throws InvalidInputException for an empty value, one of more than 65536 bytes of UTF-8, and one with a NUL
     *     character, which no program can be given
     */
    public SecretInfo set(SecretName name, SecretValue value) {
        requireValue(name, value);
        store.put(name, value);
        return info(name, true);
    }

    /**
     * Sets a secret that has no value, declared or not. Of any number of callers at once, one sets it.
     *
     * @return the value it has now: the given one, or the one that was there
     * @throws InvalidInputException as {@link #set}
     */
    public SecretValue setIfAbsent(SecretName name, SecretValue value) {
        requireValue(name, value);
        return store.putIfAbsent(name, value);
    }

    private void requireValue(SecretName name, SecretValue value) {
        unambiguous(name);
        if (value.isEmpty()) {
            throw new InvalidInputException("value", "is empty; delete the secret instead");
        }
        check(value);
    }

    /** Takes the value of a secret away; none is no error. Its declaration stays. */
    public void delete(SecretName name) {
        unambiguous(name);
        store.delete(name);
    }

    private static void check(SecretValue value) {
        if (value.reveal().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new InvalidInputException("value", "is longer than " + MOST_BYTES + " bytes");
        }
        if (value.reveal().indexOf('\0') >= 0) {
            throw new InvalidInputException("value", "holds a NUL character, which no variable can have");
        }
    }

    /** The store may keep two names as one: what is said of the other name must not hit a declared one. */
    private void unambiguous(SecretName name) {
        for (SecretName declared : declarations.keySet()) {
            if (!declared.equals(name) && declared.variable().equals(name.variable())) {
                throw new ConflictException("secret", name.value(), new SecretCollision(declared, name).message());
            }
        }
    }

    private SecretInfo info(SecretName name, boolean hasValue) {
        Optional<SecretDeclaration> declared = Optional.ofNullable(declarations.get(name));
        return new SecretInfo(
                name,
                declared.isPresent(),
                hasValue,
                declared.map(SecretDeclaration::required).orElse(false),
                declared.map(SecretDeclaration::generated).orElse(false),
                declared.flatMap(SecretDeclaration::importFrom),
                name.variable());
    }

    private String declared() {
        return "(declared: " + (declarations.isEmpty() ? "none" : String.join(", ", names())) + ")";
    }

    private List<String> names() {
        return declarations.keySet().stream().map(SecretName::value).toList();
    }

    /** The names of the declared secrets, and where the values are. */
    @Override
    public String toString() {
        return "secrets " + names() + " in " + store;
    }

    /** Why one secret has no value. */
    private static final class NoValueException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String problem;

        NoValueException(String problem) {
            super(problem);
            this.problem = problem;
        }
    }
}
