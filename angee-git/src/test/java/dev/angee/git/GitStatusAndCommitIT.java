package dev.angee.git;

import dev.angee.contract.StatusAndCommitContract;
import dev.angee.source.SourceControl;

class GitStatusAndCommitIT extends StatusAndCommitContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
