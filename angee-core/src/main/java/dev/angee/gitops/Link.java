package dev.angee.gitops;

import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.SlotState;
import dev.angee.source.Unfinished;
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
 * @param head the commit it is on; empty when missing or unreadable
 * @param changes how many paths have uncommitted changes
 * @param ahead commits it has and its base does not
 * @param behind commits its base has and it does not
 * @param unfinished what was begun in it and not ended
 * @param pushed whether nothing of it is known to be on this host alone: its base or the remote's branch of the same name has all
 *     its commits, as of the last fetch or push, and nothing is uncommitted. Commits that only other branches of the remote have
 *     do not count. Of one that is on another branch or unreadable that is not known, and false; what is not there holds
 *     nothing, so true
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
        Optional<CommitId> head,
        int changes,
        int ahead,
        int behind,
        Unfinished unfinished,
        boolean pushed,
        String note) {

    /** Its name among the links: the workspace's and the slot's, with a colon between. */
    public String id() {
        return workspace + ":" + slot;
    }

    /** Whether it is known to hold something that the remote does not have. */
    public boolean holdsUnpushed() {
        return switch (state) {
            case DIRTY, AHEAD, DIVERGED, BRANCH_MISMATCH -> !pushed;
            case CLEAN, BEHIND, MISSING, ERROR -> false;
        };
    }
}
