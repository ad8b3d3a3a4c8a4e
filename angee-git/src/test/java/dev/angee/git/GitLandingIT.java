package dev.angee.git;

import dev.angee.contract.LandingContract;
import dev.angee.source.SourceControl;

class GitLandingIT extends LandingContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
