package dev.angee.git;

import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;

/** What JGit takes for the user's and the system's configuration: a few safe settings, and never a file. */
final class MemoryConfig extends FileBasedConfig {

    MemoryConfig() {
        super(null, FS.DETECTED);
        // JGit's gc forgets what other worktrees have staged or are rebasing; a fetch or a push to a folder starts it.
        setInt("gc", null, "auto", 0);
        setInt("gc", null, "autoPackLimit", 0);
        setBoolean("fetch", null, "autogc", false);
        setBoolean("receive", null, "autogc", false);
    }

    @Override
    public void load() {
        // There is nothing to load.
    }

    @Override
    public void save() {
        // JGit would keep how exact the file system's clock is; we measure it once in each JVM instead.
    }

    @Override
    public boolean isOutdated() {
        return false;
    }
}
