package dev.angee.service;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.template.InputSpec;
import dev.angee.template.InstanceNaming;
import dev.angee.template.Template;
import dev.angee.workspace.Workspace;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What services that templates make are called, and what their inputs may not be called. */
final class ServiceNames {
    static final String SERVICE = "service_name";
    static final String WORKSPACE = "workspace_name";
    static final String PATH = "workspace_path";
    static final String PORT = "alloc_";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Expression STANDARD = Expression.parse("agent-${workspace.name}");

    private ServiceNames() {}

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static String require(String name) {
        if (!isName(name)) {
            throw new InvalidInputException(
                    "name",
                    "'" + name + "' cannot be the name of a service from a template: lower-case letters, digits, '_'"
                            + " and '-', beginning with a letter or digit, at most 63 characters");
        }
        return name;
    }

    /** Whether an input is the library's own to give. */
    static boolean isReserved(String input) {
        return Set.of(SERVICE, WORKSPACE, PATH).contains(input) || input.startsWith(PORT);
    }

    static void requireNotReserved(Collection<String> inputs) {
        inputs.stream().filter(ServiceNames::isReserved).findFirst().ifPresent(input -> {
            throw new InvalidInputException("input", "'" + input + "' is given by the library itself; leave it out");
        });
    }

    /** The name a template gives; its patterns see the workspace as <code>${workspace.name}</code> and <code>${name}</code>. */
    static String of(Template template, Workspace workspace, Map<String, String> effective) {
        Scope scope = Scope.of(Map.of(
                "name", workspace.name(),
                "workspace.name", workspace.name(),
                "workspace.path", workspace.path().toString()));
        for (Map.Entry<String, String> input : effective.entrySet()) {
            InputSpec spec = template.metadata().inputs().get(input.getKey());
            if (spec == null || !spec.secret()) {
                scope = scope.with("inputs." + input.getKey(), input.getValue());
            }
        }
        return require(written(template, scope).strip().toLowerCase(Locale.ROOT));
    }

    private static String written(Template template, Scope scope) {
        InstanceNaming naming = template.metadata().naming();
        boolean named = naming.pattern().isPresent() || naming.fallback().isPresent();
        if (template.metadata().namePattern().isEmpty() && named) {
            return naming.name(scope);
        }
        Expression pattern = template.metadata().namePattern().orElse(STANDARD);
        try {
            return pattern.evaluate(scope);
        } catch (ExpressionException e) {
            throw new AngeeException(
                    e.code(),
                    "template '" + template.ref() + "': '" + pattern + "', character " + (e.offset() + 1) + ": "
                            + e.getMessage() + "; or give a name",
                    e);
        }
    }
}
