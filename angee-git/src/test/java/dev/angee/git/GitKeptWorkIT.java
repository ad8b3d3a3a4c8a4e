package dev.angee.git;

import dev.angee.contract.KeptWorkContract;
import dev.angee.source.SourceControl;

class GitKeptWorkIT extends KeptWorkContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
