package dev.angee.git;

import dev.angee.contract.CloneContract;
import dev.angee.source.SourceControl;

class JGitCloneIT extends CloneContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
