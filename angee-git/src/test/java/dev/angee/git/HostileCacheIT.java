package dev.angee.git;

import dev.angee.source.SourceControl;

class HostileCacheIT extends HostileCaches {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
