package dev.angee.gitops;

import dev.angee.source.BranchName;
import dev.angee.source.SlotState;
import java.util.Optional;

/**
 * How one slot of one workspace stands to its base.
 *
 * @param workspace the workspace
 * @param slot the slot
 * @param source the source that fills it
 * @param branch the branch it should be on
 * @param base the branch of the remote it is compared with
 * @param state the one word for it
 * @param current the branch it is on; empty when detached, missing or unreadable
 * @param changes how many paths have uncommitted changes
 * @param ahead commits it has and its base does not
 * @param behind commits its base has and it does not
 * @param pushed whether the remote has all its commits
 * @param note why it is in this state, or what to do about it; may be empty
 */
public record Link(
        String workspace,
        String slot,
        String source,
        BranchName branch,
        BranchName base,
        SlotState state,
        Optional<BranchName> current,
        int changes,
        int ahead,
        int behind,
        boolean pushed,
        String note) {}
