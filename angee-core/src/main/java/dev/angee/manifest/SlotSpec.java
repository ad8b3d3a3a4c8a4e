package dev.angee.manifest;

import java.util.Optional;

/**
 * One source inside a workspace.
 *
 * @param slot the slot's name
 * @param source the source that fills it
 * @param branch the branch to be on
 * @param ref the branch of the remote that new work begins at
 * @param subpath where it stands in the workspace; the slot's name if absent
 */
public record SlotSpec(
        String slot, String source, Optional<String> branch, Optional<String> ref, Optional<String> subpath) {}
