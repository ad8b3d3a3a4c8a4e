package dev.angee.source;

/**
 * Looks at merges of one cache; of many, each costs less than with {@link History#preview}. Thread-safe. Whoever has it, closes
 * it soon: it may hold files open, and a folder for temporary files.
 */
public interface Previews extends AutoCloseable {

    /**
     * What a merge of one commit into another would come to, as {@link History#preview} says.
     *
     * @throws IllegalStateException if it is closed
     */
    MergePreview of(CommitId into, CommitId what);

    @Override
    void close();
}
