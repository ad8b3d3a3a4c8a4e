package dev.angee.git;

import dev.angee.contract.ManyFilesContract;
import dev.angee.source.SourceControl;

class JGitManyFilesIT extends ManyFilesContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }

    @Override
    protected int many() {
        return 100;
    }
}
