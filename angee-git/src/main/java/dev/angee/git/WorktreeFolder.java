package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A worktree's folder, in which somebody may be at work: what is read of it is in it. It is gone down into by open folders
 * and not by paths, so that a folder or a file that is swapped for a link to one of the host's is not read.
 *
 * @param root the worktree
 */
record WorktreeFolder(Path root) {

    /** The names of what is in a folder of it. */
    List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (SecureDirectoryStream<Path> open = open(folder)) {
            for (Path child : open) {
                names.add(child.getFileName().toString());
            }
        }
        return names;
    }

    /**
     * Opens a file of it.
     *
     * @throws Swapped if no such file is there any more
     */
    InputStream read(Path file) throws IOException {
        try (SecureDirectoryStream<Path> parent = open(parentOf(file))) {
            Path name = file.getFileName();
            if (!attributes(parent, name).isRegularFile()) {
                throw new Swapped(file);
            }
            return new Content(parent.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        } catch (NoSuchFileException e) {
            throw new Swapped(file, e);
        } catch (FileSystemException e) {
            // A link is refused by the system with a reason that has no type of its own.
            throw isStill(file) ? e : new Swapped(file, e);
        }
    }

    /** Removes a file of it, or a link, and the folders that are empty then. */
    void remove(Path file) throws IOException {
        try (SecureDirectoryStream<Path> parent = open(parentOf(file))) {
            parent.deleteFile(file.getFileName());
        }
        for (Path folder = parentOf(file); !folder.equals(root); folder = parentOf(folder)) {
            try (SecureDirectoryStream<Path> parent = open(parentOf(folder))) {
                parent.deleteDirectory(folder.getFileName());
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }

    private static boolean isStill(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private SecureDirectoryStream<Path> open(Path folder) throws IOException {
        SecureDirectoryStream<Path> at = secure(parentOf(root));
        try {
            at = step(at, root.getFileName(), folder);
            Path below = root.relativize(folder);
            if (!below.toString().isEmpty()) {
                for (Path name : below) {
                    at = step(at, name, folder);
                }
            }
            return at;
        } catch (IOException | RuntimeException e) {
            at.close();
            throw e;
        }
    }

    private static Path parentOf(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("'" + path + "' is no worktree, nor in one");
        }
        return parent;
    }

    @SuppressWarnings("StreamResourceLeak") // The caller closes it.
    private static SecureDirectoryStream<Path> secure(Path folder) throws IOException {
        DirectoryStream<Path> open = Files.newDirectoryStream(folder);
        if (open instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        open.close();
        throw new IOException("this platform cannot read a folder safely: " + folder);
    }

    private static SecureDirectoryStream<Path> step(SecureDirectoryStream<Path> from, Path name, Path goal)
            throws IOException {
        if (!attributes(from, name).isDirectory()) {
            throw new Swapped(goal);
        }
        SecureDirectoryStream<Path> next = from.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        from.close();
        return next;
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        return parent.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /** The file that made this fail by being swapped, if one did. */
    static Optional<Path> swappedFile(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Swapped swapped) {
                return Optional.of(Path.of(swapped.file));
            }
        }
        return Optional.empty();
    }

    /** What was listed is not there any more, or is something else. */
    static final class Swapped extends IOException {
        private static final long serialVersionUID = 1L;

        private final String file;

        Swapped(Path file) {
            super("'" + file + "' changed while it was read; try again");
            this.file = file.toString();
        }

        Swapped(Path file, IOException cause) {
            this(file);
            initCause(cause);
        }
    }

    /** What is in a file. Goes on in a thread that was interrupted before, since that may be putting things right. */
    private static final class Content extends InputStream {
        private final ReadableByteChannel channel;

        Content(ReadableByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            boolean interrupted = Thread.interrupted();
            try {
                return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length));
            } catch (ClosedByInterruptException e) {
                throw new AngeeException(ErrorCode.FAILED, "reading a worktree's file was interrupted", e);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
