package dev.angee.templates.jinja;

/**
 * What there is where nothing is: prints as nothing, is false, has no items, and cannot be computed with. A strict one cannot be
 * used at all, but for asking whether it is defined.
 *
 * @param what why, as an error says it
 * @param strict whether it fails where others are nothing
 */
record Undefined(String what, boolean strict) {
    JinjaException failure() {
        return JinjaException.of(what);
    }

    /** Fails if it is a strict one. */
    void use() {
        if (strict) {
            throw failure();
        }
    }
}
