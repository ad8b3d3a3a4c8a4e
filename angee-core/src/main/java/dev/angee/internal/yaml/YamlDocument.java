package dev.angee.internal.yaml;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.document.Problem;
import dev.angee.document.YamlLimits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Text to YAML nodes, within limits. Scalars stay the text that was written; nobody guesses a type from them. */
public final class YamlDocument {
    /** More than any manifest needs; refused before parsing. */
    public static final int LONGEST = YamlLimits.standard().length();

    private static final int LONGEST_QUOTED = 40;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(Integer.MAX_VALUE) // the limits given are checked first
            .setMaxAliasesForCollections(Integer.MAX_VALUE) // the count of LimitedParser is what stops alias bombs
            .setAllowDuplicateKeys(true) // reported by the mapping reader, with all other problems
            .build();

    private YamlDocument() {}

    /** The root node; a {@link InvalidDocumentException} with line and column if the text is not one sound document. */
    public static Node parse(String file, String text) {
        return parse(file, text, "there is nothing in it");
    }

    /** The same, with what is to be said if there is nothing in it. */
    public static Node parse(String file, String text, String ifEmpty) {
        return parse(file, text, YamlLimits.standard(), ifEmpty);
    }

    /**
     * The root node of a manifest's text that keeps the limits; a {@link InvalidDocumentException} with line and column if it does
     * not.
     */
    public static Node parse(String file, String text, YamlLimits limits) {
        return parse(file, text, limits, "the file is empty; it needs at least 'name: <stack name>'");
    }

    private static Node parse(String file, String text, YamlLimits limits, String ifEmpty) {
        return parsing(
                        file,
                        text,
                        limits,
                        events -> new Composer(SETTINGS, events).getSingleNode().orElse(null))
                .orElseThrow(() -> problem(file, Place.of(1, 1), ifEmpty));
    }

    /** Runs a reader of events; whatever is wrong with the text becomes a problem with a place. */
    static <T> Optional<T> parsing(String file, String text, YamlLimits limits, Function<Parser, T> reader) {
        checkText(file, text, limits);
        try {
            Parser events = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
            return Optional.ofNullable(reader.apply(new LimitedParser(events, file, limits)));
        } catch (MarkedYamlEngineException e) {
            throw refused(file, e.getProblemMark().or(e::getContextMark), "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw problem(file, Place.of(1, 1), "not YAML: " + e.getMessage());
        }
    }

    /** Size first, then characters that no YAML file may hold: NUL, other controls, halves of surrogate pairs. */
    private static void checkText(String file, String text, YamlLimits limits) {
        if (text.length() > limits.length()) {
            throw tooLarge(file, limits);
        }
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if (!StreamReader.isPrintable(c)) {
                throw problem(file, Place.of(line, column), "the character " + named(c) + " cannot stand in YAML");
            }
            boolean breaks = c == '\n' || (c == '\r' && !text.startsWith("\n", i + 1));
            line += breaks ? 1 : 0;
            column = breaks ? 1 : column + 1;
        }
    }

    /** That a file is larger than it may be. */
    public static InvalidDocumentException tooLarge(String file, YamlLimits limits) {
        int mebibyte = 1024 * 1024;
        boolean even = limits.length() % mebibyte == 0;
        return problem(
                file,
                Place.of(1, 1),
                "the file is larger than "
                        + (even ? limits.length() / mebibyte + " MiB" : limits.length() + " characters"));
    }

    /** The first character of a text that no YAML file may hold, by its number; empty if there is none. */
    public static Optional<String> unfit(String text) {
        return text.codePoints()
                .filter(c -> !StreamReader.isPrintable(c))
                .mapToObj(YamlDocument::named)
                .findFirst();
    }

    private static String named(int character) {
        return String.format(java.util.Locale.ROOT, "U+%04X", character);
    }

    public static Place place(Node node) {
        Place start = place(node.getStartMark());
        return new Place(start.line(), start.column(), textColumn(node, start.column()));
    }

    private static Place place(Optional<Mark> start) {
        return start.map(mark -> Place.of(mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(Place.of(1, 1));
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

    static InvalidDocumentException refused(String file, Optional<Mark> mark, String message) {
        return problem(file, place(mark), message);
    }

    private static InvalidDocumentException problem(String file, Place place, String message) {
        return new InvalidDocumentException(List.of(Problem.of(file, place.line(), place.column(), "", message)));
    }
}
