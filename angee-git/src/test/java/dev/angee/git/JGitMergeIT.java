package dev.angee.git;

import dev.angee.contract.MergeContract;
import dev.angee.source.SourceControl;

class JGitMergeIT extends MergeContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
