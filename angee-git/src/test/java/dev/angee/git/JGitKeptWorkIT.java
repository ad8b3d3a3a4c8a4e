package dev.angee.git;

import dev.angee.contract.KeptWorkContract;
import dev.angee.source.SourceControl;

class JGitKeptWorkIT extends KeptWorkContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
