package dev.angee.git;

import java.io.IOException;
import java.lang.StackWalker.StackFrame;
import java.nio.file.Path;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the user's and the system's git configuration, and the environment, away from our use of JGit.
 *
 * <p>JGit has one such reader for the whole JVM. To leave a host's own use of JGit as it is, this one hides things only
 * from threads that are inside {@link #isolated}, and from threads those start; to everybody else it passes on what the
 * reader in place before answers. The one thing that changes for a host: how exact a file system's clock is, JGit takes
 * from {@link MemoryConfig} instead of measuring it and keeping it in {@code ~/.config/jgit/config}; that runs in threads
 * which are nobody's.
 */
final class IsolatedReader extends SystemReader.Delegate {
    private static final ThreadLocal<@Nullable Visit> VISIT = new InheritableThreadLocal<>();
    private static final StackWalker STACK = StackWalker.getInstance();
    private static final String MEASURING = FS.FileStoreAttributes.class.getName();
    private static final int NEAR = 8;

    private final SystemReader outside;
    private final MemoryConfig config = new MemoryConfig();

    private IsolatedReader(SystemReader outside) {
        super(outside);
        this.outside = outside;
    }

    /** Does the work with nothing but our own settings around it. */
    static <T> T isolated(GitWork<T> work) throws IOException {
        install();
        Visit before = VISIT.get();
        Visit visit = new Visit();
        VISIT.set(visit);
        try {
            return work.run();
        } finally {
            visit.over = true;
            if (before == null) {
                VISIT.remove();
            } else {
                VISIT.set(before);
            }
        }
    }

    private static synchronized void install() {
        SystemReader current = SystemReader.getInstance();
        if (!(current instanceof IsolatedReader)) {
            SystemReader.setInstance(new IsolatedReader(current));
        }
    }

    private static boolean inside() {
        Visit visit = VISIT.get();
        if (visit != null && !visit.over) {
            return true;
        }
        return STACK.walk(
                frames -> frames.limit(NEAR).map(StackFrame::getClassName).anyMatch(MEASURING::equals));
    }

    @Override
    public StoredConfig getUserConfig() throws ConfigInvalidException, IOException {
        return inside() ? config : outside.getUserConfig();
    }

    @Override
    public StoredConfig getSystemConfig() throws ConfigInvalidException, IOException {
        return inside() ? config : outside.getSystemConfig();
    }

    @Override
    public StoredConfig getJGitConfig() throws ConfigInvalidException, IOException {
        return inside() ? config : outside.getJGitConfig();
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        return inside() ? config : outside.openUserConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return inside() ? config : outside.openSystemConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return inside() ? config : outside.openJGitConfig(parent, fs);
    }

    @Override
    public @Nullable Path getXdgConfigDirectory(FS fileSystem) {
        return inside() ? null : outside.getXdgConfigDirectory(fileSystem);
    }

    @Override
    public @Nullable Path getXdgCacheDirectory(FS fileSystem) {
        return inside() ? null : outside.getXdgCacheDirectory(fileSystem);
    }

    @Override
    public @Nullable String getenv(String variable) {
        // GIT_SSH names a program, GIT_DIR another repository, and so on.
        boolean hidden = variable.startsWith("GIT_") || variable.startsWith("XDG_");
        return hidden && inside() ? null : outside.getenv(variable);
    }

    @Override
    public String getHostname() {
        // Asked for default identities only; the true answer may take a name server's time.
        return inside() ? "localhost" : outside.getHostname();
    }

    /** One call of {@link #isolated}; threads started inside keep a reference, which tells them when it is over. */
    private static final class Visit {
        private volatile boolean over;
    }
}
