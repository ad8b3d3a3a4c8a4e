package dev.angee.expression;

import dev.angee.internal.Suggestion;
import dev.angee.secret.Text;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One {@code ${path | filter(arguments)}}.
 *
 * @param path what it names
 * @param filters what is done with the value, in order
 * @param offset the index of the path's first character in the expression's text, in code points
 */
record Reference(String path, List<FilterCall> filters, int offset) {
    private static final int MOST_LISTED = 20;

    Reference {
        filters = List.copyOf(filters);
    }

    /**
     * A filter with its arguments.
     *
     * @param filter the filter
     * @param arguments its arguments, quotes removed
     * @param offset the index of its first character in the expression's text, in code points
     */
    record FilterCall(Filter filter, List<String> arguments, int offset) {
        FilterCall {
            arguments = List.copyOf(arguments);
        }
    }

    Text evaluate(Scope scope) {
        Text value = scope.find(path).orElseThrow(() -> new ExpressionException(offset, unknown(scope)));
        if (filters.isEmpty()) {
            return value;
        }
        String filtered = value.plain()
                .orElseThrow(() -> new ExpressionException(
                        filters.get(0).offset(),
                        "a secret takes no filters: its value is not known when the plan is made"));
        for (FilterCall call : filters) {
            try {
                filtered = call.filter().applyWithinLimit(filtered, call.arguments());
            } catch (IllegalArgumentException e) {
                throw new ExpressionException(call.offset(), String.valueOf(e.getMessage()));
            }
        }
        return Text.of(filtered);
    }

    private String unknown(Scope scope) {
        if (path.matches("[a-z]+:[A-Za-z0-9].*")) {
            return "'" + path + "' is no path; its parts are joined by dots: ${" + path.replace(':', '.') + "}";
        }
        return "'" + path + "' is not known here" + Suggestion.among(known(scope), "known", path)
                + ". Write $${ for a literal ${";
    }

    /** What is like it, if it is near; else all, of other kinds of things only the kinds if that were too long to be read. */
    private Set<String> known(Scope scope) {
        Set<String> alike = scope.paths(namespace());
        Set<String> all = scope.paths("");
        if (Suggestion.nearest(alike, path).isPresent()) {
            return alike;
        }
        if (all.size() <= MOST_LISTED) {
            return all;
        }
        Set<String> known = new TreeSet<>(alike);
        all.stream().filter(each -> !alike.contains(each)).forEach(each -> known.add(namespace(each)));
        return known;
    }

    /** The part of the path that says what kind of thing it names, dot included; empty if it has none. */
    private String namespace() {
        return path.substring(0, path.indexOf('.') + 1);
    }

    /** The same of another path, or that path if it has none. */
    private static String namespace(String other) {
        return other.contains(".") ? other.substring(0, other.indexOf('.') + 1) : other;
    }
}
