package dev.angee.templates.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An expression, and where it begins. */
sealed interface Expr {
    Place place();

    /** A value that is written down. */
    record Constant(Place place, Object value) implements Expr {}

    record Name(Place place, String name) implements Expr {}

    record ListOf(Place place, List<Expr> items) implements Expr {}

    record TupleOf(Place place, List<Expr> items) implements Expr {}

    record MappingOf(Place place, List<Map.Entry<Expr, Expr>> entries) implements Expr {}

    /** {@code of.name}. */
    record Attribute(Place place, Expr of, String name) implements Expr {}

    /** {@code of[key]}. */
    record Item(Place place, Expr of, Expr key) implements Expr {}

    /** {@code of[begin:end:step]}. */
    record Slice(Place place, Expr of, Optional<Expr> begin, Optional<Expr> end, Optional<Expr> step) implements Expr {}

    record Call(Place place, Expr of, CallArguments arguments) implements Expr {}

    record Filter(Place place, Expr of, String name, CallArguments arguments) implements Expr {}

    record Test(Place place, Expr of, String name, CallArguments arguments, boolean negated) implements Expr {}

    /** {@code -x}, {@code +x}, {@code not x}. */
    record Unary(Place place, String operator, Expr of) implements Expr {}

    record Binary(Place place, String operator, Expr left, Expr right) implements Expr {}

    /** {@code and}, {@code or}: the right side only where it matters. */
    record Logical(Place place, boolean and, Expr left, Expr right) implements Expr {}

    /** {@code a < b <= c}. */
    record Comparison(Place place, Expr first, List<Map.Entry<String, Expr>> others) implements Expr {}

    /** {@code a ~ b ~ c}. */
    record Concatenation(Place place, List<Expr> parts) implements Expr {}

    record Conditional(Place place, Expr condition, Expr then, Optional<Expr> otherwise) implements Expr {}

    /** What stands in the parentheses of a call; spread ones are {@code *list} and {@code **mapping}. */
    record CallArguments(List<Expr> positional, Map<String, Expr> named, List<Expr> spread, List<Expr> spreadNamed) {
        static final CallArguments NONE = new CallArguments(List.of(), Map.of(), List.of(), List.of());

        static CallArguments of(Expr only) {
            return new CallArguments(List.of(only), Map.of(), List.of(), List.of());
        }
    }
}
