package dev.angee.git;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
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
 * a folder for a link and have something else removed.
 */
final class FolderRemoval {
    private FolderRemoval() {}

    /** Removes the folder, or the link or file that stands in its place; nothing happens if nothing is there. */
    static void of(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("'" + folder + "' cannot be removed");
        }
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent)) {
            if (siblings instanceof SecureDirectoryStream<Path> secure) {
                remove(secure, folder.getFileName());
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
            remove(parent, name);
        } catch (NoSuchFileException e) {
            // It is not there, or somebody else was faster.
        }
    }

    private static void remove(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        BasicFileAttributeView view =
                parent.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!view.readAttributes().isDirectory()) {
            parent.deleteFile(name);
            return;
        }
        empty(parent, name);
        parent.deleteDirectory(name);
    }

    private static void empty(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        try (SecureDirectoryStream<Path> children = open(parent, name)) {
            for (Path child : children) {
                remove(children, child.getFileName());
            }
        } catch (AccessDeniedException e) {
            throw new IOException("'" + name + "' cannot be emptied: permission denied", e);
        }
    }

    /** Opens a folder, making it writable first: tools leave read-only ones behind. */
    private static SecureDirectoryStream<Path> open(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        PosixFileAttributeView view =
                parent.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null
                && !PosixFilePermissions.toString(view.readAttributes().permissions())
                        .startsWith("rwx")) {
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
        return parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    }
}
