package dev.angee.stack;

import dev.angee.expression.Expression;
import dev.angee.expression.Scope;
import dev.angee.template.ChainEntry;
import dev.angee.template.InputRules;
import dev.angee.template.InputSpec;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A stack's template and those that it chains. An input of one name is one input: what is secret to a chained template, or made up
 * by it, is asked for by the stack's own template too, so that it is kept with that one's answers.
 */
final class StackChain {
    private final List<Template> chained = new ArrayList<>();
    private final Template template;
    private final Set<String> known;

    /**
     * Finds them.
     *
     * @param scope what the names of chained templates may be made of
     */
    StackChain(TemplateCatalog catalog, Template plain, Scope scope) {
        Map<String, InputSpec> inputs = new LinkedHashMap<>(plain.metadata().inputs());
        Set<String> names = new LinkedHashSet<>(inputs.keySet());
        for (ChainEntry entry : plain.metadata().chain()) {
            Template each = catalog.find(Written.evaluate(plain, entry.template(), scope), "stack");
            chained.add(each);
            each.metadata().inputs().values().forEach(input -> lift(input, entry, inputs));
            names.addAll(each.metadata().inputs().keySet());
        }
        template = new Template(plain.ref(), plain.metadata().asking(inputs), plain.files());
        known = Set.copyOf(names);
    }

    /** The stack's template, asking for all that has to be kept. */
    Template template() {
        return template;
    }

    List<Template> chained() {
        return chained;
    }

    /** Whether one of them asks for it. */
    boolean asks(String input) {
        return known.contains(input) || template.metadata().inputs().containsKey(input);
    }

    private static void lift(InputSpec input, ChainEntry entry, Map<String, InputSpec> inputs) {
        Expression written = entry.inputs().get(input.name());
        boolean isMadeUp =
                input.rules().generated().isPresent() && input.standard().isEmpty();
        if (input.secret()) {
            if (written == null) {
                inputs.merge(input.name(), asked(input), (own, unused) -> own.asSecret());
            } else {
                Written.inputsOf(written)
                        .forEach(name -> inputs.merge(name, InputSpec.secret(name), (own, unused) -> own.asSecret()));
            }
        } else if (isMadeUp && written == null) {
            inputs.putIfAbsent(input.name(), input);
        }
    }

    /** Whether it is needed, and right, the chained template says; and when, in the light of its own other inputs. */
    private static InputSpec asked(InputSpec input) {
        InputRules rules = new InputRules(
                false, input.rules().immutable(), true, input.rules().generated());
        return new InputSpec(
                input.name(),
                input.type(),
                rules,
                input.standard(),
                List.of(),
                input.several(),
                Optional.empty(),
                Optional.empty());
    }
}
