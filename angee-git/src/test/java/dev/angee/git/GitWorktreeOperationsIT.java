package dev.angee.git;

import dev.angee.contract.WorktreeOperationsContract;
import dev.angee.source.SourceControl;

class GitWorktreeOperationsIT extends WorktreeOperationsContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
