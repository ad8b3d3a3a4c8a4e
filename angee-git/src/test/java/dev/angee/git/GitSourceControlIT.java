package dev.angee.git;

import dev.angee.contract.SourceControlContract;
import dev.angee.source.SourceControl;

class GitSourceControlIT extends SourceControlContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
