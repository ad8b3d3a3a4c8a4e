package dev.angee.internal.yaml;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.document.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Text to YAML nodes, within limits. Scalars stay the text that was written; nobody guesses a type from them. */
public final class YamlDocument {
    /** More than any manifest needs; refused before parsing. */
    public static final int LONGEST = 16 * 1024 * 1024;

    private static final int MOST_NODES = 2_000_000;
    private static final int DEEPEST = 64;
    private static final int LONGEST_QUOTED = 40;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(LONGEST)
            .setMaxAliasesForCollections(Integer.MAX_VALUE) // the node budget below is what stops alias bombs
            .setAllowDuplicateKeys(true) // reported by the mapping reader, with all other problems
            .build();

    private YamlDocument() {}

    /** The root node; a {@link InvalidDocumentException} with line and column if the text is not one sound document. */
    public static Node parse(String file, String text) {
        if (text.length() > LONGEST) {
            throw problem(file, 1, 1, "the file is larger than " + LONGEST / 1024 / 1024 + " MiB");
        }
        Optional<Node> root;
        try {
            StreamReader reader = new StreamReader(SETTINGS, text);
            root = new Composer(SETTINGS, new ParserImpl(SETTINGS, reader)).getSingleNode();
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            int line = mark == null ? 1 : mark.getLine() + 1;
            int column = mark == null ? 1 : mark.getColumn() + 1;
            throw problem(file, line, column, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw problem(file, 1, 1, "not YAML: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw problem(file, 1, 1, "nested deeper than " + DEEPEST + " levels");
        }
        Node node = root.orElseThrow(
                () -> problem(file, 1, 1, "the file is empty; it needs at least 'name: <stack name>'"));
        checkSize(file, node);
        return node;
    }

    /** Walks the document as it would be expanded, aliases included. */
    private static void checkSize(String file, Node root) {
        record Visit(Node node, int depth) {}
        Deque<Visit> open = new ArrayDeque<>(List.of(new Visit(root, 0)));
        int nodes = 1;
        while (!open.isEmpty()) {
            Visit visit = open.pop();
            if (visit.depth > DEEPEST) {
                throw at(file, visit.node, "nested deeper than " + DEEPEST + " levels");
            }
            List<Node> children = children(visit.node);
            nodes += children.size();
            if (nodes > MOST_NODES) {
                throw at(file, root, "more than " + MOST_NODES + " values once aliases are expanded");
            }
            children.forEach(child -> open.push(new Visit(child, visit.depth + 1)));
        }
    }

    private static List<Node> children(Node node) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        List<Node> children = new ArrayList<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                children.add(tuple.getKeyNode());
                children.add(tuple.getValueNode());
            }
        }
        return children;
    }

    public static Place place(Node node) {
        Mark start = node.getStartMark().orElse(null);
        if (start == null) {
            return Place.of(1, 1);
        }
        int line = start.getLine() + 1;
        int column = start.getColumn() + 1;
        return new Place(line, column, textColumn(node, column));
    }

    /** Known where the text takes exactly as many characters in the file as it has, so that nothing in it is escaped. */
    private static OptionalInt textColumn(Node node, int column) {
        if (!(node instanceof ScalarNode scalar)) {
            return OptionalInt.empty();
        }
        int quote = scalar.getScalarStyle() == ScalarStyle.PLAIN ? 0 : 1;
        int length = scalar.getValue().codePointCount(0, scalar.getValue().length());
        boolean alike = scalar.getStartMark()
                .flatMap(start -> scalar.getEndMark()
                        .map(end -> start.getLine() == end.getLine()
                                && end.getColumn() - start.getColumn() == length + 2 * quote))
                .orElse(false);
        return alike ? OptionalInt.of(column + quote) : OptionalInt.empty();
    }

    /** What a node is, in the words of somebody who writes YAML. */
    public static String describe(Node node) {
        if (node instanceof ScalarNode scalar) {
            return "'" + shorten(scalar.getValue()) + "'";
        }
        return node instanceof MappingNode ? "a map" : "a list";
    }

    /** Text that is fit for a message, however long it is. */
    public static String shorten(String text) {
        return text.length() > LONGEST_QUOTED ? text.substring(0, LONGEST_QUOTED) + "…" : text;
    }

    private static InvalidDocumentException at(String file, Node node, String message) {
        Place place = place(node);
        return problem(file, place.line(), place.column(), message);
    }

    private static InvalidDocumentException problem(String file, int line, int column, String message) {
        return new InvalidDocumentException(List.of(Problem.of(file, line, column, "", message)));
    }
}
