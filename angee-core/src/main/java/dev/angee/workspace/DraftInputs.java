package dev.angee.workspace;

import dev.angee.expression.Scope;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.template.ChainedAnswers;
import dev.angee.template.InputSpec;
import dev.angee.template.KeptInputs;
import dev.angee.template.Template;
import dev.angee.template.TemplateChain;
import dev.angee.template.TemplateInputs;
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
    private final List<ChainedAnswers> chainedBefore;
    private final Map<Integer, ChainedAnswers> chainedValues = new TreeMap<>();
    private final Map<SecretName, SecretValue> secrets = new TreeMap<>();
    private final Set<SecretName> used = new TreeSet<>();
    private final TemplateChain chain;
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
        this.chain = templates.chain();
        this.chainedBefore = before.chained();
        this.values = asked(chain.template(), given, before.own());
    }

    /**
     * What was answered the last time.
     *
     * @param own by the workspace's template
     * @param chained by its chained templates
     */
    record Answered(Map<String, String> own, List<ChainedAnswers> chained) {
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
        Template chained = chain.chained().get(index);
        Map<String, String> answered =
                asked(chained, chain.given(index, values, scope), ChainedAnswers.kept(chainedBefore, chained, folder));
        chainedValues.put(index, new ChainedAnswers(chained.ref(), folder, answered));
        return answered;
    }

    /** What chained templates are rendered with, as far as they have been asked. */
    List<ChainedAnswers> chainedValues() {
        return List.copyOf(chainedValues.values());
    }

    Template chained(int index) {
        return chain.chained().get(index);
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
}
