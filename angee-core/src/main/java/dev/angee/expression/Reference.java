package dev.angee.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * One {@code ${path | filter(arguments)}}.
 *
 * @param path what it names
 * @param filters what is done with the value, in order
 * @param offset the index of the path's first character in the expression's text
 */
record Reference(String path, List<FilterCall> filters, int offset) {
    Reference {
        filters = List.copyOf(filters);
    }

    /**
     * A filter with its arguments.
     *
     * @param filter the filter
     * @param arguments its arguments, quotes removed
     * @param offset the index of its first character in the expression's text
     */
    record FilterCall(Filter filter, List<String> arguments, int offset) {
        FilterCall {
            arguments = List.copyOf(arguments);
        }
    }

    String evaluate(Scope scope) {
        String value = scope.find(path).orElseThrow(() -> new ExpressionException(offset, unknown(scope)));
        for (FilterCall call : filters) {
            try {
                value = call.filter().apply(value, call.arguments());
            } catch (IllegalArgumentException e) {
                throw new ExpressionException(call.offset(), String.valueOf(e.getMessage()));
            }
        }
        return value;
    }

    private String unknown(Scope scope) {
        int dot = path.indexOf('.');
        String namespace = dot < 0 ? "" : path.substring(0, dot + 1);
        List<String> siblings = new ArrayList<>();
        for (String each : scope.paths()) {
            if (!namespace.isEmpty() && each.startsWith(namespace)) {
                siblings.add(each);
            }
        }
        List<String> known = siblings.isEmpty() ? List.copyOf(scope.paths()) : siblings;
        return "'" + path + "' is not known here (known: " + (known.isEmpty() ? "nothing" : String.join(", ", known))
                + "). Write $${ for a literal ${";
    }
}
