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
import java.util.Optional;
import org.eclipse.jgit.errors.LockFailedException;

/**
 * Lets a git work on a copy of a worktree's index, which takes the index's place when all went well. Git's own way would be
 * to write where {@code index} leads to, and an agent can make that a link; here, a link is replaced itself. Everybody's git
 * keeps away meanwhile, because {@code index.lock} is there.
 */
final class IndexReplacement {
    private final Path index;
    private final Path lock;
    private final Path copy;
    private final Optional<Journal> journal;

    private IndexReplacement(File index, Path copy, Optional<Journal> journal) {
        this.index = index.toPath();
        this.lock = this.index.resolveSibling("index.lock");
        this.copy = copy;
        this.journal = journal;
    }

    /** For a worktree that is still being made, and goes if that fails. */
    IndexReplacement(File index, Path copy) {
        this(index, copy, Optional.empty());
    }

    /** For a worktree, whose journal knows that the lock is ours. */
    IndexReplacement(OpenWorktree open, Path copy) {
        this(open.repository.getIndexFile(), copy, Optional.of(open.journal));
    }

    /** Does the work, which changes the copy; if it fails, the index stays what it is. */
    <T> T around(GitWork<T> work) throws IOException {
        return around(work, () -> {});
    }

    /** The same, with what makes the work count, done right before the index takes its place. */
    <T> T around(GitWork<T> work, WorktreeCheckout.Ending ending) throws IOException {
        boolean done = false;
        try (FileChannel channel = lock()) {
            try {
                if (Files.isDirectory(index, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("'" + index + "' is a folder; remove it");
                }
                copyIn();
                T result = work.run();
                copyOut(channel);
                ending.run();
                Files.move(lock, index, StandardCopyOption.ATOMIC_MOVE);
                done = true;
                return result;
            } finally {
                release(done);
            }
        }
    }

    /** While something is to be put right, others are to keep away. */
    private void release(boolean done) throws IOException {
        boolean kept = !done && journal.isPresent() && journal.get().isBegun();
        if (!done && !kept) {
            Files.deleteIfExists(lock);
        }
        if (journal.isPresent()) {
            journal.get().unlocked();
        }
    }

    private FileChannel lock() throws IOException {
        if (journal.isPresent()) {
            return journal.get().lock(index, lock);
        }
        try {
            return FileChannel.open(
                    lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (FileAlreadyExistsException e) {
            throw new LockFailedException(index.toFile(), "'" + lock + "' is there", e);
        }
    }

    private void copyIn() throws IOException {
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
        if (journal.isPresent() && journal.get().isBegun()) {
            channel.force(true);
        }
    }
}
