package dev.angee.git;

import dev.angee.source.SourceControl;

class HostileWorktreeIT extends HostileWorktrees {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
