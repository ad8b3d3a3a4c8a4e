/**
 * Git caches and linked worktrees for {@link dev.angee.source.SourceControl}: by the git program where there is one, and by
 * JGit, which needs none.
 */
module dev.angee.git {
    requires transitive dev.angee.core;
    requires org.eclipse.jgit;
    requires org.slf4j;
    requires java.logging;
    requires static org.jspecify;

    exports dev.angee.git;

    provides dev.angee.source.SourceControl with
            dev.angee.git.DetectedSourceControl;
}
