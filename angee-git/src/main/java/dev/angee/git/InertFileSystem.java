package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.FileTreeIterator.FileModeStrategy;
import org.eclipse.jgit.treewalk.WorkingTreeIterator.Entry;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FS_POSIX;
import org.eclipse.jgit.util.ProcessResult;
import org.jspecify.annotations.Nullable;

/**
 * A file system on which nothing can be run: no hook, no filter, no {@code git}, no shell. Pipes, sockets and devices
 * are not there for it either, since reading one may take forever.
 */
final class InertFileSystem extends FS_POSIX {
    static final FS INSTANCE = new InertFileSystem(false, null);

    /** One on which a repository finds no configuration: whoever opens it gives it one. */
    static final FS WITHOUT_CONFIGURATION = new InertFileSystem(true, null);

    /** A file that is not there, and that nobody can make. */
    private static final File NO_FILE = new File("/proc/no-git-configuration");

    private final boolean withoutConfiguration;
    private final @Nullable Map<File, FileStamp> written;

    private InertFileSystem(boolean withoutConfiguration, @Nullable Map<File, FileStamp> written) {
        this.withoutConfiguration = withoutConfiguration;
        this.written = written;
    }

    /** One without a configuration, for one repository, that remembers how the files were found that JGit has checked out there. */
    static FS ofWorktree() {
        return new InertFileSystem(true, new ConcurrentHashMap<>());
    }

    @Override
    public FS newInstance() {
        return new InertFileSystem(withoutConfiguration, null);
    }

    /** JGit asks this of each file that it has checked out, right after that, and notes it in the index. */
    @Override
    public Instant lastModifiedInstant(File file) {
        if (written == null) {
            return super.lastModifiedInstant(file);
        }
        try {
            Optional<FileStamp> stamp = FileStamp.of(file.toPath());
            stamp.ifPresent(found -> written.put(file, found));
            return stamp.map(FileStamp::modified).orElseGet(() -> super.lastModifiedInstant(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How the files were found that JGit has checked out in a worktree since it was opened, by their paths in it. */
    static Map<String, FileStamp> written(Repository worktree) {
        Map<String, FileStamp> found = new HashMap<>();
        if (worktree.getFS() instanceof InertFileSystem system && system.written != null) {
            Path root = worktree.getWorkTree().toPath();
            system.written.forEach(
                    (file, stamp) -> found.put(root.relativize(file.toPath()).toString(), stamp));
        }
        return found;
    }

    /** JGit asks here for a repository's configuration, and asks again and again whether the file has changed. */
    @Override
    public File resolve(@Nullable File folder, String name) {
        return withoutConfiguration && Constants.CONFIG.equals(name) ? NO_FILE : super.resolve(folder, name);
    }

    @Override
    protected @Nullable File discoverGitExe() {
        return null;
    }

    @Override
    protected @Nullable File discoverGitSystemConfig() {
        return null;
    }

    @Override
    public @Nullable File findHook(Repository repository, String hookName) {
        return null;
    }

    @Override
    public ProcessResult runHookIfPresent(
            Repository repository,
            String hookName,
            String[] args,
            @Nullable OutputStream out,
            @Nullable OutputStream err,
            @Nullable String stdin) {
        return new ProcessResult(ProcessResult.Status.NOT_PRESENT);
    }

    @Override
    public ProcessBuilder runInShell(String command, String[] args) {
        throw refusal(command);
    }

    @Override
    public int runProcess(
            ProcessBuilder builder, @Nullable OutputStream out, @Nullable OutputStream err, @Nullable InputStream in) {
        throw refusal(String.join(" ", builder.command()));
    }

    @Override
    public ExecutionResult execute(ProcessBuilder builder, @Nullable InputStream in) {
        throw refusal(String.join(" ", builder.command()));
    }

    private static AngeeException refusal(String command) {
        return new AngeeException(
                ErrorCode.UNSUPPORTED,
                "the repository asks to run '" + command + "', and nothing is run for it; remove the filter or driver"
                        + " from the cache's configuration");
    }

    /** Lets those execute who may read; FS_POSIX would start a shell to ask for the umask. */
    @Override
    public boolean setExecute(File file, boolean executable) {
        if (!isFile(file)) {
            return false;
        }
        if (!executable) {
            return file.setExecutable(false, false);
        }
        try {
            Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file.toPath());
            granted.add(PosixFilePermission.OWNER_EXECUTE);
            if (granted.contains(PosixFilePermission.GROUP_READ)) {
                granted.add(PosixFilePermission.GROUP_EXECUTE);
            }
            if (granted.contains(PosixFilePermission.OTHERS_READ)) {
                granted.add(PosixFilePermission.OTHERS_EXECUTE);
            }
            Files.setPosixFilePermissions(file.toPath(), granted);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Leaves out what {@link WorkingFiles} found to be neither file, folder nor link. */
    @Override
    public Entry[] list(File directory, FileModeStrategy strategy) {
        Entry[] all =
                strategy instanceof Listing listing ? listing.list(directory, this) : super.list(directory, strategy);
        return Arrays.stream(all)
                .filter(entry -> entry.getMode() != FileMode.MISSING)
                .toArray(Entry[]::new);
    }

    /** Says what the files are, and lists them itself. */
    interface Listing extends FileModeStrategy {
        Entry[] list(File directory, FS system);
    }
}
