package dev.angee.templates.jinja;

/** What was printed. Everything that is printed somewhere counts, also what is captured and thrown away. */
final class Output {
    private final Budget budget;
    private final StringBuilder text = new StringBuilder();

    Output(Budget budget) {
        this.budget = budget;
    }

    void print(String more) {
        budget.make(more.length());
        text.append(more);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
