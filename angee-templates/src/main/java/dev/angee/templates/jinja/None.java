package dev.angee.templates.jinja;

/** The value of nothing. */
enum None {
    NONE;

    @Override
    public String toString() {
        return "None";
    }
}
