package dev.angee.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.util.NB;

/**
 * What an index file notes of how files were found. JGit goes by their size and by when they were last written, which a file that
 * is moved or copied over another can have in common with it; git goes by when they were last changed, and by the inode, which JGit
 * neither reads nor writes.
 */
final class IndexStamps {
    private static final int SIGNATURE = 0x44495243; // DIRC
    private static final int START = 12;
    private static final int LARGEST = 1 << 30;

    private static final int CHANGED = 0;
    private static final int MODIFIED = 8;
    private static final int DEVICE = 16;
    private static final int INODE = 20;
    private static final int MODE = 24;
    private static final int USER = 28;
    private static final int GROUP = 32;
    private static final int SIZE = 36;
    private static final int CONTENT = 40;
    private static final int FLAGS = 60;
    private static final int NAME = 62;
    private static final int NANOS = 4;

    private static final int EXTENDED = 0x4000;
    private static final int LENGTH = 0xfff;

    private final byte[] bytes;
    private final Instant written;
    private final byte[][] paths;
    private final int[] places;
    private final Map<String, ObjectId> submodules = new HashMap<>();
    private int count;
    private int next;

    private IndexStamps(byte[] bytes, Instant written, int most) {
        this.bytes = bytes;
        this.written = written;
        this.paths = new byte[most][];
        this.places = new int[most];
    }

