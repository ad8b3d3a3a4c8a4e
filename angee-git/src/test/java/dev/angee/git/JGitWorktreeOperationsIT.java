package dev.angee.git;

import dev.angee.contract.WorktreeOperationsContract;
import dev.angee.source.SourceControl;

class JGitWorktreeOperationsIT extends WorktreeOperationsContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
