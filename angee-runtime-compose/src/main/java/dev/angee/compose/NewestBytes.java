package dev.angee.compose;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file for its owner that keeps the newest of what is written, up to a limit, by whole lines: a ring on disk, so that
 * it needs no memory. One thread writes; another may end it at any time, and what was written so far counts.
 */
final class NewestBytes implements Closeable {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path ring;
    private final Path whole;
    private final long limit;
    private final RandomAccessFile file; // not a channel: an interrupt of its writer would close that
    private final byte[] buffer = new byte[64 * 1024];
    private int buffered;
    private long written;
    private boolean ended;

    private NewestBytes(Path ring, Path whole, long limit) throws IOException {
        this.ring = ring;
        this.whole = whole;
        this.limit = limit;
        this.file = new RandomAccessFile(ring.toFile(), "rw");
    }

    /**
     * Makes it anew, whatever a killed writer has left there.
     *
     * @param target what it is to become; nobody else makes it at the same time
     */
    static NewestBytes beside(Path target, long limit) throws IOException {
        Path ring = target.resolveSibling(target.getFileName() + ".ring");
        Path whole = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(ring);
        Files.deleteIfExists(whole);
        Files.createFile(ring, OWNER_ONLY);
        return new NewestBytes(ring, whole, limit);
    }

    /** @throws ClosedByInterruptException if it was ended meanwhile */
    synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (ended) {
            throw new ClosedByInterruptException();
        }
        int from = offset;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, buffer.length - buffered);
            System.arraycopy(bytes, from, buffer, buffered, count);
            buffered += count;
            from += count;
            left -= count;
            if (buffered == buffer.length) {
                flush();
            }
        }
    }

    private void flush() throws IOException {
        int from = 0;
        while (from < buffered) {
            long at = written % limit;
            int count = (int) Math.min(buffered - from, limit - at);
            file.seek(at);
            file.write(buffer, from, count);
            written += count;
            from += count;
        }
        buffered = 0;
    }

    /** Ends it, and replaces the target with what it keeps; durable on return. */
    synchronized void become(Path target) throws IOException {
        ended = true;
        flush();
        Path result = ring;
        if (written > limit) {
            result = whole;
            unroll();
        }
        file.getFD().sync();
        Files.move(result, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        ArtifactFile.force(target.resolveSibling(".")); // or a crash undoes the move
    }

    /** The oldest line is dropped: its beginning was written over. */
    private void unroll() throws IOException {
        long oldest = written % limit;
        Files.createFile(whole, OWNER_ONLY);
        try (RandomAccessFile out = new RandomAccessFile(whole.toFile(), "rw")) {
            boolean inLine = copy(oldest, limit, out, true);
            copy(0, oldest, out, inLine);
            out.getFD().sync();
        }
    }

    private boolean copy(long from, long to, RandomAccessFile out, boolean skipping) throws IOException {
        boolean skip = skipping;
        byte[] block = new byte[buffer.length];
        file.seek(from);
        for (long left = to - from; left > 0; ) {
            int count = file.read(block, 0, (int) Math.min(block.length, left));
            if (count < 0) {
                throw new IOException("the ring is shorter than it was written");
            }
            left -= count;
            int start = 0;
            while (skip && start < count) {
                skip = block[start++] != '\n';
            }
            out.write(block, start, count - start);
        }
        return skip;
    }

    /** Ends it, and removes what has become nothing. */
    @Override
    public synchronized void close() throws IOException {
        ended = true;
        file.close();
        Files.deleteIfExists(ring);
        Files.deleteIfExists(whole);
    }
}
