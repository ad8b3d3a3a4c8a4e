package dev.angee.git;

import dev.angee.contract.WorktreesContract;
import dev.angee.source.SourceControl;

class JGitWorktreesIT extends WorktreesContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
