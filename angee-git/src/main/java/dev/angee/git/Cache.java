package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.internal.FolderRemoval;
import dev.angee.source.BranchName;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeFiles;
import dev.angee.source.WorktreeRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * A bare repository that linked worktrees share, and its records about them. Worktrees are opened through these records,
 * with every folder named: what stands in a worktree, or in a record's {@code commondir}, leads nowhere else.
 *
 * @param folder the bare repository
 */
record Cache(Path folder) {
    /** The name of the folder in which it keeps its records. */
    static final String WORKTREES = "worktrees";

    boolean exists() {
        CacheLayout.checkNamed(folder);
        return FileKey.isGitRepository(folder.toFile(), InertFileSystem.INSTANCE);
    }

    /** Opens the bare repository, for a caller that closes it. */
    Repository open() throws IOException {
        requireThere();
        return open(new FileRepositoryBuilder()
                .setFS(InertFileSystem.WITHOUT_CONFIGURATION)
                .setGitDir(folder.toFile())
                .setBare());
    }

    /** Opens a linked worktree, for a caller that closes it. */
    Repository open(AdminFolder admin, Worktree worktree) throws IOException {
        return open(admin, worktree, admin.folder().resolve("index"));
    }

    /** The same, with another file for its index. */
    Repository open(AdminFolder admin, Worktree worktree, Path index) throws IOException {
        admin.checkPlain();
        if (!Files.isDirectory(worktree.path(), LinkOption.NOFOLLOW_LINKS)) {
            throw new NotFoundException("worktree", worktree.path().toString(), "its folder is gone; remove it");
        }
        return open(new FileRepositoryBuilder()
                .setFS(InertFileSystem.ofWorktree())
                .setGitDir(admin.folder().toFile())
                .setIndexFile(index.toFile())
                .setWorkTree(worktree.path().toFile()));
    }

    private Repository open(FileRepositoryBuilder builder) throws IOException {
        CacheLayout.check(folder);
        Config config = CacheConfig.read(folder);
        RepositoryFormat.check(folder, config);
        Repository repository = builder.setGitCommonDir(folder.toFile()).build();
        try {
            CacheConfig.give(config, repository);
            return repository;
        } catch (IOException | RuntimeException e) {
            repository.close();
            throw e;
        }
    }

    void requireThere() {
        if (!exists()) {
            throw new NotFoundException("cache", folder.toString(), "fetch it first");
        }
    }

    /** All records, in the order of their ids. */
    List<AdminFolder> records() throws IOException {
        try (Stream<Path> children = Files.list(worktreesFolder())) {
            return children.filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .map(AdminFolder::new)
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }

    Path worktreesFolder() {
        return folder.resolve(WORKTREES);
    }

    List<WorktreeRecord> worktrees() throws IOException {
        return records().stream()
                .flatMap(record -> record.toRecord().stream())
                .sorted(Comparator.comparing(WorktreeRecord::path))
                .toList();
    }

    /** The records of a worktree; more than one only if somebody tampered with them. */
    List<AdminFolder> recordsOf(Worktree worktree) throws IOException {
        WorktreePlace place = WorktreePlace.of(worktree.path());
        return records().stream().filter(record -> record.isOf(place)).toList();
    }

    /** The record of a worktree that has to be there. */
    AdminFolder recordOf(Worktree worktree) throws IOException {
        requireThere();
        List<AdminFolder> found = recordsOf(worktree);
        if (found.isEmpty()) {
            throw new NotFoundException("worktree", worktree.path().toString(), "the cache has no record of it");
        }
        if (found.size() > 1) {
            throw new AngeeException(
                    ErrorCode.CONFLICT,
                    "worktree '" + worktree.path() + "' is claimed by several records of the cache: "
                            + found.stream().map(AdminFolder::id).toList() + "; remove the wrong ones");
        }
        return found.get(0);
    }

    /** What of the cache belongs to the worktree of a record. */
    WorktreeFiles filesOf(AdminFolder record) {
        List<Path> guarded = Stream.of(
                        folder.resolve("config"),
                        folder.resolve("hooks"),
                        folder.resolve("info"),
                        folder.resolve(RepositoryLocks.SHARED),
                        folder.resolve(RepositoryLocks.FOLDER),
                        record.folder().resolve("commondir"),
                        record.folder().resolve("gitdir"))
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .toList();
        List<Path> state = List.of(
                record.folder(),
                folder.resolve("refs"),
                folder.resolve("packed-refs"),
                folder.resolve("config"),
                folder.resolve("info").resolve("exclude"),
                folder.resolve("shallow"));
        return new WorktreeFiles(record.folder(), guarded, state, Optional.of(new Journal(folder, record).folder()));
    }

    /** Says no if a worktree is on the branch; a record whose folder is gone is dropped instead. Under the lock. */
    void requireUnused(BranchName branch) throws IOException {
        for (AdminFolder record : records()) {
            if (!record.uses(branch)) {
                continue;
            }
            if (!record.isStale()) {
                String where = record.worktree().map(Path::toString).orElse(record.id());
                throw new ConflictException("branch", branch.value(), "the worktree '" + where + "' is on it");
            }
            FolderRemoval.of(record.folder());
        }
    }
}
