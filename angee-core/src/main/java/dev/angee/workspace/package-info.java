/** Workspaces: worktrees on branches of their own, with ports, rendered files and an inner stack of their own. */
@org.jspecify.annotations.NullMarked
package dev.angee.workspace;
