package dev.angee.git;

import dev.angee.contract.CloneContract;
import dev.angee.source.SourceControl;

class GitCloneIT extends CloneContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
