package dev.angee.templates.jinja;

/**
 * What a template may use up: steps, the characters of all texts and items it makes on the way, and levels of calls. Counted and not
 * timed, so that the same template ends in the same way on any machine.
 */
final class Budget {
    private static final int LEVELS = 60;

    private final long steps;
    private final long made;
    private long stepsLeft;
    private long madeLeft;
    private int level;

    /**
     * A full budget.
     *
     * @param steps how many things may be evaluated
     * @param made how many characters and items may be made of them
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

    /** Before so many characters or items are made. */
    void make(long many) {
        if (many > madeLeft) {
            throw JinjaException.limit(
                    "makes more than " + made + " characters and items; look for a text that grows in a loop");
        }
        madeLeft -= many;
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
