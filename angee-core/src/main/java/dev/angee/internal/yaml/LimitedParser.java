package dev.angee.internal.yaml;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Passes events on and keeps count. The size of what an anchor stands for is known when its node ends, so an alias costs
 * one addition however much it would expand to, and a bomb is refused where it goes off.
 */
final class LimitedParser implements Parser {
    private record Subtree(long nodes, long characters, int height) {}

    private static final class Open {
        private final long nodesBefore;
        private final long charactersBefore;
        private final @Nullable String anchor;
        private int height;

        Open(long nodesBefore, long charactersBefore, @Nullable String anchor) {
            this.nodesBefore = nodesBefore;
            this.charactersBefore = charactersBefore;
            this.anchor = anchor;
        }
    }

    private final Parser events;
    private final String file;
    private final YamlLimits limits;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<String, Subtree> anchored = new HashMap<>();
    private Optional<Mark> last = Optional.empty();
    private long nodes;
    private long characters;

    LimitedParser(Parser events, String file, YamlLimits limits) {
        this.events = events;
        this.file = file;
        this.limits = limits;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return guarded(() -> events.checkEvent(choice));
    }

    @Override
    public Event peekEvent() {
        return guarded(events::peekEvent);
    }

    @Override
    public boolean hasNext() {
        return guarded(events::hasNext);
    }

    @Override
    public Event next() {
        Event event = guarded(events::next);
        last = event.getEndMark();
        switch (event.getEventId()) {
            case Scalar -> {
                int length = ((ScalarEvent) event).getValue().length();
                add(event, new Subtree(1, length, 0), anchor((NodeEvent) event));
            }
            case Alias -> add(event, target((AliasEvent) event), null);
            case MappingStart, SequenceStart -> start((CollectionStartEvent) event);
            case MappingEnd, SequenceEnd -> end();
            default -> {
                // the borders of streams and documents weigh nothing
            }
        }
        return event;
    }

    /** The scanner of snakeyaml-engine 3.2 lets slip that {@code "\\UFFFFFFFF"} is no number that it can hold. */
    private <T> T guarded(Supplier<T> step) {
        try {
            return step.get();
        } catch (IllegalArgumentException e) {
            throw YamlDocument.refused(file, last, "not YAML, soon after this place: " + e.getMessage());
        }
    }

    private void add(Event event, Subtree subtree, @Nullable String anchor) {
        nodes += subtree.nodes;
        characters += subtree.characters;
        if (nodes > limits.nodes()) {
            throw refused(event, "more than " + limits.nodes() + " values once aliases are expanded");
        }
        if (characters > limits.characters()) {
            throw refused(event, "more than " + limits.characters() + " characters once aliases are expanded");
        }
        if (open.size() + subtree.height > limits.depth()) {
            throw refused(event, "nested deeper than " + limits.depth() + " levels");
        }
        if (!open.isEmpty()) {
            open.peek().height = Math.max(open.peek().height, subtree.height + 1);
        }
        if (anchor != null) {
            anchored.put(anchor, subtree);
        }
    }

    private void start(CollectionStartEvent event) {
        long nodesBefore = nodes;
        long charactersBefore = characters;
        add(event, new Subtree(1, 0, 0), null);
        String anchor = anchor(event);
        if (anchor != null) {
            anchored.remove(anchor); // an anchor may be given again; until its node ends it stands for nothing
        }
        open.push(new Open(nodesBefore, charactersBefore, anchor));
    }

    private void end() {
        Open ended = open.pop();
        if (ended.anchor != null) {
            anchored.put(
                    ended.anchor,
                    new Subtree(nodes - ended.nodesBefore, characters - ended.charactersBefore, ended.height));
        }
        if (!open.isEmpty()) {
            open.peek().height = Math.max(open.peek().height, ended.height + 1);
        }
    }

    private Subtree target(AliasEvent event) {
        String name = event.getAlias().getValue();
        Subtree subtree = anchored.get(name);
        if (subtree != null) {
            return subtree;
        }
        boolean inside = open.stream().anyMatch(each -> name.equals(each.anchor));
        throw refused(
                event,
                inside
                        ? "'*" + name + "' stands inside the value that '&" + name + "' names"
                        : "'*" + name + "' is not defined; write '&" + name + "' before the value it stands for");
    }

    private static @Nullable String anchor(NodeEvent event) {
        Optional<Anchor> anchor = event.getAnchor();
        return anchor.map(Anchor::getValue).orElse(null);
    }

    private InvalidDocumentException refused(Event event, String message) {
        return YamlDocument.refused(file, event.getStartMark(), message);
    }
}
