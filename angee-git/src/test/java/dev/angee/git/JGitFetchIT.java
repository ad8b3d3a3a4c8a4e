package dev.angee.git;

import dev.angee.contract.FetchContract;
import dev.angee.source.SourceControl;

class JGitFetchIT extends FetchContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
