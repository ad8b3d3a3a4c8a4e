package dev.angee.mount;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Folders that were made, parents first, and are on the disk.
 *
 * @param paths the absolute folders
 */
public record MadeFolders(List<Path> paths) {
    private static final Set<PosixFilePermission> FOR_ALL = PosixFilePermissions.fromString("rwxr-xr-x");

    /** Copies the list. */
    public MadeFolders {
        paths = List.copyOf(paths);
    }

    /**
     * Removes them again, deepest first. What holds something by now is kept, and what is gone is no error.
     *
     * @throws AngeeException {@code UNAVAILABLE} if one cannot be removed; the others are
     */
    public void undo() {
        AngeeException failure = null;
        for (int i = paths.size() - 1; i >= 0; i--) {
            try {
                remove(paths.get(i));
            } catch (AngeeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether it was still there, and ours alone. */
    private static boolean remove(Path folder) {
        try {
            return Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot remove " + folder + " again: " + e + "; remove it by hand", e);
        }
    }

    static MadeFolders below(Path anchor, Map<String, Path> folders) {
        List<Path> made = new ArrayList<>();
        try {
            folders.forEach((name, folder) -> makeOne(anchor, name, folder, made));
            return new MadeFolders(made);
        } catch (RuntimeException e) {
            try {
                new MadeFolders(made).undo();
            } catch (AngeeException remains) {
                e.addSuppressed(remains);
            }
            throw e;
        }
    }

    private static void makeOne(Path anchor, String name, Path folder, List<Path> made) {
        try {
            makeAnchor(anchor, made);
            Path at = anchor;
            for (Path part : anchor.relativize(folder)) {
                at = at.resolve(part);
                if (Files.isSymbolicLink(at)) {
                    throw new InvalidInputException(
                            "persist." + name,
                            at + " is a symbolic link, and persist folders do not lie behind one; put a folder in its"
                                    + " place, or set persist.anchor to where it leads");
                }
                make(at, made);
            }
        } catch (FileAlreadyExistsException e) {
            throw new InvalidInputException(
                    "persist." + name, e.getFile() + " is in the way and no folder; move it, or name another subpath");
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "persist." + name + ": cannot make " + folder + ": " + e, e);
        }
        if (!Confinement.real(folder).startsWith(Confinement.real(anchor))) {
            throw new InvalidInputException(
                    "persist." + name,
                    folder + " was turned out of " + anchor + " while it was made; look who did that");
        }
    }

    /** The anchor's own parents are the user's: links there are followed. */
    private static void makeAnchor(Path anchor, List<Path> made) throws IOException {
        Path parent = anchor.getParent();
        if (!Files.isDirectory(anchor) && parent != null) {
            makeAnchor(parent, made);
            make(anchor, made);
        }
    }

    private static void make(Path folder, List<Path> made) throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOR_ALL));
        } catch (FileAlreadyExistsException e) {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            throw e;
        }
        made.add(folder);
        // The umask may have taken more than it should.
        Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setPermissions(FOR_ALL);
        Path parent = folder.getParent();
        if (parent != null) {
            sync(parent);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
