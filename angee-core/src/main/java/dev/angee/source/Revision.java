package dev.angee.source;

import dev.angee.InvalidInputException;
import java.util.regex.Pattern;

/**
 * A name for a commit, as people give it: a branch ({@code main}, {@code origin/main}), a tag, or a commit's id or at least
 * its first seven digits. None of git's expressions ({@code HEAD~2}, {@code a..b}, {@code @{u}}), no full ref name, and
 * nothing that looks like an option.
 *
 * <p>{@link History#resolve} says which commit it is: all forty digits of a commit that is there are that commit, whatever else
 * is called so. Otherwise the branch of the remote comes before a local one of that name, that before a tag, and that before the
 * beginning of an id.
 *
 * @param value the name
 */
public record Revision(String value) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{7,40}");
    private static final String REMOTE = "origin/";

    /** Refuses what is none of those. */
    public Revision {
        try {
            BranchName unused = BranchName.of(value);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(
                    "ref", "'" + printable(value) + "' is neither a branch, nor a tag, nor a commit's id");
        }
    }

    /** The commit with this name. */
    public static Revision of(String value) {
        return new Revision(value);
    }

    /** This branch of the remote. */
    public static Revision of(BranchName remoteBranch) {
        return new Revision(REMOTE + remoteBranch.value());
    }

    /** This very commit. */
    public static Revision of(CommitId commit) {
        return new Revision(commit.value());
    }

    /** The branch of the remote that it may be: that after {@code origin/}, or that of the same name. */
    public BranchName remoteBranch() {
        return BranchName.of(value.startsWith(REMOTE) ? value.substring(REMOTE.length()) : value);
    }

    /** Whether it may be the id of a commit, or its beginning. */
    public boolean mayBeId() {
        return ID.matcher(value).matches();
    }

    private static String printable(String text) {
        String first = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return first.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public String toString() {
        return value;
    }
}
