package dev.angee.git;

import dev.angee.contract.MergeContract;
import dev.angee.source.SourceControl;

class GitMergeIT extends MergeContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
