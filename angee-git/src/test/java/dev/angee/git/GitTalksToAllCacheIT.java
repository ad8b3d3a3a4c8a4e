package dev.angee.git;

import dev.angee.contract.CacheContract;
import dev.angee.source.SourceControl;
import java.time.Clock;

/** The program talks to the remote although that is a folder: as it does with remotes elsewhere. */
class GitTalksToAllCacheIT extends CacheContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(
                GitProgram.find(System.getenv()), Clock.systemUTC(), GitSourceControl.Remotes.ALL_BY_GIT);
    }
}
