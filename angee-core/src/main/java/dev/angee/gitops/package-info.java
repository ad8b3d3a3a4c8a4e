/** The way of a change from a workspace to everybody: commit, push, land, sync-base, and the map of who stands where. */
@org.jspecify.annotations.NullMarked
package dev.angee.gitops;
