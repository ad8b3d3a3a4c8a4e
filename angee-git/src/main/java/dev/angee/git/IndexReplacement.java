package dev.angee.git;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.LockFailedException;

/**
 * Lets the git program work on a copy of a worktree's index, which takes the index's place when all went well. Git's own
 * way would be to write where {@code index} leads to, and an agent can make that a link; here, a link is replaced itself.
 * Everybody's git keeps away meanwhile, because {@code index.lock} is there.
 */
final class IndexReplacement {
    private final Path index;
    private final Path lock;
    private final Path copy;

    IndexReplacement(File index, GitStage stage) {
        this.index = index.toPath();
        this.lock = this.index.resolveSibling("index.lock");
        this.copy = stage.index();
    }

    /** Does the work, which changes the copy; if it fails, the index stays what it is. */
    <T> T around(GitWork<T> work) throws IOException {
        return around(work, () -> {}, failure -> {});
    }

    /**
     * The same, with what makes the work count, done right before the index takes its place.
     *
     * @param undo takes the work back if it was done, but does not come to count
     */
    <T> T around(GitWork<T> work, WorktreeCheckout.Ending ending, Consumer<Exception> undo) throws IOException {
        try (FileChannel channel = lock()) {
            boolean done = false;
            try {
                if (Files.isDirectory(index, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("'" + index + "' is a folder; remove it");
                }
                copyIn();
                T result = work.run();
                try {
                    copyOut(channel);
                    ending.run();
                    Files.move(lock, index, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException | RuntimeException e) {
                    undo.accept(e);
                    throw e;
                }
                done = true;
                return result;
            } finally {
                if (!done) {
                    Files.deleteIfExists(lock);
                }
            }
        }
    }

    private FileChannel lock() throws IOException {
        try {
            return FileChannel.open(
                    lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (FileAlreadyExistsException e) {
            throw new LockFailedException(index.toFile(), "'" + lock + "' is there", e);
        }
    }

    /** Makes the copy what the index is now. */
    void copyIn() throws IOException {
        if (!Files.isRegularFile(index, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(copy);
            return;
        }
        FileTime time = Files.getLastModifiedTime(index, LinkOption.NOFOLLOW_LINKS);
        try (InputStream in = Files.newInputStream(index, LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        // Whether a file may have changed right after it was looked at, git tells by the time of the index.
        Files.setLastModifiedTime(copy, time);
    }

    private void copyOut(FileChannel channel) throws IOException {
        FileTime time = Files.getLastModifiedTime(copy);
        OutputStream out = Channels.newOutputStream(channel);
        Files.copy(copy, out);
        out.flush();
        Files.getFileAttributeView(lock, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, null, null);
    }
}
