package dev.angee.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Final text of a plan: nothing in it is expanded again, but parts of it may be secrets, which it knows by name only. So
 * it can be printed, compared and kept. Immutable.
 */
public final class Text {
    private static final Text EMPTY = new Text(List.of());

    private final List<Part> parts;

    private Text(List<Part> parts) {
        this.parts = parts;
    }

    /** A piece of text: what it says, or the secret it stands for. */
    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    private record Secret(SecretName name) implements Part {}

    /** Text without secrets. */
    public static Text of(String literal) {
        return literal.isEmpty() ? EMPTY : new Text(List.of(new Literal(literal)));
    }

    /** The value of a secret. */
    public static Text secret(SecretName name) {
        return new Text(List.of(new Secret(name)));
    }

    /** This text, followed by another. */
    public Text plus(Text more) {
        List<Part> joined = new ArrayList<>(parts);
        for (Part part : more.parts) {
            int last = joined.size() - 1;
            if (part instanceof Literal next && last >= 0 && joined.get(last) instanceof Literal before) {
                joined.set(last, new Literal(before.text + next.text));
            } else {
                joined.add(part);
            }
        }
        return new Text(List.copyOf(joined));
    }

    /** The secrets it needs, in name order. */
    public Set<SecretName> secrets() {
        Set<SecretName> names = new TreeSet<>();
        for (Part part : parts) {
            if (part instanceof Secret secret) {
                names.add(secret.name);
            }
        }
        return names;
    }

    /** What it says; empty if a part of it is a secret. */
    public Optional<String> plain() {
        return secrets().isEmpty() ? Optional.of(spell(text -> text, SecretName::value)) : Optional.empty();
    }

    /**
     * Spells it in the syntax of some file.
     *
     * @param literal how a literal part is written there
     * @param secret how a reference to a secret is written there
     */
    public String spell(Function<String, String> literal, Function<SecretName, String> secret) {
        return parts.stream()
                .map(part -> part instanceof Secret s ? secret.apply(s.name) : literal.apply(((Literal) part).text))
                .collect(Collectors.joining());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** As a manifest would write it: <code>postgres://app:${secret.db}@db/</code>. */
    @Override
    public String toString() {
        return spell(text -> text.replace("${", "$${"), name -> "${secret." + name + "}");
    }
}
