package dev.angee.source;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a source control is, and what it can.
 *
 * @param name what does the work, with its version, for people: {@code git 2.39.5 with JGit 7.8.1}
 * @param reason why it is this one, for people: which programs were looked for and found, or not
 * @param abilities what it can beyond the contract
 */
public record SourceControlInfo(String name, String reason, Set<Ability> abilities) {
    /** Copies the set. */
    public SourceControlInfo {
        abilities = Set.copyOf(abilities);
    }

    /** What not every source control can. What one cannot, it refuses with {@code UNSUPPORTED}, or does as said here. */
    public enum Ability {
        /** A file renamed on one side and changed on the other merges; without it, that is a conflict. */
        RENAMES_IN_MERGES,
        /** Caches that hold only the newest commits ({@link FetchOptions#depth}). */
        SHALLOW_CACHES,
        /** Remotes reached by {@code ssh}. */
        SSH,
        /** Keys for {@code ssh} that are given with a call ({@link Credentials.SshKey}). */
        SSH_KEYS
    }

    @Override
    public String toString() {
        return name + " (" + reason + "; " + new TreeSet<>(abilities) + ")";
    }
}
