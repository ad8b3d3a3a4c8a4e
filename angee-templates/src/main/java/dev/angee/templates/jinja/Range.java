package dev.angee.templates.jinja;

import java.util.AbstractList;

/** Numbers from one up to another, of which none is kept. */
final class Range extends AbstractList<Object> {
    private static final int MOST = 100_000; // as in Jinja's sandbox

    private final long start;
    private final long stop;
    private final long step;
    private final int size;

    private Range(long start, long stop, long step, int size) {
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.size = size;
    }

    /** Those from a first one up to, and without, another. */
    static Range of(long start, long stop, long step) {
        if (step == 0) {
            throw JinjaException.of("range() needs a step that is not 0");
        }
        double many = Math.ceil(((double) stop - start) / step);
        if (many > MOST) {
            throw JinjaException.limit("range() of more than " + MOST + " numbers");
        }
        return new Range(start, stop, step, (int) Math.max(0, many));
    }

    @Override
    public Object get(int index) {
        return start + java.util.Objects.checkIndex(index, size) * step;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String toString() {
        return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
    }
}
