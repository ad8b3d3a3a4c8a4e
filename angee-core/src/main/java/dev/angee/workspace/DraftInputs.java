package dev.angee.workspace;

import dev.angee.InvalidInputException;
import dev.angee.expression.Expression;
import dev.angee.expression.Scope;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.template.ChainEntry;
import dev.angee.template.InputSpec;
import dev.angee.template.KeptInputs;
import dev.angee.template.Template;
import dev.angee.template.TemplateInputs;
import dev.angee.template.Written;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a workspace's templates are told. What is a secret to a chained template is one to the workspace's, too: it is given to both,
 * and kept in one record.
 */
final class DraftInputs {
    private final WorkspaceContext context;
    private final WorkspaceSecrets store;
    private final String name;
    private final List<ChainedRecord> chainedBefore;
    private final Map<Integer, ChainedRecord> chainedValues = new TreeMap<>();
    private final Map<SecretName, SecretValue> secrets = new TreeMap<>();
    private final Set<SecretName> used = new TreeSet<>();
    private final List<Template> chained;
    private final Template template;
    private final Map<String, String> values;

    /**
     * Asks them.
     *
     * @param before what was answered the last time
     */
    DraftInputs(
            WorkspaceContext context,
            String name,
            DraftTemplates templates,
            Map<String, String> given,
            Answered before) {
        this.context = context;
        this.name = name;
        this.store = new WorkspaceSecrets(context);
        this.chained = templates.chained();
        this.template = templates.template();
        this.chainedBefore = before.chained();
        this.values = asked(template, given, before.own());
    }

    /**
     * What was answered the last time.
     *
     * @param own by the workspace's template
     * @param chained by its chained templates
     */
    record Answered(Map<String, String> own, List<ChainedRecord> chained) {
        static Answered nothing() {
            return new Answered(Map.of(), List.of());
        }
    }

    /** What it is rendered with, and what is kept. */
    Map<String, String> values() {
        return values;
    }

    /** The secrets that have to be stored, as far as they have been asked for. */
    Map<SecretName, SecretValue> secrets() {
        return secrets;
    }

    /** The secrets that go by its name, as far as they have been asked for; whether or not they are stored already. */
    Set<SecretName> own() {
        return used.stream()
                .filter(secret -> secret.value().startsWith(name + "-"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every secret that an answer refers to, as far as they have been asked for. */
    Set<SecretName> used() {
        return used;
    }

    /**
     * What a chained template is rendered with.
     *
     * @param folder where it is rendered, relative to the workspace
     */
    Map<String, String> ofChained(int index, String folder, Scope scope) {
        ChainEntry entry = template.metadata().chain().get(index);
        Map<String, InputSpec> asked = chained(index).metadata().inputs();
        Map<String, String> given = new TreeMap<>(values);
        entry.inputs().forEach((key, written) -> {
            String value = Written.evaluate(template, written, scope);
            InputSpec spec = asked.get(key);
            if (spec != null && spec.secret()) {
                requireWhole(key, written, value);
            }
            given.put(key, value);
        });
        Map<String, String> answered = asked(chained(index), given, made(chained(index), folder));
        chainedValues.put(index, new ChainedRecord(chained(index).ref(), folder, answered));
        return answered;
    }

    /** What chained templates are rendered with, as far as they have been asked. */
    List<ChainedRecord> chainedValues() {
        return List.copyOf(chainedValues.values());
    }

    /**
     * Of the last time only what was made up then, or must not change: all else follows what the workspace gives now. It is that
     * template's in that folder, wherever it stood in the chain.
     */
    private Map<String, String> made(Template asking, String folder) {
        Map<String, String> made = new TreeMap<>();
        chainedBefore.stream()
                .filter(last ->
                        last.template().equals(asking.ref()) && last.folder().equals(folder))
                .findFirst()
                .ifPresent(last -> asking.metadata().inputs().values().stream()
                        .filter(input -> input.rules().generated().isPresent()
                                || input.rules().immutable())
                        .filter(input -> last.inputs().containsKey(input.name()))
                        .forEach(input -> made.put(input.name(), last.inputs().getOrDefault(input.name(), ""))));
        return made;
    }

    Template chained(int index) {
        return chained.get(index);
    }

    private Map<String, String> asked(Template asking, Map<String, String> given, Map<String, String> before) {
        KeptInputs kept = KeptInputs.of(name).values(before).secrets(this::find);
        TemplateInputs inputs = context.engine().inputs(asking, given, kept);
        secrets.putAll(inputs.secrets());
        for (InputSpec input : asking.metadata().inputs().values()) {
            if (input.secret()) {
                TemplateInputs.referenced(inputs.values().getOrDefault(input.name(), ""))
                        .ifPresent(used::add);
            }
        }
        return inputs.values();
    }

    private Optional<SecretValue> find(SecretName secret) {
        return Optional.ofNullable(secrets.get(secret)).or(() -> store.find(secret));
    }

    /** A part of a secret, or one with something around it, would be another secret, and nobody would know. */
    private void requireWhole(String key, Expression written, String value) {
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
}
