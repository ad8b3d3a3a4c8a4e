package dev.angee.internal.yaml;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.document.Problem;
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

    public void at(Node node, String path, String message) {
        Place place = YamlDocument.place(node);
        found.add(new Problem(file, place.line(), place.column(), path, message));
    }

    /** At a character inside a plain or quoted scalar that stands on one line; else at its start. */
    public void within(Node node, int offset, String path, String message) {
        Place place = YamlDocument.place(node);
        found.add(new Problem(file, place.line(), place.column() + offset, path, message));
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
