package dev.angee.git;

import dev.angee.contract.SourceControlContract;
import dev.angee.source.SourceControl;
import java.time.Clock;

/** The same, with the program talking to the remote, although that is a folder: as it does with remotes elsewhere. */
class GitTalksToAllIT extends SourceControlContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(
                GitProgram.find(System.getenv()), Clock.systemUTC(), GitSourceControl.Remotes.ALL_BY_GIT);
    }
}