    /** Those of a file; none if it is not there, or not as git writes it. */
    static IndexStamps read(Path index) throws IOException {
        if (!Files.isRegularFile(index, LinkOption.NOFOLLOW_LINKS)) {
            return new IndexStamps(new byte[0], Instant.MIN, 0);
        }
        // If it is replaced meanwhile, its entries are the younger for it, and are looked into.
        Instant written =
                Files.getLastModifiedTime(index, LinkOption.NOFOLLOW_LINKS).toInstant();
        try (SeekableByteChannel channel =
                Files.newByteChannel(index, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return of(bytes(channel), written);
        } catch (NoSuchFileException e) {
            return new IndexStamps(new byte[0], Instant.MIN, 0);
        }
    }

    private static byte[] bytes(SeekableByteChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), LARGEST));
        int read = 0;
        while (read >= 0 && bytes.hasRemaining()) {
            read = channel.read(bytes);
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static IndexStamps of(byte[] bytes, Instant written) {
        boolean known = bytes.length > START && NB.decodeInt32(bytes, 0) == SIGNATURE;
        int version = known ? NB.decodeInt32(bytes, 4) : 0;
        int promised = known ? NB.decodeInt32(bytes, 8) : 0;
        if (version < 2 || version > 4 || promised < 0 || promised > bytes.length / NAME) {
            return new IndexStamps(bytes, written, 0);
        }
        IndexStamps stamps = new IndexStamps(bytes, written, promised);
        try {
            stamps.parse(promised, version);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | NegativeArraySizeException e) {
            stamps.count = 0; // JGit says what is wrong with it.
        }
        return stamps;
    }

    private void parse(int promised, int version) {
        byte[] path = new byte[0];
        int at = START;
        for (int i = 0; i < promised; i++) {
            int flags = NB.decodeUInt16(bytes, at + FLAGS);
            int name = at + NAME + ((flags & EXTENDED) == 0 || version == 2 ? 0 : 2);
            int shared = 0;
            if (version == 4) {
                int cut = bytes[name] & 0x7f;
                while ((bytes[name++] & 0x80) != 0) {
                    cut = ((cut + 1) << 7) + (bytes[name] & 0x7f);
                }
                shared = Objects.checkIndex(path.length - cut, path.length + 1);
            }
            int end = version == 4 || (flags & LENGTH) == LENGTH ? endOfName(name) : name + (flags & LENGTH);
            path = joined(path, shared, name, end);
            if (FileMode.GITLINK.equals(NB.decodeInt32(bytes, at + MODE))) {
                submodules.put(new String(path, StandardCharsets.UTF_8), ObjectId.fromRaw(bytes, at + CONTENT));
            }
            paths[count] = path;
            places[count++] = at;
            at = version == 4 ? end + 1 : at + ((end - at + 8) & ~7);
        }
    }

    private byte[] joined(byte[] before, int shared, int name, int end) {
        if (shared == 0) {
            return Arrays.copyOfRange(bytes, name, Objects.checkIndex(end, bytes.length));
        }
        byte[] whole = Arrays.copyOf(before, shared + end - name);
        System.arraycopy(bytes, name, whole, shared, end - name);
        return whole;
    }

    /** What the index has in place of folders, by their paths. */
    Map<String, ObjectId> submodules() {
        return Collections.unmodifiableMap(submodules);
    }

    private int endOfName(int from) {
        int end = from;
        while (bytes[end] != 0) {
            end++;
        }
        return end;
    }

    /** Where the entry of a file is, or one of its entries; negative if there is none. */
    private int find(byte[] path) {
        int found = next < count && Arrays.equals(paths[next], path)
                ? next // Mostly they are asked for in their order.
                : Arrays.binarySearch(paths, 0, count, path, Arrays::compareUnsigned);
        next = found < 0 ? next : found + 1;
        return found < 0 ? -1 : places[found];
    }

    /**
     * Whether a file has the content of an entry if it looks so to JGit. One that was changed in the very moment in which the index
     * was written may have been changed after that as well.
     */
    boolean vouchFor(DirCacheEntry entry, FileStat found) {
        int at = find(entry.getRawPath());
        return at >= 0
                && entry.getObjectId().compareTo(bytes, at + CONTENT) == 0
                && isTime(at + CHANGED, found.changed())
                && NB.decodeInt32(bytes, at + INODE) == found.inode()
                && found.changed().isBefore(written);
    }

    private boolean isTime(int at, Instant time) {
        return NB.decodeInt32(bytes, at) == (int) time.getEpochSecond()
                && NB.decodeInt32(bytes, at + NANOS) == time.getNano();
    }

    /**
     * Adds to an index that JGit has written what git would have noted of these files, as far as JGit has found them the same.
     *
     * @param stamps how they were found before their content was, or right after it was written
     */
    static void note(Path index, Map<String, FileStamp> stamps, Doubts doubts) throws IOException {
        IndexStamps noted = read(index);
        stamps.forEach((path, stamp) -> noted.note(path, stamp, doubts));
        int end = noted.bytes.length - Constants.OBJECT_ID_LENGTH;
        MessageDigest digest = Constants.newMessageDigest();
        digest.update(noted.bytes, 0, end);
        System.arraycopy(digest.digest(), 0, noted.bytes, end, Constants.OBJECT_ID_LENGTH);
        Files.write(index, noted.bytes);
    }

    private void note(String path, FileStamp stamp, Doubts doubts) {
        int at = find(path.getBytes(StandardCharsets.UTF_8));
        if (at < 0 || !isTime(at + MODIFIED, stamp.modified())) {
            return;
        }
        int size = NB.decodeInt32(bytes, at + SIZE);
        if (size != stamp.size() && size != 0) {
            return;
        }
        put(at + CHANGED, stamp.changed());
        NB.encodeInt32(bytes, at + DEVICE, stamp.device());
        NB.encodeInt32(bytes, at + INODE, stamp.inode());
        NB.encodeInt32(bytes, at + USER, stamp.user());
        NB.encodeInt32(bytes, at + GROUP, stamp.group());
        if (doubts == Doubts.DISPELLED) {
            NB.encodeInt32(bytes, at + SIZE, stamp.size());
        }
    }

    private void put(int at, Instant time) {
        NB.encodeInt32(bytes, at, (int) time.getEpochSecond());
        NB.encodeInt32(bytes, at + NANOS, time.getNano());
    }

    /**
     * JGit notes of every file that it has written in the second in which it began that it may have changed since, and of those
     * each look would read the contents, until somebody writes the index anew.
     */
    enum Doubts {
        KEPT,
        /** Nobody has been there but us. */
        DISPELLED
    }
}
