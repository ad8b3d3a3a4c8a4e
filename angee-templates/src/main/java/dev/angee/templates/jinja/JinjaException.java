package dev.angee.templates.jinja;

import java.util.Optional;

/** A text that is no template, or one that cannot be rendered. Its message tells what, not where. */
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean limit;
    private transient Optional<String> name = Optional.empty();
    private transient Optional<Place> place = Optional.empty();

    private JinjaException(String message, boolean limit) {
        super(message);
        this.limit = limit;
    }

    /** Something is wrong with the template or its inputs, at a place that whoever evaluates it adds. */
    static JinjaException of(String message) {
        return new JinjaException(message, false);
    }

    static JinjaException at(Place place, String message) {
        return of(message).placed(place);
    }

    /** It asks for more than it may have. */
    static JinjaException limit(String message) {
        return new JinjaException(message, true);
    }

    /** The same, at a place, unless it has one; the innermost is the one that helps. */
    JinjaException placed(Place where) {
        if (place.isEmpty()) {
            place = Optional.of(where);
        }
        return this;
    }

    /** The same, in a text, unless it has one. */
    JinjaException named(String text) {
        if (name.isEmpty()) {
            name = Optional.of(text);
        }
        return this;
    }

    /** Whether it asked for more than it may have. */
    public boolean isLimit() {
        return limit;
    }

    /** Where it happened: {@code name:line:column}, as far as that is known. */
    public String where() {
        return name.orElse("template")
                + place.map(p -> ":" + p.line() + ":" + p.column()).orElse("");
    }
}
