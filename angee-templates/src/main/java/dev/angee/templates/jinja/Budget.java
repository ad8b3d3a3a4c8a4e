package dev.angee.templates.jinja;

/**
 * What a template may use up: steps, the characters of all texts and items it makes on the way, and levels of calls. Counted and not
 * timed, so that the same template ends in the same way on any machine.
 */
final class Budget {
    private static final int LEVELS = 60;
    private static final int AN_ITEM = 32; // about as many bytes as it takes, with what is in it
    private static final int SCANNED = 64; // characters that are gone through in the time of a step
    private static final int COMPARED = 4096;

    private final long steps;
    private final long made;
    private long stepsLeft;
    private long madeLeft;
    private int level;

    /**
     * A full budget.
     *
     * @param steps how many things may be evaluated
     * @param made how many characters may be made of them; an item of a list counts as some
     */
    Budget(long steps, long made) {
        this.steps = steps;
        this.made = made;
        this.stepsLeft = steps;
        this.madeLeft = made;
    }

    void step() {
        steps(1);
    }

    void steps(long many) {
        stepsLeft -= many;
        if (stepsLeft < 0) {
            throw JinjaException.limit("takes more than " + steps + " steps; look for a loop that does not end");
        }
    }

    /** Before so many characters are made; what is less than none is more than there are numbers for. */
    void make(long many) {
        if (many < 0 || many > madeLeft) {
            throw JinjaException.limit("makes more than " + made + " characters, of which an item counts as " + AN_ITEM
                    + "; look for a text or a list that grows in a loop");
        }
        madeLeft -= many;
    }

    /** Before so many items are made. */
    void items(long many) {
        make(many < 0 || many > made ? -1 : many * AN_ITEM);
    }

    /** What it costs at worst to look for a text in another. */
    void search(long length, long wanted) {
        steps(length / SCANNED + length * wanted / COMPARED);
    }

    /** What it costs to go through so many characters. */
    void scan(long length) {
        steps(length / SCANNED);
    }

    /** The same text, which was just made. */
    String made(String text) {
        make(text.length());
        return text;
    }

    void deeper() {
        if (++level > LEVELS) {
            throw JinjaException.limit("calls or includes itself more than " + LEVELS + " levels deep");
        }
    }

    void shallower() {
        level--;
    }
}
