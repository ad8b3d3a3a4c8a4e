package dev.angee.git;

import dev.angee.contract.LandingContract;
import dev.angee.source.SourceControl;

class JGitLandingIT extends LandingContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
