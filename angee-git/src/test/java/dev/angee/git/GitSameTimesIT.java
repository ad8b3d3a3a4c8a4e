package dev.angee.git;

import dev.angee.contract.SameTimesContract;
import dev.angee.source.SourceControl;

class GitSameTimesIT extends SameTimesContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
