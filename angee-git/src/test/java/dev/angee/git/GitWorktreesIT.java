package dev.angee.git;

import dev.angee.contract.WorktreesContract;
import dev.angee.source.SourceControl;

class GitWorktreesIT extends WorktreesContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
