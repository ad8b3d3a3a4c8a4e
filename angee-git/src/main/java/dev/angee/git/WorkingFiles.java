package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.dircache.DirCacheEntry;
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
    private static final int DEEPEST = 500;

    private final Modes modes;
    private final int depth;

    private WorkingFiles(Repository repository, Modes modes) {
        super(repository, modes);
        this.modes = modes;
        this.depth = 0;
    }

    private WorkingFiles(WorkingFiles parent, File folder) {
        super(parent, folder, parent.fs);
        this.modes = parent.modes;
        this.depth = parent.depth + 1;
    }

    /** The files of the repository's worktree, as its index file would name them. */
    static WorkingFiles of(Repository repository) throws IOException {
        return of(repository, Interrupts.LEFT_ALONE);
    }

    /** The same, for a look that may be given up: an interrupt ends it. */
    static WorkingFiles lookedAt(Repository repository) throws IOException {
        return of(repository, Interrupts.HEEDED);
    }

    private static WorkingFiles of(Repository repository, Interrupts interrupts) throws IOException {
        Path root = repository.getWorkTree().toPath();
        IndexStamps index = IndexStamps.read(repository.getIndexFile().toPath());
        Map<Path, ObjectId> submodules = new HashMap<>();
        index.submodules().forEach((path, commit) -> submodules.put(root.resolve(path), commit));
        return new WorkingFiles(repository, new Modes(new WorktreeFolder(root), submodules, index, interrupts));
    }

    @Override
    protected AbstractTreeIterator enterSubtree() {
        if (depth == DEEPEST) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "'" + modes.folder().root() + "' holds folders in folders more than " + DEEPEST
                            + " levels deep; remove them");
        }
        if (modes.interrupts() == Interrupts.HEEDED && Thread.currentThread().isInterrupted()) {
            throw new AngeeException(
                    ErrorCode.FAILED, "looking at '" + modes.folder().root() + "' was interrupted");
        }
        return new WorkingFiles(this, getEntryFile());
    }

    @Override
    protected byte[] idSubmodule(Entry entry) {
        ObjectId id =
                modes.submodules().getOrDefault(getDirectory().toPath().resolve(entry.getName()), ObjectId.zeroId());
        byte[] raw = new byte[Constants.OBJECT_ID_LENGTH];
        id.copyRawTo(raw, 0);
        return raw;
    }

    /** A file that has the size and the time which the index has of it may yet be another. */
    @Override
    public MetadataDiff compareMetadata(DirCacheEntry entry) {
        MetadataDiff difference = super.compareMetadata(entry);
        return difference == MetadataDiff.EQUAL && mayBeAnother(entry) ? MetadataDiff.DIFFER_BY_TIMESTAMP : difference;
    }

    private boolean mayBeAnother(DirCacheEntry entry) {
        int type = entry.getRawMode() & FileMode.TYPE_MASK;
        return type != FileMode.TYPE_GITLINK
                && !entry.isAssumeValid()
                && current() instanceof Listed file
                && file.found instanceof FileStat found
                && !modes.index().vouchFor(entry, found);
    }

    /** Files that are being put right are gone through to the end. */
    private enum Interrupts {
        HEEDED,
        LEFT_ALONE
    }

    /**
     * What the files are, as git has it.
     *
     * @param folder where they are
     * @param submodules what the index has in place of folders
     * @param index how it has found them
     * @param interrupts what comes of them
     */
    private record Modes(
            WorktreeFolder folder, Map<Path, ObjectId> submodules, IndexStamps index, Interrupts interrupts)
            implements InertFileSystem.Listing {
        @Override
        public FileMode getMode(File file, FS.Attributes attributes) {
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
        public Entry[] list(File directory, FS system) {
            try {
                return folder.names(directory.toPath()).stream()
                        .map(name -> new Listed(FileStat.of(new File(directory, name), system), system, this))
                        .toArray(Entry[]::new);
            } catch (WorktreeFolder.Swapped e) {
                throw new UncheckedIOException(e);
            } catch (IOException e) {
                return new Entry[0]; // It was deleted meanwhile, or is nobody's to read.
            }
        }
    }

    /** A file that is read only if it still is one, where it was listed. */
    private static final class Listed extends FileEntry {
        private final WorktreeFolder folder;
        private final FS.Attributes found;

        Listed(FS.Attributes found, FS system, Modes modes) {
            super(found.getFile(), system, found, modes);
            this.folder = modes.folder();
            this.found = found;
        }

        @Override
        public InputStream openInputStream() throws IOException {
            return getMode() == FileMode.SYMLINK
                    ? super.openInputStream()
                    : folder.read(getFile().toPath());
        }
    }
}
