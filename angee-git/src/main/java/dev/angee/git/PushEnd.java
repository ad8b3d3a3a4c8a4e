package dev.angee.git;

import dev.angee.source.BranchName;
import dev.angee.source.Credentials;
import dev.angee.source.PushOutcome;
import java.io.IOException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** The remote of a cache, as one whose branches are moved. The cache does not learn of it here. */
interface PushEnd {

    /** Moves a branch forward to a commit, or makes it. */
    PushOutcome forward(ObjectId commit, BranchName to) throws IOException;

    /** Moves a branch from where it has to be, zero for nowhere, to a commit that need not have that. */
    PushOutcome from(ObjectId expected, ObjectId commit, BranchName to) throws IOException;

    /** How the remote of a cache is reached. */
    @FunctionalInterface
    interface Way {
        /** Refuses credentials that are for another remote. */
        PushEnd to(Repository cache, Credentials credentials);
    }
}
