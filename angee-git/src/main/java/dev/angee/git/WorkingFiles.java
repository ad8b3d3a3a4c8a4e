package dev.angee.git;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.AbstractTreeIterator;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.util.FS;

/**
 * The files of a worktree. A repository inside it is never opened, since whoever works there can make it anything: a
 * submodule that the index knows always counts as unchanged, and any other nested repository is a folder like others.
 */
final class WorkingFiles extends FileTreeIterator {
    private final Map<Path, ObjectId> submodules;

    private WorkingFiles(Repository repository, Map<Path, ObjectId> submodules) {
        super(repository, (file, attributes) -> modeOf(file, attributes, submodules));
        this.submodules = submodules;
    }

    private WorkingFiles(WorkingFiles parent, File folder) {
        super(parent, folder, parent.fs);
        this.submodules = parent.submodules;
    }

    /** The files of the repository's worktree, as its index would name them. */
    static WorkingFiles of(Repository repository, DirCache index) {
        Path root = repository.getWorkTree().toPath();
        Map<Path, ObjectId> submodules = new HashMap<>();
        for (int i = 0; i < index.getEntryCount(); i++) {
            if (FileMode.GITLINK.equals(index.getEntry(i).getRawMode())) {
                submodules.put(
                        root.resolve(index.getEntry(i).getPathString()),
                        index.getEntry(i).getObjectId());
            }
        }
        return new WorkingFiles(repository, submodules);
    }

    private static FileMode modeOf(File file, FS.Attributes attributes, Map<Path, ObjectId> submodules) {
        if (attributes.isSymbolicLink()) {
            return FileMode.SYMLINK;
        }
        if (attributes.isDirectory()) {
            return submodules.containsKey(file.toPath()) ? FileMode.GITLINK : FileMode.TREE;
        }
        if (!attributes.isRegularFile()) {
            return FileMode.MISSING;
        }
        return attributes.isExecutable() ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE;
    }

    @Override
    protected AbstractTreeIterator enterSubtree() {
        return new WorkingFiles(this, getEntryFile());
    }

    @Override
    protected byte[] idSubmodule(Entry entry) {
        ObjectId id = submodules.getOrDefault(getDirectory().toPath().resolve(entry.getName()), ObjectId.zeroId());
        byte[] raw = new byte[Constants.OBJECT_ID_LENGTH];
        id.copyRawTo(raw, 0);
        return raw;
    }
}
