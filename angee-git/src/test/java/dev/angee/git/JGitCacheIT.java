package dev.angee.git;

import dev.angee.contract.CacheContract;
import dev.angee.source.SourceControl;

class JGitCacheIT extends CacheContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
