package dev.angee.internal.change;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.angee.ConflictException;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What stands in a folder that is held. Files that somebody writes at that moment are looked at again. */
final class FileLook {
    static final int ATTEMPTS = 20;
    private static final int CHUNK = 64 * 1024;

    private FileLook() {}

    static Fingerprint at(HeldFolder folder, String name) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Optional<Fingerprint> found = once(folder, name);
                if (found.isPresent()) {
                    return found.get();
                }
            } catch (AccessDeniedException e) {
                throw e;
            } catch (FileSystemException e) {
                if (attempt == ATTEMPTS) {
                    throw e; // else: not what it was a moment before
                }
            }
            if (attempt == ATTEMPTS) {
                throw restless(name);
            }
        }
    }

    static ConflictException restless(String path) {
        return new ConflictException("file", path, "changes each time that it is looked at; try again later");
    }

    private static Optional<Fingerprint> once(HeldFolder folder, String name) throws IOException {
        Optional<PosixFileAttributes> found = folder.look(name);
        if (found.isEmpty()) {
            return Optional.of(Fingerprint.absent());
        }
        PosixFileAttributes attributes = found.get();
        if (attributes.isDirectory()) {
            return Optional.of(Fingerprint.folder());
        }
        if (attributes.isSymbolicLink()) {
            return folder.readLink(name).map(Fingerprint::link);
        }
        if (!attributes.isRegularFile() || attributes.size() > FileChanges.LARGEST) {
            return Optional.of(Fingerprint.other());
        }
        Hasher hasher = Hashing.sha256().newHasher();
        return isWhole(folder, name, attributes, hasher::putBytes)
                ? Optional.of(Fingerprint.file(hasher.hash().toString(), mode(attributes.permissions())))
                : Optional.empty();
    }

    /** The bytes of a plain file of this size; empty if it is not that any more. */
    static Optional<byte[]> bytes(HeldFolder folder, String name, PosixFileAttributes attributes) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) attributes.size());
        return isWhole(folder, name, attributes, all::put) ? Optional.of(all.array()) : Optional.empty();
    }

    /** Takes what is read. */
    private interface Sink {
        Object put(ByteBuffer chunk);
    }

    /** Reads a file; false if it has changed since, or has less or more in it. */
    private static boolean isWhole(HeldFolder folder, String name, PosixFileAttributes attributes, Sink sink)
            throws IOException {
        Optional<FileChannel> opened = folder.open(name);
        if (opened.isEmpty()) {
            return false;
        }
        try (FileChannel channel = opened.get()) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            long left = attributes.size();
            while (left > 0) {
                chunk.clear().limit((int) Math.min(CHUNK, left));
                int count = channel.read(chunk);
                if (count < 0) {
                    return false;
                }
                Object unused = sink.put(chunk.flip());
                left -= count;
            }
        }
        return folder.look(name).filter(now -> isSame(now, attributes)).isPresent();
    }

    private static boolean isSame(PosixFileAttributes one, PosixFileAttributes other) {
        return Objects.equals(one.fileKey(), other.fileKey())
                && one.size() == other.size()
                && one.lastModifiedTime().equals(other.lastModifiedTime())
                && one.permissions().equals(other.permissions());
    }

    /** The bits of permissions, the owner's first. */
    static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission each : permissions) {
            mode |= bit(each);
        }
        return mode;
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission each : PosixFilePermission.values()) {
            if ((mode & bit(each)) != 0) {
                permissions.add(each);
            }
        }
        return permissions;
    }

    private static int bit(PosixFilePermission permission) {
        return switch (permission) {
            case OWNER_READ -> 0400;
            case OWNER_WRITE -> 0200;
            case OWNER_EXECUTE -> 0100;
            case GROUP_READ -> 0040;
            case GROUP_WRITE -> 0020;
            case GROUP_EXECUTE -> 0010;
            case OTHERS_READ -> 0004;
            case OTHERS_WRITE -> 0002;
            case OTHERS_EXECUTE -> 0001;
        };
    }
}
