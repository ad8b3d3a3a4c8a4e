package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Works expressions out. */
final class Evaluator {
    private final Machine machine;
    private final Arithmetic arithmetic;
    private final Access access;
    private final Filters filters;
    private final Checks checks;

    Evaluator(Machine machine) {
        this.machine = machine;
        this.arithmetic = new Arithmetic(machine);
        this.access = new Access(machine);
        this.checks = new Checks(machine);
        this.filters = new Filters(machine, access, checks);
    }

    /** The value of an expression; a failure has the place of the innermost part that fails. */
    Object evaluate(Expr expr, Scope scope) {
        machine.budget().step();
        try {
            return value(expr, scope);
        } catch (JinjaException e) {
            throw e.placed(expr.place());
        }
    }

    private Object value(Expr expr, Scope scope) {
        if (expr instanceof Expr.Constant constant) {
            return constant.value();
        }
        if (expr instanceof Expr.Name name) {
            return scope.find(name.name()).orElseGet(() -> machine.undefined("'" + name.name() + "' is undefined"));
        }
        if (expr instanceof Expr.Attribute attribute) {
            return access.attribute(evaluate(attribute.of(), scope), attribute.name());
        }
        if (expr instanceof Expr.Item item) {
            return access.item(evaluate(item.of(), scope), evaluate(item.key(), scope));
        }
        if (expr instanceof Expr.Slice slice) {
            return access.slice(
                    evaluate(slice.of(), scope),
                    bound(slice.begin(), scope),
                    bound(slice.end(), scope),
                    bound(slice.step(), scope));
        }
        if (expr instanceof Expr.Call call) {
            return call(evaluate(call.of(), scope), arguments(described(call.of()), call.arguments(), scope));
        }
        if (expr instanceof Expr.Filter filter) {
            return filter(filter.name(), evaluate(filter.of(), scope), filter.arguments(), scope);
        }
        if (expr instanceof Expr.Test test) {
            Arguments arguments = arguments("the test '" + test.name() + "'", test.arguments(), scope);
            return checks.holds(test.name(), evaluate(test.of(), scope), arguments) != test.negated();
        }
        return operation(expr, scope);
    }

    private Object operation(Expr expr, Scope scope) {
        if (expr instanceof Expr.Conditional conditional) {
            return conditional(conditional, scope);
        }
        if (expr instanceof Expr.Logical logical) {
            Object left = evaluate(logical.left(), scope);
            return Values.isTrue(left) == logical.and() ? evaluate(logical.right(), scope) : left;
        }
        if (expr instanceof Expr.Unary unary) {
            return unary(unary.operator(), evaluate(unary.of(), scope));
        }
        if (expr instanceof Expr.Binary binary) {
            return arithmetic.apply(binary.operator(), evaluate(binary.left(), scope), evaluate(binary.right(), scope));
        }
        if (expr instanceof Expr.Comparison comparison) {
            return comparison(comparison, scope);
        }
        if (expr instanceof Expr.Concatenation concatenation) {
            Draft text = new Draft(machine.budget());
            for (Expr part : concatenation.parts()) {
                text.append(machine.text().str(evaluate(part, scope)));
            }
            return text.toString();
        }
        if (expr instanceof Expr.ListOf list) {
            return all(list.items(), scope);
        }
        if (expr instanceof Expr.TupleOf tuple) {
            return new Tuple(all(tuple.items(), scope));
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Map.Entry<Expr, Expr> entry : ((Expr.MappingOf) expr).entries()) {
            map.put(Access.key(evaluate(entry.getKey(), scope)), evaluate(entry.getValue(), scope));
        }
        machine.budget().items(map.size());
        return map;
    }

    private Object conditional(Expr.Conditional conditional, Scope scope) {
        if (Values.isTrue(evaluate(conditional.condition(), scope))) {
            return evaluate(conditional.then(), scope);
        }
        return conditional.otherwise().isPresent()
                ? evaluate(conditional.otherwise().get(), scope)
                : new Undefined("the inline if is false, and there is no else", false);
    }

    private static Object unary(String operator, Object value) {
        if (operator.equals("not")) {
            return !Values.isTrue(value);
        }
        Number number = Values.number(value);
        if (operator.equals("+")) {
            return number;
        }
        if (number instanceof Long whole) {
            if (whole == Long.MIN_VALUE) {
                throw JinjaException.of("'-': the result is too large");
            }
            return -whole;
        }
        return -number.doubleValue();
    }

    private Object comparison(Expr.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (Map.Entry<String, Expr> next : comparison.others()) {
            Object right = evaluate(next.getValue(), scope);
            if (!checks.compare(next.getKey(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private List<Object> all(List<Expr> exprs, Scope scope) {
        List<Object> values = new ArrayList<>();
        for (Expr each : exprs) {
            values.add(evaluate(each, scope));
        }
        machine.budget().items(values.size());
        return values;
    }

    private Optional<Long> bound(Optional<Expr> expr, Scope scope) {
        if (expr.isEmpty()) {
            return Optional.empty();
        }
        Object value = evaluate(expr.get(), scope);
        if (value == None.NONE) {
            return Optional.empty();
        }
        if (value instanceof Long number) {
            return Optional.of(number);
        }
        throw JinjaException.of("a slice needs whole numbers, not " + Values.kind(value));
    }

    private static String described(Expr callee) {
        if (callee instanceof Expr.Name name) {
            return name.name() + "()";
        }
        return callee instanceof Expr.Attribute attribute ? attribute.name() + "()" : "the call";
    }

    Object call(Object callee, Arguments arguments) {
        machine.budget().step();
        if (callee instanceof Callable callable) {
            machine.budget().deeper();
            Object result = callable.call(arguments);
            machine.budget().shallower();
            return result;
        }
        if (callee instanceof Undefined undefined) {
            throw undefined.failure();
        }
        throw JinjaException.of("'" + Values.kind(callee) + "' cannot be called");
    }

    /** What a filter makes of a value. */
    Object filter(String name, Object value, Expr.CallArguments arguments, Scope scope) {
        return filters.apply(name, value, arguments("the filter '" + name + "'", arguments, scope));
    }

    Arguments arguments(String function, Expr.CallArguments written, Scope scope) {
        List<Object> positional = new ArrayList<>(all(written.positional(), scope));
        for (Expr spread : written.spread()) {
            List<Object> items = Values.items(evaluate(spread, scope));
            machine.budget().items(items.size());
            positional.addAll(items);
        }
        Map<String, Object> named = new LinkedHashMap<>();
        for (Map.Entry<String, Expr> each : written.named().entrySet()) {
            named.put(each.getKey(), evaluate(each.getValue(), scope));
        }
        for (Expr spread : written.spreadNamed()) {
            if (evaluate(spread, scope) instanceof Map<?, ?> map) {
                map.forEach((key, value) -> named.put(String.valueOf(key), value));
            } else {
                throw JinjaException.of("'**' needs a mapping");
            }
        }
        return new Arguments(function, positional, named);
    }
}
