package dev.angee.source;

import java.util.List;
import java.util.Optional;

/**
 * How one file differs.
 *
 * @param oldPath its path before; empty for a new one
 * @param newPath its path after; empty for one that was deleted
 * @param mode its mode after, or before if it was deleted, as git writes it: {@code 100644}, {@code 100755} for an
 *     executable, {@code 120000} for a link
 * @param binary whether it is no text; then there are no hunks
 * @param hunks what differs, in order
 */
public record FileDiff(
        Optional<String> oldPath, Optional<String> newPath, String mode, boolean binary, List<Hunk> hunks) {
    /** Copies the list. */
    public FileDiff {
        hunks = List.copyOf(hunks);
        if (oldPath.isEmpty() && newPath.isEmpty()) {
            throw new IllegalArgumentException("a file has a path before or after");
        }
    }

    /** Whether it is new. */
    public boolean isNew() {
        return oldPath.isEmpty();
    }

    /** Whether it was deleted. */
    public boolean isDeleted() {
        return newPath.isEmpty();
    }

    /** Whether it was called otherwise before. */
    public boolean isRenamed() {
        return oldPath.isPresent() && newPath.isPresent() && !oldPath.equals(newPath);
    }

    /**
     * Lines that differ, with some that do not around them.
     *
     * @param oldStart the first line before, from 1; 0 if there are none
     * @param oldLines how many lines before
     * @param newStart the first line after, from 1; 0 if there are none
     * @param newLines how many lines after
     * @param section what the lines are in, if git has found that out: the head of a function, for example
     * @param lines the lines without their ends, each after {@code +}, {@code -} or a space; a line that the file ends in
     *     without a line break is followed by one that begins with a backslash
     */
    public record Hunk(int oldStart, int oldLines, int newStart, int newLines, String section, List<String> lines) {
        /** Copies the list. */
        public Hunk {
            lines = List.copyOf(lines);
        }
    }
}
