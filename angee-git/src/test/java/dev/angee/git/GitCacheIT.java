package dev.angee.git;

import dev.angee.contract.CacheContract;
import dev.angee.source.SourceControl;

class GitCacheIT extends CacheContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
