package dev.angee.git;

import dev.angee.contract.StatusAndCommitContract;
import dev.angee.source.SourceControl;

class JGitStatusAndCommitIT extends StatusAndCommitContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
