package dev.angee.manifest;

/** What a source is. */
public enum SourceKind {
    /** A git repository, kept as a cache and worked on in worktrees. */
    GIT,
    /** A folder of this host, used where it is. */
    LOCAL
}
