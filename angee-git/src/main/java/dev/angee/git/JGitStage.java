package dev.angee.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * The repository that JGit fetches in, in place of a cache: a private folder that has the cache's objects, puts new ones among
 * them, and knows the cache's refs by other names. So the cache itself changes only when all has come, and then at once.
 */
final class JGitStage implements AutoCloseable {
    private static final AtomicBoolean SWEPT = new AtomicBoolean();
    /** A branch that never is: an unborn HEAD makes JGit ask the remote for the remote's. */
    private static final String HEAD = "ref: refs/heads/(none)\n";
    /** JGit's own gc loses what worktrees have staged. */
    private static final String CONFIG = "[gc]\n\tauto = 0\n\tautoPackLimit = 0\n";

    private final PrivateFolder place;
    private final Repository repository;

    private JGitStage(PrivateFolder place, Repository repository) {
        this.place = place;
        this.repository = repository;
    }

    /** One for a cache, for a caller that closes it. */
    static JGitStage over(Repository cache) throws IOException {
        if (SWEPT.compareAndSet(false, true)) {
            PrivateFolder.sweep();
        }
        PrivateFolder place = PrivateFolder.make();
        try {
            Path folder = place.path();
            Files.createDirectory(folder.resolve("refs"));
            Files.writeString(folder.resolve("HEAD"), HEAD);
            Files.writeString(folder.resolve("packed-refs"), new KnownRefs(cache).packed(branch -> false, tag -> true));
            Path shallow = cache.getDirectory().toPath().resolve("shallow");
            if (Files.isRegularFile(shallow, LinkOption.NOFOLLOW_LINKS)) {
                Files.copy(shallow, folder.resolve("shallow"), LinkOption.NOFOLLOW_LINKS);
            }
            return new JGitStage(place, open(folder, cache));
        } catch (IOException | RuntimeException e) {
            place.close();
            throw e;
        }
    }

    private static Repository open(Path folder, Repository cache) throws IOException {
        Repository opened = new FileRepositoryBuilder()
                .setFS(InertFileSystem.WITHOUT_CONFIGURATION)
                .setGitDir(folder.toFile())
                .setGitCommonDir(folder.toFile())
                .setObjectDirectory(
                        cache.getDirectory().toPath().resolve("objects").toFile())
                .setBare()
                .build();
        try {
            opened.getConfig().fromText(CONFIG);
            return opened;
        } catch (ConfigInvalidException e) {
            opened.close();
            throw new IOException(e);
        }
    }

    Repository repository() {
        return repository;
    }

    @Override
    public void close() throws IOException {
        try (place) {
            repository.close();
        }
    }
}
