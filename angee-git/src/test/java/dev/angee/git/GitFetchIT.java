package dev.angee.git;

import dev.angee.contract.FetchContract;
import dev.angee.source.SourceControl;

class GitFetchIT extends FetchContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
