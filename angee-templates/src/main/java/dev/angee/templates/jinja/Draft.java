package dev.angee.templates.jinja;

/** A text in the making, of which each part is counted before it is added. */
final class Draft {
    private final Budget budget;
    private final StringBuilder text = new StringBuilder();

    Draft(Budget budget) {
        this.budget = budget;
    }

    Draft append(String more) {
        budget.make(more.length());
        text.append(more);
        return this;
    }

    Draft append(String more, int from, int to) {
        budget.make(to - from);
        text.append(more, from, to);
        return this;
    }

    Draft append(char c) {
        budget.make(1);
        text.append(c);
        return this;
    }

    Draft appendCodePoint(int c) {
        budget.make(2);
        text.appendCodePoint(c);
        return this;
    }

    int length() {
        return text.length();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
