package dev.angee.git;

import dev.angee.contract.SameTimesContract;
import dev.angee.source.SourceControl;

class JGitSameTimesIT extends SameTimesContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
