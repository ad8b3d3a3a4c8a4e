/** {@link dev.angee.source.SourceControl} by JGit; {@link dev.angee.git.JGitSourceControl} is the only door. */
@org.jspecify.annotations.NullMarked
package dev.angee.git;
