package dev.angee.git;

import dev.angee.contract.RemoteContract;
import dev.angee.source.SourceControl;

class JGitRemoteIT extends RemoteContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
