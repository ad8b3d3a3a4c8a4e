package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a template knows as {@code loop}. */
final class Loop implements Members, Callable {
    private final Node.For node;
    private final Frame frame;
    private final Rendering rendering;
    private final Machine machine;
    private final Evaluator evaluator;
    private final List<Object> items;
    private final int depth;
    private int index;
    private Optional<Object> changing = Optional.empty();

    private Loop(
            Node.For node,
            Frame frame,
            Rendering rendering,
            Machine machine,
            Evaluator evaluator,
            List<Object> items,
            int depth) {
        this.node = node;
        this.frame = frame;
        this.rendering = rendering;
        this.machine = machine;
        this.evaluator = evaluator;
        this.items = items;
        this.depth = depth;
    }

    /** Runs a loop. */
    static void run(Node.For node, Frame frame, Rendering rendering, Machine machine, Evaluator evaluator) {
        Object over = evaluator.evaluate(node.items(), frame.scope());
        run(node, frame, rendering, machine, evaluator, Values.items(over), 1);
    }

    private static void run(
            Node.For node,
            Frame frame,
            Rendering rendering,
            Machine machine,
            Evaluator evaluator,
            List<Object> over,
            int depth) {
        List<Object> items = new ArrayList<>();
        for (Object item : List.copyOf(over)) {
            machine.budget().step();
            if (node.condition().isPresent()) {
                Scope scope = frame.scope().inner();
                rendering.assign(node.target(), item, scope);
                if (!Values.isTrue(evaluator.evaluate(node.condition().get(), scope))) {
                    continue;
                }
            }
            items.add(item);
        }
        if (items.isEmpty()) {
            rendering.run(node.otherwise(), frame.inner());
        } else {
            new Loop(node, frame, rendering, machine, evaluator, items, depth).all();
        }
    }

    private void all() {
        for (index = 0; index < items.size(); index++) {
            Frame inner = frame.inner();
            rendering.assign(node.target(), items.get(index), inner.scope());
            inner.scope().set("loop", this);
            rendering.run(node.body(), inner);
        }
    }

    /** The same loop over other items, which is how it calls itself. */
    @Override
    public Object call(Arguments arguments) {
        if (!node.recursive()) {
            throw JinjaException.of("the loop is not 'recursive'");
        }
        List<Object> over = Values.items(arguments.need(0, "iterable"));
        return rendering.captured(frame, inner -> run(node, inner, rendering, machine, evaluator, over, depth + 1));
    }

    @Override
    public Optional<Object> member(String name) {
        long size = items.size();
        return switch (name) {
            case "index" -> Optional.of(index + 1L);
            case "index0" -> Optional.of((long) index);
            case "revindex" -> Optional.of(size - index);
            case "revindex0" -> Optional.of(size - index - 1);
            case "first" -> Optional.of(index == 0);
            case "last" -> Optional.of(index == size - 1);
            case "length" -> Optional.of(size);
            case "depth" -> Optional.of((long) depth);
            case "depth0" -> Optional.of(depth - 1L);
            case "previtem" ->
                Optional.of(index == 0 ? machine.undefined("there is no previous item") : items.get(index - 1));
            case "nextitem" ->
                Optional.of(index == size - 1 ? machine.undefined("there is no next item") : items.get(index + 1));
            case "cycle" -> Optional.of((Callable) this::cycle);
            case "changed" -> Optional.of((Callable) this::changed);
            default -> Optional.empty();
        };
    }

    private Object cycle(Arguments arguments) {
        List<Object> values = arguments.positional();
        if (values.isEmpty()) {
            throw JinjaException.of("cycle() needs values to choose from");
        }
        return values.get(index % values.size());
    }

    private Object changed(Arguments arguments) {
        Object now = new Tuple(arguments.positional());
        boolean changed = changing.isEmpty() || !machine.order().equal(changing.get(), now);
        changing = Optional.of(now);
        return changed;
    }
}
