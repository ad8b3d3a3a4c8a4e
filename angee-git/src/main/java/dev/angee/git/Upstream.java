package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.storage.file.FileBasedConfig;

/** Which branch of the remote a local branch follows, as {@code git push --set-upstream} writes it down. */
final class Upstream {
    private static final String BRANCH = "branch";

    private Upstream() {}

    /** Makes a branch follow another one; with the cache's lock held. */
    static void set(Path cache, BranchName branch, BranchName remote) throws IOException {
        Path file = cache.resolve("config");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new AngeeException(
                    ErrorCode.INVALID, "'" + file + "' is no plain file; remove the cache and fetch it again");
        }
        ForeignLocks.waitingFor(() -> {
            FileBasedConfig config = new FileBasedConfig(file.toFile(), InertFileSystem.INSTANCE);
            try {
                config.load();
            } catch (ConfigInvalidException e) {
                throw new IOException("'" + file + "' is not a git configuration: " + e.getMessage(), e);
            }
            config.setString(BRANCH, branch.value(), "remote", Constants.DEFAULT_REMOTE_NAME);
            config.setString(BRANCH, branch.value(), "merge", remote.fullName());
            config.save();
            return config;
        });
    }
}
