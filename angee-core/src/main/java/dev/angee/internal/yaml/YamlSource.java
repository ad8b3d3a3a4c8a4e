package dev.angee.internal.yaml;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.document.Problem;
import dev.angee.document.YamlLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * One document's text and where each part of it stands.
 *
 * @param file what to call it in problems
 * @param text the text
 * @param root the map that it holds
 * @param aliases every reference in it, in the order of the text
 */
public record YamlSource(String file, String text, YamlNode.Fields root, List<YamlNode.Alias> aliases) {

    /** Reads a text whose root must be a map. */
    public static YamlSource parse(String file, String text, YamlLimits limits) {
        List<YamlNode.Alias> aliases = new ArrayList<>();
        YamlNode root = parse(file, text, limits, aliases);
        if (root instanceof YamlNode.Fields fields) {
            return new YamlSource(file, text, fields, List.copyOf(aliases));
        }
        throw problem(file, placeOf(text, root.start()), "expected a map");
    }

    /** Reads a text that holds any one value. */
    public static YamlNode parseValue(String file, String text, YamlLimits limits) {
        return parse(file, text, limits, new ArrayList<>());
    }

    private static YamlNode parse(String file, String text, YamlLimits limits, List<YamlNode.Alias> aliases) {
        IntUnaryOperator offsets = offsets(text);
        return YamlDocument.parsing(file, text, limits, events -> new Reader(events, text, offsets, aliases).document())
                .orElseThrow(() -> problem(file, Place.of(1, 1), "there is nothing in it"));
    }

    /** The line and column of an offset. */
    public Place place(int offset) {
        return placeOf(text, offset);
    }

    private static Place placeOf(String text, int offset) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < offset; i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && !text.startsWith("\n", i + 1))) {
                line++;
                start = i + 1;
            }
        }
        return Place.of(line, text.codePointCount(start, Math.max(start, offset)) + 1);
    }

    private static InvalidDocumentException problem(String file, Place place, String message) {
        return new InvalidDocumentException(List.of(Problem.of(file, place.line(), place.column(), "", message)));
    }

    /** Marks count code points; text is cut at UTF-16 units. */
    private static IntUnaryOperator offsets(String text) {
        int[] pairs = new int[16];
        int found = 0;
        for (int i = 0, point = 0; i < text.length(); point++) {
            int width = Character.charCount(text.codePointAt(i));
            if (width == 2) {
                pairs = found == pairs.length ? Arrays.copyOf(pairs, found * 2) : pairs;
                pairs[found++] = point;
            }
            i += width;
        }
        int[] points = Arrays.copyOf(pairs, found);
        return index -> {
            int at = Arrays.binarySearch(points, index);
            return index + (at < 0 ? -at - 1 : at);
        };
    }

    /** Builds nodes from events; recursion is bounded by the depth that the parser lets through. */
    private static final class Reader {
        private final Parser events;
        private final String text;
        private final IntUnaryOperator offsets;
        private final List<YamlNode.Alias> aliases;
        private final Map<String, YamlNode> anchored = new HashMap<>();

        Reader(Parser events, String text, IntUnaryOperator offsets, List<YamlNode.Alias> aliases) {
            this.events = events;
            this.text = text;
            this.offsets = offsets;
            this.aliases = aliases;
        }

        @org.jspecify.annotations.Nullable
        YamlNode document() {
            events.next();
            if (events.checkEvent(Event.ID.StreamEnd)) {
                return null;
            }
            events.next();
            YamlNode root = node();
            events.next();
            Event rest = events.next();
            if (rest.getEventId() != Event.ID.StreamEnd) {
                throw new org.snakeyaml.engine.v2.exceptions.ComposerException(
                        "", Optional.empty(), "expected a single document, but found another", rest.getStartMark());
            }
            return root;
        }

        private YamlNode node() {
            NodeEvent event = (NodeEvent) events.next();
            YamlNode node = switch (event.getEventId()) {
                case Alias -> alias((AliasEvent) event);
                case Scalar -> scalar((ScalarEvent) event);
                case MappingStart -> fields((MappingStartEvent) event);
                default -> items((CollectionStartEvent) event);
            };
            if (!(node instanceof YamlNode.Alias) && !node.head().anchor().isEmpty()) {
                anchored.put(node.head().anchor(), node);
            }
            return node;
        }

        private YamlNode alias(AliasEvent event) {
            String name = event.getAlias().getValue();
            YamlNode target = anchored.get(name);
            if (target == null) {
                throw new IllegalStateException("the parser let an unknown alias through: " + name);
            }
            YamlNode.Alias alias =
                    new YamlNode.Alias(head(event, offset(event.getEndMark()), Optional.empty()), name, target);
            aliases.add(alias);
            return alias;
        }

        private YamlNode scalar(ScalarEvent event) {
            int end = offset(event.getEndMark());
            ScalarStyle style = event.getScalarStyle();
            if (style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED) {
                int start = offset(event.getStartMark());
                String header = text.substring(start, end).lines().findFirst().orElse("");
                // What '+' keeps is text; else the line breaks behind the last line are layout.
                while (!header.contains("+") && end > start && Character.isWhitespace(text.charAt(end - 1))) {
                    end--;
                }
            }
            return new YamlNode.Scalar(head(event, end, event.getTag()), event.getValue(), style);
        }

        private YamlNode items(CollectionStartEvent event) {
            List<YamlNode> items = new ArrayList<>();
            while (!events.checkEvent(Event.ID.SequenceEnd)) {
                items.add(node());
            }
            int end = offset(events.next().getEndMark());
            int last = items.isEmpty() ? end : items.get(items.size() - 1).end();
            return new YamlNode.Items(
                    head(event, event.isFlow() ? end : last, event.getTag()), event.isFlow(), List.copyOf(items));
        }

        private YamlNode fields(MappingStartEvent event) {
            List<YamlNode.Field> fields = new ArrayList<>();
            while (!events.checkEvent(Event.ID.MappingEnd)) {
                fields.add(new YamlNode.Field(node(), node()));
            }
            int end = offset(events.next().getEndMark());
            int last = fields.isEmpty() ? end : end(fields.get(fields.size() - 1));
            return new YamlNode.Fields(
                    head(event, event.isFlow() ? end : last, event.getTag()), event.isFlow(), List.copyOf(fields));
        }

        private static int end(YamlNode.Field field) {
            return Math.max(field.key().end(), field.value().end());
        }

        private YamlNode.Head head(NodeEvent event, int end, Optional<String> tag) {
            String anchor = event.getEventId() == Event.ID.Alias
                    ? ""
                    : event.getAnchor().map(Anchor::getValue).orElse("");
            return new YamlNode.Head(offset(event.getStartMark()), end, anchor, tag.orElse(""));
        }

        private int offset(Optional<Mark> mark) {
            return offsets.applyAsInt(mark.orElseThrow().getIndex());
        }
    }
}
