package dev.angee.templates.jinja;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text its text; for a string what it means, for data what is printed
 * @param place where it begins
 */
record Token(Kind kind, String text, Place place) {
    enum Kind {
        DATA,
        PRINT_BEGIN,
        PRINT_END,
        TAG_BEGIN,
        TAG_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** What an error calls it. */
    String described() {
        return switch (kind) {
            case END -> "the end of the template";
            case PRINT_END -> "the end of the expression";
            case TAG_END -> "the end of the tag";
            case STRING -> "a string";
            default -> "'" + text + "'";
        };
    }
}
