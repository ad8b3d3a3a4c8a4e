package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.source.CommitFile;
import dev.angee.source.CommitFiles;
import dev.angee.source.CommitId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Reads the files of one commit from a cache that stays open meanwhile. */
final class JGitCommitFiles implements CommitFiles {
    private static final int LONGEST_PATH = 4096;

    private final Cache cache;
    private final Repository repository;
    private final ObjectReader reader;
    private final ObjectId tree;
    private final Map<CommitFile, ObjectId> named = new HashMap<>();
    private boolean closed;

    private JGitCommitFiles(Cache cache, Repository repository, ObjectId tree) {
        this.cache = cache;
        this.repository = repository;
        this.reader = repository.newObjectReader();
        this.tree = tree;
    }

    static CommitFiles open(Cache cache, CommitId at) {
        return JGitSourceControl.call(purpose(cache), () -> {
            Repository repository = cache.open();
            try (RevWalk walk = new RevWalk(repository)) {
                return new JGitCommitFiles(
                        cache, repository, Revisions.require(walk, at).getTree().copy());
            } catch (IOException | RuntimeException e) {
                repository.close();
                throw e;
            }
        });
    }

    private static String purpose(Cache cache) {
        return "read '" + cache.folder() + "'";
    }

    @Override
    public synchronized List<CommitFile> below(String folder, int most) {
        requireOpen();
        if (!folder.isEmpty()) {
            JGitHistory.requireInside(folder);
        }
        return JGitSourceControl.call(purpose(cache), () -> {
            Optional<ObjectId> start = folder.isEmpty() ? Optional.of(tree) : folder(folder);
            return start.isPresent() ? files(start.get(), folder.isEmpty() ? "" : folder + "/", most) : List.of();
        });
    }

    private Optional<ObjectId> folder(String path) throws IOException {
        try (TreeWalk found = TreeWalk.forPath(reader, path, tree)) {
            boolean isFolder =
                    found != null && found.getPathString().equals(path) && FileMode.TREE.equals(found.getRawMode(0));
            return isFolder ? Optional.of(found.getObjectId(0)) : Optional.empty();
        }
    }

    /** Folders count as well: a few trees that name each other many times over are a tree without end. */
    private List<CommitFile> files(ObjectId start, String prefix, int most) throws IOException {
        List<CommitFile> files = new ArrayList<>();
        int seen = 0;
        try (TreeWalk walk = new TreeWalk(repository, reader)) {
            walk.addTree(start);
            while (walk.next()) {
                String path = prefix + walk.getPathString();
                seen++;
                if (seen > most || path.length() > LONGEST_PATH) {
                    throw new AngeeException(
                            ErrorCode.UNSUPPORTED,
                            "'" + prefix + "' has more than " + most + " files and folders, or paths of more than "
                                    + LONGEST_PATH + " characters");
                }
                requirePossible(path);
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                } else if (walk.getFileMode(0).getObjectType() == Constants.OBJ_BLOB) {
                    CommitFile file = new CommitFile(path, kind(walk.getFileMode(0)));
                    files.add(file);
                    named.put(file, walk.getObjectId(0));
                }
            }
        }
        files.sort(Comparator.comparing(CommitFile::path));
        return files;
    }

    private static void requirePossible(String path) {
        try {
            new ObjectChecker().checkPath(path);
        } catch (CorruptObjectException e) {
            throw new AngeeException(
                    ErrorCode.INVALID,
                    "the commit has a path that no worktree may have: '" + path.replaceAll("\\p{Cntrl}", "?") + "'",
                    e);
        }
    }

    private static CommitFile.Kind kind(FileMode mode) {
        if (FileMode.SYMLINK.equals(mode)) {
            return CommitFile.Kind.LINK;
        }
        return FileMode.EXECUTABLE_FILE.equals(mode) ? CommitFile.Kind.EXECUTABLE : CommitFile.Kind.FILE;
    }

    @Override
    public synchronized byte[] content(CommitFile file, int most) {
        requireOpen();
        ObjectId id = named.get(file);
        if (id == null) {
            throw new NotFoundException("file", file.path(), "ask which there are before");
        }
        return JGitSourceControl.call(purpose(cache), () -> {
            ObjectLoader blob = reader.open(id, Constants.OBJ_BLOB);
            if (blob.getSize() > most) {
                throw new AngeeException(
                        ErrorCode.UNSUPPORTED,
                        "'" + file.path() + "' has " + blob.getSize() + " bytes, and at most " + most + " are read");
            }
            return blob.getBytes(most);
        });
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the files of this commit were closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        JGitSourceControl.call(purpose(cache), () -> {
            reader.close();
            repository.close();
            return cache;
        });
    }
}
