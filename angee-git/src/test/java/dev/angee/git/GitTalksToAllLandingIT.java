package dev.angee.git;

import dev.angee.contract.LandingContract;
import dev.angee.source.SourceControl;
import java.time.Clock;

/** The program talks to the remote although that is a folder: as it does with remotes elsewhere. */
class GitTalksToAllLandingIT extends LandingContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(
                GitProgram.find(System.getenv()), Clock.systemUTC(), GitSourceControl.Remotes.ALL_BY_GIT);
    }
}
