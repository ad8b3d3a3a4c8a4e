package dev.angee.git;

import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/** What JGit takes for the user's and the system's configuration: a few safe settings, and never a file. */
final class MemoryConfig extends FileBasedConfig {
    /** How exact time stamps of files are: the longest tick of a Linux kernel. */
    private static final long TICK_MILLIS = 10;

    MemoryConfig() {
        super(null, FS.DETECTED);
        // JGit's gc forgets what other worktrees have staged or are rebasing; a fetch or a push to a folder starts it.
        setInt("gc", null, "auto", 0);
        setInt("gc", null, "autoPackLimit", 0);
        setBoolean("fetch", null, "autogc", false);
        setBoolean("receive", null, "autogc", false);
    }

    /**
     * Answers how exact a file system's clock is. JGit would measure that for three seconds in every JVM, with files of
     * its own in the folders at hand, to know when a ref or a pack may have changed within one tick; since it also
     * compares sizes and inodes, an assumption does. The index does not depend on it.
     */
    @Override
    public long getTimeUnit(String section, @Nullable String subsection, String name, long otherwise, TimeUnit unit) {
        return "filesystem".equals(section)
                ? unit.convert(TICK_MILLIS, TimeUnit.MILLISECONDS)
                : super.getTimeUnit(section, subsection, name, otherwise, unit);
    }

    @Override
    public void load() {
        // There is nothing to load.
    }

    @Override
    public void save() {
        // Nothing is kept.
    }

    @Override
    public boolean isOutdated() {
        return false;
    }
}
