/**
 * Git without a git program: caches and linked worktrees by JGit, for {@link dev.angee.source.SourceControl}.
 */
module dev.angee.git {
    requires transitive dev.angee.core;
    requires org.eclipse.jgit;
    requires org.slf4j;
    requires java.logging;
    requires static org.jspecify;

    exports dev.angee.git;

    provides dev.angee.source.SourceControl with
            dev.angee.git.JGitSourceControl;
}
