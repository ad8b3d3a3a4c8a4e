package dev.angee.git;

import dev.angee.contract.ManyFilesContract;
import dev.angee.source.SourceControl;

class GitManyFilesIT extends ManyFilesContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }

    @Override
    protected int many() {
        return GitStatus.MANY;
    }
}
