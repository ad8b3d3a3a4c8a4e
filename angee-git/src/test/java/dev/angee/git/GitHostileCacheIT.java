package dev.angee.git;

import dev.angee.source.SourceControl;

class GitHostileCacheIT extends HostileCaches {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
