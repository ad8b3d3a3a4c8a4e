package dev.angee.manifest;

/** What saving a manifest did. */
public enum SaveOutcome {
    /** The file has new bytes, and they are durable. */
    WRITTEN,
    /** The text was what the file held already; nothing was written. */
    UNCHANGED
}
