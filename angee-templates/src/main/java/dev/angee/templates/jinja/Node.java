package dev.angee.templates.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A part of a template that prints or does something, and where it begins. */
sealed interface Node {
    Place place();

    record Text(Place place, String text) implements Node {}

    record Print(Place place, Expr value) implements Node {}

    /** The first branch whose condition holds; an {@code else} has none. */
    record If(Place place, List<Branch> branches) implements Node {}

    record Branch(Optional<Expr> condition, List<Node> body) {}

    record For(
            Place place,
            Target target,
            Expr items,
            Optional<Expr> condition,
            boolean recursive,
            List<Node> body,
            List<Node> otherwise)
            implements Node {}

    record Assign(Place place, Target target, Expr value) implements Node {}

    record Capture(Place place, Target target, List<FilterCall> filters, List<Node> body) implements Node {}

    record FilterBlock(Place place, List<FilterCall> filters, List<Node> body) implements Node {}

    record FilterCall(Place place, String name, Expr.CallArguments arguments) {}

    record With(Place place, List<Map.Entry<Target, Expr>> values, List<Node> body) implements Node {}

    /** A macro; the extras are those of {@code varargs}, {@code kwargs} and {@code caller} that its body speaks of. */
    record MacroOf(Place place, String name, List<Parameter> parameters, List<Node> body, Set<String> extras)
            implements Node {}

    record Parameter(String name, Optional<Expr> standard) {}

    record CallBlock(Place place, Expr call, List<Parameter> parameters, List<Node> body) implements Node {}

    record Include(Place place, Expr what, boolean ignoreMissing, boolean withContext) implements Node {}

    record Import(Place place, Expr what, String as, boolean withContext) implements Node {}

    /** Names to take from another text, each with what it is called here. */
    record FromImport(Place place, Expr what, Map<String, String> names, boolean withContext) implements Node {}

    record Block(Place place, String name, boolean scoped, boolean required, List<Node> body) implements Node {}

    record Extends(Place place, Expr what) implements Node {}

    /** What is assigned to. */
    sealed interface Target {
        record Variable(String name) implements Target {}

        /** A field of a {@code namespace()}. */
        record Field(Place place, String namespace, String name) implements Target {}

        record Several(List<Target> parts) implements Target {}
    }
}
