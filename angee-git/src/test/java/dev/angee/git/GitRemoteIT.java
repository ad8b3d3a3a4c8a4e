package dev.angee.git;

import dev.angee.contract.RemoteContract;
import dev.angee.source.SourceControl;

class GitRemoteIT extends RemoteContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
