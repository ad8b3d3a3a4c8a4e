package dev.angee.render;

/** What becomes of a file that both the template and somebody here have changed. */
public enum OnConflict {
    /** It is reported, and nothing at all is done. */
    REFUSE,
    /** The template's version takes its place. What a template has never rendered is still not deleted. */
    OVERWRITE,
    /**
     * What is here stays, as an edit of the template's version of today: it is no conflict again until the template changes it once
     * more.
     */
    KEEP
}
