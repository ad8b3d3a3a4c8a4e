package dev.angee.manifest;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.internal.yaml.YamlEdit;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The secrets that a manifest refers to, {@code ${secret.NAME}}. Pure and thread-safe. */
public final class SecretReferences {
    private static final String SECRET = "secret.";
    private static final String SECTION = "secrets";

    private SecretReferences() {}

    /**
     * The secrets that are referred to in these entries, and not declared.
     *
     * @param file what to call the manifest in problems
     * @param text the manifest
     * @param entries the paths of the entries; one that is not there refers to nothing
     * @throws InvalidDocumentException if the text is no YAML
     */
    public static SortedSet<String> undeclared(String file, String text, Collection<List<String>> entries) {
        YamlSource source = YamlSource.parse(file, text, YamlLimits.standard());
        SortedSet<String> secrets = new TreeSet<>();
        for (List<String> entry : entries) {
            YamlEdit.at(source.root(), entry).ifPresent(node -> collect(YamlValue.of(node), secrets));
        }
        secrets.removeIf(
                secret -> YamlEdit.at(source.root(), List.of(SECTION, secret)).isPresent());
        return Collections.unmodifiableSortedSet(secrets);
    }

    /**
     * Declares secrets, as far as the manifest refers to them and has not done so itself.
     *
     * @param file what to call the manifest in problems
     * @param text the manifest
     * @param secrets their names
     * @return the text, with what is missing
     * @throws InvalidDocumentException if the text is no YAML, and there is a secret
     */
    public static String declare(String file, String text, Set<String> secrets) {
        if (secrets.stream().noneMatch(text::contains)) {
            return text;
        }
        SortedSet<String> missing = new TreeSet<>(undeclared(file, text, List.of(List.of())));
        missing.retainAll(secrets);
        ManifestEditor editor = ManifestEditor.of(file, text, EditOptions.defaults());
        missing.forEach(secret -> editor.put(List.of(SECTION, secret), Map.of()));
        return editor.text();
    }

    private static void collect(YamlValue value, Set<String> secrets) {
        if (value instanceof YamlValue.Fields map) {
            map.fields().values().forEach(each -> collect(each, secrets));
        } else if (value instanceof YamlValue.Items list) {
            list.items().forEach(each -> collect(each, secrets));
        } else if (value instanceof YamlValue.Text text && text.text().contains(SECRET)) {
            references(text.text()).stream()
                    .filter(path -> path.startsWith(SECRET))
                    .forEach(path -> secrets.add(path.substring(SECRET.length())));
        }
    }

    private static Set<String> references(String text) {
        try {
            return Expression.parse(text).references();
        } catch (ExpressionException e) {
            return Set.of(); // the reader says what is wrong with it, and where it stands
        }
    }
}
