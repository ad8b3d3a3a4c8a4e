package dev.angee.internal.yaml;

/**
 * One change of a text.
 *
 * @param offset where, in UTF-16 units
 * @param removed what goes
 * @param inserted what comes in its place
 */
public record Splice(int offset, String removed, String inserted) {
    static Splice of(String text, int from, int to, String inserted) {
        return new Splice(from, text.substring(from, to), inserted);
    }

    /** The text after the change. */
    public String applyTo(String text) {
        return text.substring(0, offset) + inserted + text.substring(offset + removed.length());
    }
}
