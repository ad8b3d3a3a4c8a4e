package dev.angee.workspace;

import dev.angee.expression.Scope;
import dev.angee.template.Template;
import dev.angee.template.TemplateChain;
import dev.angee.template.Written;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The templates of a workspace, and its name, in which there is nothing that any of them calls a secret: it is shown. */
final class DraftTemplates {
    private final WorkspaceContext context;
    private final Optional<String> wanted;
    private final Map<String, String> given;
    private final TemplateChain chain;

    /**
     * Finds them.
     *
     * @param wanted the workspace's name, if somebody has said it
     * @param given what the template is given, now or before
     */
    DraftTemplates(WorkspaceContext context, Optional<String> wanted, Template asked, Map<String, String> given) {
        this.context = context;
        this.wanted = wanted;
        this.given = given;
        boolean anyNamed = asked.metadata().chain().stream()
                .flatMap(entry -> entry.template().references().stream())
                .anyMatch(path -> !path.startsWith("inputs."));
        this.chain = TemplateChain.of(context.catalog(), asked, anyNamed ? this::named : this::shown);
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
        shown.keySet().removeAll(TemplateChain.secretsOf(known));
        return Written.inputs(Scope.of(Map.of()), shown);
    }

    /** The workspace's name. */
    String name() {
        return wanted.orElseGet(() -> name(chain.template(), shown(chain.template())));
    }

    /** The workspace's template and those of its chain, with every secret that it passes on. */
    TemplateChain chain() {
        return chain;
    }
}
