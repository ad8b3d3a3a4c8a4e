package dev.angee.template;

import dev.angee.InvalidInputException;
import dev.angee.expression.Expression;
import dev.angee.expression.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A template, and those that it chains. What any of them calls a secret is one to all, and is in no name of a template that is looked
 * for: names are shown. Immutable.
 */
public final class TemplateChain {
    private static final String STACK = "stack";

    private final Template template;
    private final List<Template> chained;

    private TemplateChain(Template template, List<Template> chained) {
        this.template = template;
        this.chained = List.copyOf(chained);
    }

    /**
     * Finds the chained templates; those first that are named without an input, for they may tell what is secret.
     *
     * @param shown what the names of the others are made of: it is given the template with every secret that is known so far, and
     *     leaves out those
     * @throws dev.angee.NotFoundException if there is no such template
     */
    public static TemplateChain of(TemplateCatalog catalog, Template asked, Function<Template, Scope> shown) {
        Finding finding = new Finding(catalog, asked.metadata().chain());
        Template known = finding.fixed(asked);
        List<Template> all = finding.all(known, shown);
        Template next = finding.withSecrets(known, all);
        while (!secretsOf(next).equals(secretsOf(known))) {
            known = next;
            all = finding.all(known, shown);
            next = finding.withSecrets(known, all);
        }
        return new TemplateChain(next, all);
    }

    /** The template, asking for every secret that it passes on. */
    public Template template() {
        return template;
    }

    /** The templates that it chains, in order. */
    public List<Template> chained() {
        return chained;
    }

    /** What they ask for together. */
    public AskedInputs asked() {
        return AskedInputs.of(template, chained);
    }

    /**
     * What a chained template is given: what the template has, and what its chain says. A secret, something to be made up, or a choice
     * that comes to nothing is not given.
     *
     * @param values what the template is rendered with
     * @param scope what the chain may refer to
     * @throws InvalidInputException if a secret is passed on with something around it
     */
    public Map<String, String> given(int index, Map<String, String> values, Scope scope) {
        Map<String, InputSpec> asked = chained.get(index).metadata().inputs();
        Map<String, String> given = new TreeMap<>(values);
        template.metadata().chain().get(index).inputs().forEach((key, written) -> {
            String value = Written.evaluate(template, written, scope);
            InputSpec spec = asked.get(key);
            if (spec != null && spec.secret()) {
                requireWhole(values, key, written, value);
            }
            given.put(key, value);
        });
        asked.values().stream()
                .filter(input -> input.secret()
                        || input.rules().generated().isPresent()
                        || !input.choices().isEmpty())
                .filter(input -> given.getOrDefault(input.name(), "").isBlank())
                .forEach(input -> given.remove(input.name()));
        return given;
    }

    /** A part of a secret, or one with something around it, would be another secret, and nobody would know. */
    private void requireWhole(Map<String, String> values, String key, Expression written, String value) {
        for (String input : Written.inputsOf(written)) {
            String whole = values.getOrDefault(input, "");
            if (!whole.isEmpty() && !value.equals(whole)) {
                throw new InvalidInputException(
                        "template",
                        "'" + template.ref() + "': '" + written + "' is given to secret '" + key
                                + "' of a chained template; pass a secret on as a whole, ${inputs." + input + "}");
            }
        }
    }

    /** The names of a template's secret inputs. */
    public static Set<String> secretsOf(Template template) {
        Set<String> secrets = new TreeSet<>();
        template.metadata().inputs().values().stream()
                .filter(InputSpec::secret)
                .forEach(each -> secrets.add(each.name()));
        return secrets;
    }

    /** One search; no template is looked for twice. */
    private static final class Finding {
        private final TemplateCatalog catalog;
        private final List<ChainEntry> chain;
        private final Map<String, Template> found = new TreeMap<>();

        Finding(TemplateCatalog catalog, List<ChainEntry> chain) {
            this.catalog = catalog;
            this.chain = chain;
        }

        private Template find(Template known, ChainEntry entry, Scope scope) {
            String ref = Written.evaluate(known, entry.template(), scope);
            return found.computeIfAbsent(ref, each -> catalog.find(each, STACK));
        }

        /** With the secrets of those that are named without an input. */
        Template fixed(Template asked) {
            Template known = asked;
            for (ChainEntry entry : chain) {
                if (entry.template().references().isEmpty()) {
                    known = withSecrets(known, entry, find(known, entry, Scope.of(Map.of())));
                }
            }
            return known;
        }

        List<Template> all(Template known, Function<Template, Scope> shown) {
            List<Template> all = new ArrayList<>();
            if (!chain.isEmpty()) {
                Scope scope = shown.apply(known);
                chain.forEach(entry -> all.add(find(known, entry, scope)));
            }
            return all;
        }

        Template withSecrets(Template known, List<Template> all) {
            Template next = known;
            for (int i = 0; i < chain.size(); i++) {
                next = withSecrets(next, chain.get(i), all.get(i));
            }
            return next;
        }

        private static Template withSecrets(Template plain, ChainEntry entry, Template chained) {
            Map<String, InputSpec> inputs = new LinkedHashMap<>(plain.metadata().inputs());
            for (InputSpec input : chained.metadata().inputs().values()) {
                if (input.secret()) {
                    Expression written = entry.inputs().get(input.name());
                    List<String> names = written == null ? List.of(input.name()) : Written.inputsOf(written);
                    names.forEach(each -> inputs.put(
                            each,
                            Optional.ofNullable(inputs.get(each))
                                    .map(InputSpec::asSecret)
                                    .orElseGet(() -> InputSpec.secret(each))));
                }
            }
            return new Template(plain.ref(), plain.metadata().asking(inputs), plain.files());
        }
    }
}
