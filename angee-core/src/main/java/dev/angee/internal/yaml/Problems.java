package dev.angee.internal.yaml;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.document.Problem;
import dev.angee.document.Problem.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong, and where everything was written, while one document is read. */
public final class Problems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();

    public Problems(String file) {
        this.file = file;
    }

    /** A key, type or value that cannot stand there. */
    public void at(Node node, String path, String message) {
        at(node, path, message, Kind.SHAPE);
    }

    public void at(Node node, String path, String message, Kind kind) {
        Place place = YamlDocument.place(node);
        found.add(new Problem(file, place.line(), place.column(), path, message, kind));
    }

    /** At a character of a scalar's text, where characters of the text and of the file correspond; else at its start. */
    public void within(Node node, int offset, String path, String message) {
        Place place = YamlDocument.place(node);
        boolean alike = place.textColumn().isPresent();
        int column = alike ? place.textColumn().getAsInt() + offset : place.column();
        String where = alike ? "" : "character " + (offset + 1) + ": ";
        found.add(Problem.of(file, place.line(), column, path, where + message));
    }

    public void remember(String path, Node node) {
        places.put(path, YamlDocument.place(node));
    }

    public void add(Problem problem) {
        found.add(problem);
    }

    public Map<String, Place> places() {
        return places;
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidDocumentException(found);
        }
    }
}
