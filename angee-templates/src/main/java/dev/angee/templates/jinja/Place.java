package dev.angee.templates.jinja;

/** Where something stands in a text; both count from one. */
record Place(int line, int column) {
    static final Place BEGIN = new Place(1, 1);

    /** The place of an offset. */
    static Place of(String text, int offset) {
        int line = 1;
        int lineBegin = 0;
        for (int i = 0; i < offset; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineBegin = i + 1;
            }
        }
        return new Place(line, offset - lineBegin + 1);
    }
}
