package dev.angee.templates.jinja;

import java.util.AbstractList;
import java.util.List;

/** The characters of a text, each made when it is asked for. */
final class Characters extends AbstractList<Object> {
    private final int[] points;

    private Characters(int[] points) {
        this.points = points;
    }

    static List<Object> of(String text) {
        return new Characters(text.codePoints().toArray());
    }

    @Override
    public Object get(int index) {
        return Character.toString(points[index]);
    }

    @Override
    public int size() {
        return points.length;
    }
}
