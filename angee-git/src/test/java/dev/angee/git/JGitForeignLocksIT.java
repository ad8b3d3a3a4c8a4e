package dev.angee.git;

import dev.angee.contract.ForeignLocksContract;
import dev.angee.source.SourceControl;

class JGitForeignLocksIT extends ForeignLocksContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
