package dev.angee.git;

import dev.angee.source.BranchName;
import dev.angee.source.PushOutcome;
import java.io.IOException;
import org.eclipse.jgit.lib.ObjectId;

/** The remote of a cache, as one whose branches are moved. The cache does not learn of it here. */
interface PushEnd {

    /** Moves a branch forward to a commit, or makes it. */
    PushOutcome forward(ObjectId commit, BranchName to) throws IOException;

    /** Moves a branch from where it has to be, zero for nowhere, to a commit that need not have that. */
    PushOutcome from(ObjectId expected, ObjectId commit, BranchName to) throws IOException;
}
