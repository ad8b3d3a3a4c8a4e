package dev.angee.manifest;

import dev.angee.document.InvalidDocumentException;

/** Decides whether a text may become a manifest. Called with the lock of the manifest held: it must not take that lock. */
@FunctionalInterface
public interface ManifestCheck {
    /**
     * Returns if the text is sound.
     *
     * @param file what to call it in problems
     * @param text the whole text
     * @throws InvalidDocumentException if it is not
     */
    void check(String file, String text);

    /** That {@link ManifestReader} accepts the text. */
    static ManifestCheck reader() {
        return (file, text) -> new ManifestReader().read(file, text);
    }
}
