package dev.angee.git;

import dev.angee.contract.ForeignLocksContract;
import dev.angee.source.SourceControl;

class GitForeignLocksIT extends ForeignLocksContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
