package dev.angee.workspace;

import dev.angee.expression.Expression;
import dev.angee.expression.Scope;
import dev.angee.template.ChainEntry;
import dev.angee.template.InputSpec;
import dev.angee.template.Template;
import dev.angee.template.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The templates of a workspace, and its name. What any of them calls a secret is one to all, and is in no name: neither in the
 * workspace's nor in that of a template that is looked for, for both are shown.
 */
final class DraftTemplates {
    private static final String INPUT = "inputs.";

    private final WorkspaceContext context;
    private final Optional<String> wanted;
    private final List<ChainEntry> chain;
    private final Map<String, String> given;
    private final Map<String, Template> found = new TreeMap<>();
    private final List<Template> chained;
    private final Template template;

    /**
     * Finds them.
     *
     * @param wanted the workspace's name, if somebody has said it
     * @param given what the template is given, now or before
     */
    DraftTemplates(WorkspaceContext context, Optional<String> wanted, Template asked, Map<String, String> given) {
        this.context = context;
        this.wanted = wanted;
        this.chain = asked.metadata().chain();
        this.given = given;
        Template known = asked;
        for (ChainEntry entry : chain) {
            if (entry.template().references().isEmpty()) { // what it calls a secret is known before anything is shown
                known = withSecrets(known, entry, find(known, entry, Scope.of(Map.of())));
            }
        }
        List<Template> all = findAll(known);
        Template next = withSecrets(known, all);
        while (!secretsOf(next).equals(secretsOf(known))) {
            known = next;
            all = findAll(known);
            next = withSecrets(known, all);
        }
        this.chained = List.copyOf(all);
        this.template = next;
    }

    private List<Template> findAll(Template known) {
        boolean anyNamed = chain.stream()
                .flatMap(entry -> entry.template().references().stream())
                .anyMatch(path -> !path.startsWith(INPUT));
        Scope shown = anyNamed ? named(known) : shown(known);
        List<Template> all = new ArrayList<>();
        chain.forEach(entry -> all.add(find(known, entry, shown)));
        return all;
    }

    private Template find(Template known, ChainEntry entry, Scope scope) {
        String ref = Written.evaluate(known, entry.template(), scope);
        return found.computeIfAbsent(ref, each -> context.catalog().find(each, "stack"));
    }

    /** What is shown, and the name that is made of it. */
    private Scope named(Template known) {
        Scope shown = shown(known);
        String name = name(known, shown);
        return shown.with(Map.of(
                "name", name, "workspace.path", context.layout().workspace(name).toString()));
    }

    private String name(Template known, Scope shown) {
        return wanted.orElseGet(() -> known.metadata().naming().name(shown));
    }

    /** What a workspace can be named by: nothing that is secret, and nothing that is made up. */
    private Scope shown(Template known) {
        Map<String, String> shown =
                new TreeMap<>(context.engine().check(known, given).effective());
        shown.keySet().removeAll(secretsOf(known));
        return Written.inputs(Scope.of(Map.of()), shown);
    }

    /** The workspace's name. */
    String name() {
        return wanted.orElseGet(() -> name(template, shown(template)));
    }

    /** The workspace's template, with every secret that it passes on. */
    Template template() {
        return template;
    }

    /** The templates of its chain, in order. */
    List<Template> chained() {
        return chained;
    }

    private Template withSecrets(Template known, List<Template> all) {
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

    private static Set<String> secretsOf(Template template) {
        Set<String> secrets = new TreeSet<>();
        template.metadata().inputs().values().stream()
                .filter(InputSpec::secret)
                .forEach(each -> secrets.add(each.name()));
        return secrets;
    }
}
