package dev.angee.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Removes a folder with all it holds. Goes down by open folders, not by paths, so that nobody who works in it can swap
 * a folder for a link and have something else removed. However deep it is, only so many folders are open at a time.
 */
public final class FolderRemoval {
    private static final int DEEPEST = 64;
    private static final int ATTEMPTS = 1000;

    private int moved;
    private int names;

    private FolderRemoval() {}

    /** Removes the folder, or the link or file that stands in its place; nothing happens if nothing is there. */
    public static void of(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("'" + folder + "' cannot be removed");
        }
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent)) {
            if (siblings instanceof SecureDirectoryStream<Path> secure) {
                new FolderRemoval().remove(secure, folder.getFileName());
            } else {
                throw new IOException("this platform cannot remove a folder safely: " + folder);
            }
        } catch (NoSuchFileException e) {
            // Neither the folder nor its parent is there, or somebody else was faster.
        }
    }

    /** The same, within a folder that is held open. */
    static void in(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        try {
            new FolderRemoval().remove(parent, name);
        } catch (NoSuchFileException e) {
            // It is not there, or somebody else was faster.
        }
    }

    private void remove(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        if (!isFolder(parent, name)) {
            parent.deleteFile(name);
            return;
        }
        do {
            moved = 0;
            try (SecureDirectoryStream<Path> top = open(parent, name)) {
                empty(top, top, 1);
            } catch (AccessDeniedException e) {
                throw denied(name, e);
            }
        } while (moved > 0);
        parent.deleteDirectory(name);
    }

    /** Goes down as far as it is deep at the most; folders below that come up to the top, and have their turn there. */
    private void empty(SecureDirectoryStream<Path> folder, SecureDirectoryStream<Path> top, int depth)
            throws IOException {
        for (Path child : folder) {
            Path name = child.getFileName();
            if (!isFolder(folder, name)) {
                folder.deleteFile(name);
            } else if (depth == DEEPEST) {
                makeWritable(folder, name);
                moveUp(folder, name, top);
            } else {
                try (SecureDirectoryStream<Path> inner = open(folder, name)) {
                    empty(inner, top, depth + 1);
                } catch (AccessDeniedException e) {
                    throw denied(name, e);
                }
                folder.deleteDirectory(name);
            }
        }
    }

    private void moveUp(SecureDirectoryStream<Path> folder, Path name, SecureDirectoryStream<Path> top)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                folder.move(name, top, Path.of("angee-removed-" + names++));
                moved++;
                return;
            } catch (NoSuchFileException | AccessDeniedException e) {
                throw e;
            } catch (FileSystemException e) {
                if (attempt == ATTEMPTS) {
                    throw e; // Names that are taken are passed over, but not for ever.
                }
            }
        }
    }

    private static IOException denied(Path name, AccessDeniedException cause) {
        return new IOException("'" + name + "' cannot be emptied: permission denied", cause);
    }

    private static boolean isFolder(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        return parent.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
    }

    private static SecureDirectoryStream<Path> open(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        makeWritable(parent, name);
        return parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    }

    /** Tools leave read-only ones behind. */
    private static void makeWritable(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        PosixFileAttributeView view =
                parent.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null
                && !PosixFilePermissions.toString(view.readAttributes().permissions())
                        .startsWith("rwx")) {
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
    }
}
