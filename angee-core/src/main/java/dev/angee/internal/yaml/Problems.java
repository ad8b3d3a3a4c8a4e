package dev.angee.internal.yaml;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.document.Problem;
import dev.angee.document.Problem.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Collects what is wrong, and where everything was written, while one document is read. Of what is wrong the first 200 are
 * kept, and one more that says how many there were: nobody reads a million, and no memory should hold them.
 */
public final class Problems {
    /** The most problems that are kept of one document. */
    public static final int MOST = 200;

    private final String file;
    private final Set<Problem> found = new TreeSet<>();
    private long dropped;
    private Kind kindOfDropped = Kind.UNSUPPORTED;
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
        add(new Problem(file, place.line(), place.column(), path, message, kind));
    }

    /** At a character of a scalar's text, where characters of the text and of the file correspond; else at its start. */
    public void within(Node node, int offset, String path, String message) {
        Place place = YamlDocument.place(node);
        boolean alike = place.textColumn().isPresent();
        int column = alike ? place.textColumn().getAsInt() + offset : place.column();
        String where = alike ? "" : "character " + (offset + 1) + ": ";
        add(Problem.of(file, place.line(), column, path, where + message));
    }

    public void remember(String path, Node node) {
        places.put(path, YamlDocument.place(node));
    }

    public void add(Problem problem) {
        if (found.size() < MOST) {
            found.add(problem);
        } else if (!found.contains(problem)) {
            dropped++;
            kindOfDropped = problem.kind().compareTo(kindOfDropped) < 0 ? problem.kind() : kindOfDropped;
        }
    }

    /** Whether no more are kept, so that what is still to be said need not be said well. */
    public boolean isFull() {
        return found.size() >= MOST;
    }

    public Map<String, Place> places() {
        return places;
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public void throwIfAny() {
        if (!found.isEmpty()) {
            List<Problem> all = new ArrayList<>(found);
            if (dropped > 0) {
                all.add(rest(all.get(all.size() - 1)));
            }
            throw new InvalidDocumentException(all);
        }
    }

    /** Stands behind the last one that is kept, and is of the worst kind there was. */
    private Problem rest(Problem last) {
        String message = "and " + dropped + " more; mend these first";
        return new Problem(file, last.line(), last.column() + 1, "", message, kindOfDropped);
    }
}
