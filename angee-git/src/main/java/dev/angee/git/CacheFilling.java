package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.FolderRemoval;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * Makes a cache hold what its remote has. A new cache grows in a folder beside its place and moves there when it is
 * whole; what attempts that died have left behind is removed by the next one.
 */
final class CacheFilling {
    /** A branch that never is. */
    private static final String NO_BRANCH = "refs/heads/(none)";

    private final Cache cache;
    private final GitUrl url;
    private final FetchOptions options;
    private final RepositoryLocks locks;
    private final Clock clock;
    private final Instant arrived;
    private final Fetching fetching;

    CacheFilling(Cache cache, GitUrl url, FetchOptions options, RepositoryLocks locks, Clock clock, Fetching fetching) {
        this.fetching = fetching;
        this.options = options;
        this.clock = clock;
        this.arrived = clock.instant();
        this.cache = cache;
        this.url = url;
        this.locks = locks;
    }

    void fill() throws IOException {
        String purpose = "fetch of '" + url + "'";
        boolean made = !cache.exists() && locks.creation(cache.folder(), purpose, () -> createIfAbsent(purpose));
        if (!made && !isServed()) {
            locks.fetching(cache.folder(), purpose, () -> {
                removeDeadAttempts();
                update(purpose);
                return cache;
            });
        }
    }

    /** Whether what is there is new enough: for how old it may be, or because somebody fetched it while we waited. */
    private boolean isServed() throws IOException {
        boolean served = FetchStamp.read(cache.folder())
                .filter(stamp -> stamp.serves(options, arrived, clock.instant()))
                .isPresent();
        if (served) {
            try (Repository repository = cache.open()) {
                requireOrigin(repository);
            }
        }
        return served;
    }

    /** Others may work in the cache while the remote is talked to; what comes of it then appears in a moment. */
    private void update(String purpose) throws IOException {
        if (isServed()) {
            return;
        }
        Instant began = clock.instant();
        try (Repository repository = cache.open()) {
            requireOrigin(repository);
            FetchOptions how = asDeepAsItIs(repository);
            RemotePicture picture = RemotePicture.of(cache, repository);
            Fetched there = fetching.from(repository, how);
            locks.shared(cache.folder(), purpose, () -> {
                picture.become(there);
                FetchStamp.of(began, how).write(cache.folder());
                return there;
            });
        }
    }

    /** What has all commits keeps them: worktrees' branches stand on them, and a merge needs what they have in common. */
    private FetchOptions asDeepAsItIs(Repository repository) throws IOException {
        boolean full = FetchStamp.read(cache.folder()).isPresent()
                && repository.getObjectDatabase().getShallowCommits().isEmpty();
        return full
                ? new FetchOptions(options.progress(), options.credentials(), options.freshness(), OptionalInt.empty())
                : options;
    }

    private void requireOrigin(Repository repository) {
        String known = repository.getConfig().getString("remote", Constants.DEFAULT_REMOTE_NAME, "url");
        if (!url.value().equals(known)) {
            throw new ConflictException(
                    "cache",
                    cache.folder().toString(),
                    "was made from '" + known + "'; remove it to use '" + url + "'");
        }
    }

    /** Whether it was us who made it. */
    private boolean createIfAbsent(String purpose) throws IOException {
        if (cache.exists()) {
            return false; // Another thread was faster.
        }
        requireFreePlace();
        removeDeadAttempts();
        Files.createDirectories(parent());
        Path attempt = Files.createTempDirectory(parent(), attemptPrefix());
        try {
            return locks.holding(attempt.resolve(RepositoryLocks.SHARED), purpose, () -> {
                grow(attempt);
                return moveIntoPlace(attempt);
            });
        } finally {
            FolderRemoval.of(attempt);
        }
    }

    private void grow(Path attempt) throws IOException {
        try (Repository repository = new FileRepositoryBuilder()
                .setFS(InertFileSystem.INSTANCE)
                .setGitDir(attempt.toFile())
                .setGitCommonDir(attempt.toFile())
                .setBare()
                .build()) {
            repository.create(true);
            StoredConfig config = repository.getConfig();
            config.setString("remote", Constants.DEFAULT_REMOTE_NAME, "url", url.value());
            config.setString("remote", Constants.DEFAULT_REMOTE_NAME, "fetch", Origin.REFSPEC);
            // Neither of the two alone keeps JGit's gc away, which loses what other worktrees have staged.
            config.setInt("gc", null, "auto", 0);
            config.setInt("gc", null, "autoPackLimit", 0);
            config.setString("gc", null, "worktreePruneExpire", "never"); // in a container, others seem to be gone
            config.save();
            Files.createDirectories(attempt.resolve("info")); // so that it can be covered in a container
            RefUpdate head = repository.updateRef(Constants.HEAD, true);
            head.disableRefLog();
            RemoteRefs.check(head.link(NO_BRANCH), Constants.HEAD);
            FetchStamp stamp = FetchStamp.of(clock.instant(), options);
            RemotePicture picture = RemotePicture.of(new Cache(attempt), repository);
            picture.become(fetching.from(repository, options));
            stamp.write(attempt);
        }
    }

    /** False if another process put a cache there first. */
    private boolean moveIntoPlace(Path attempt) throws IOException {
        try {
            Files.move(attempt, cache.folder(), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            return false;
        } catch (FileSystemException e) {
            if (cache.exists()) {
                return false;
            }
            throw e;
        }
    }

    private void requireFreePlace() throws IOException {
        if (!Files.exists(cache.folder(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.isDirectory(cache.folder(), LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> children = Files.list(cache.folder())) {
                if (children.findAny().isEmpty()) {
                    return;
                }
            }
        }
        throw new ConflictException(
                "cache",
                cache.folder().toString(),
                "something else than a git repository stands there; remove it first");
    }

    private void removeDeadAttempts() throws IOException {
        if (!Files.isDirectory(parent())) {
            return;
        }
        List<Path> attempts;
        try (Stream<Path> siblings = Files.list(parent())) {
            attempts = siblings.filter(
                            sibling -> sibling.getFileName().toString().startsWith(attemptPrefix()))
                    .filter(sibling -> Files.isDirectory(sibling, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
        for (Path attempt : attempts) {
            RepositoryLocks.ifFree(attempt.resolve(RepositoryLocks.SHARED), () -> {
                FolderRemoval.of(attempt);
                return attempt;
            });
        }
    }

    private String attemptPrefix() {
        return "." + cache.folder().getFileName() + ".clone-";
    }

    private Path parent() {
        Path parent = cache.folder().toAbsolutePath().getParent();
        if (parent == null) {
            throw new AngeeException(ErrorCode.INVALID, "a cache cannot be the root folder");
        }
        return parent;
    }

    /** Fetches what a cache lacks of its remote, and tells what the remote has. */
    @FunctionalInterface
    interface Fetching {
        Fetched from(Repository cache, FetchOptions how) throws IOException;
    }
}
