package dev.angee.gitops;

/**
 * What became of one slot.
 *
 * @param workspace the workspace
 * @param slot the slot
 * @param outcome how it ended
 * @param <T> the kind of outcome
 */
public record SlotResult<T>(String workspace, String slot, T outcome) {}
