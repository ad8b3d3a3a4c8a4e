package dev.angee.source;

import java.time.Instant;
import java.util.List;

/**
 * A commit.
 *
 * @param id its id
 * @param parents the ids of its parents, the first being what it was made on
 * @param author who wrote it, as {@code Name <mail>}
 * @param time when it was committed
 * @param summary the first line of its message
 */
public record Commit(CommitId id, List<CommitId> parents, String author, Instant time, String summary) {
    /** Copies the list. */
    public Commit {
        parents = List.copyOf(parents);
    }
}
