package dev.angee.templates.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A macro that can be called; it sees what there is where it was defined.
 *
 * @param name its name, for errors
 */
record Macro(String name, Node.MacroOf definition, Frame frame, Rendering rendering, Evaluator evaluator)
        implements Callable, Members {
    @Override
    public Object call(Arguments arguments) {
        return rendering.captured(frame, inner -> {
            bind(arguments, inner.scope());
            rendering.run(definition.body(), inner);
        });
    }

    private void bind(Arguments arguments, Scope scope) {
        List<Node.Parameter> parameters = definition.parameters();
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        for (int i = 0; i < parameters.size(); i++) {
            Node.Parameter parameter = parameters.get(i);
            Optional<Object> given = arguments.get(i, parameter.name());
            Object byName = named.remove(parameter.name());
            if (byName != null && i < arguments.positional().size()) {
                throw JinjaException.of("the macro '" + name + "' is given '" + parameter.name() + "' twice");
            }
            scope.set(parameter.name(), given.orElseGet(() -> standard(parameter, scope)));
        }
        extras(arguments, named, scope);
    }

    private Object standard(Node.Parameter parameter, Scope scope) {
        return parameter.standard().isPresent()
                ? evaluator.evaluate(parameter.standard().get(), scope)
                : rendering.machine().undefined("the parameter '" + parameter.name() + "' was not given");
    }

    private void extras(Arguments arguments, Map<String, Object> named, Scope scope) {
        int most = definition.parameters().size();
        List<Object> others = arguments
                .positional()
                .subList(
                        Math.min(most, arguments.positional().size()),
                        arguments.positional().size());
        if (definition.extras().contains("caller")) {
            Object caller = named.remove("caller");
            scope.set("caller", caller == null ? rendering.machine().undefined("there is no caller") : caller);
        }
        if (definition.extras().contains("varargs")) {
            scope.set("varargs", new Tuple(others));
        } else if (!others.isEmpty()) {
            throw JinjaException.of("the macro '" + name + "' takes no more than " + most + " arguments");
        }
        if (definition.extras().contains("kwargs")) {
            scope.set("kwargs", new LinkedHashMap<Object, Object>(named));
        } else if (!named.isEmpty()) {
            throw JinjaException.of("the macro '" + name + "' takes no argument '"
                    + named.keySet().iterator().next() + "'");
        }
    }

    @Override
    public Optional<Object> member(String member) {
        return switch (member) {
            case "name" -> Optional.of(name);
            case "arguments" ->
                Optional.of(new Tuple(definition.parameters().stream()
                        .map(Node.Parameter::name)
                        .toList()));
            default -> Optional.empty();
        };
    }
}
