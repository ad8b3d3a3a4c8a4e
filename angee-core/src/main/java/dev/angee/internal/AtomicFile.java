package dev.angee.internal;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/** Writes whole files so that a reader sees the old bytes or the new ones, and a crash loses neither. */
public final class AtomicFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(OWNER_ONLY);

    private AtomicFile() {}

    /** Writes a file that everybody may read; durable on return. Makes the folder if needed. */
    public static void write(Path file, byte[] content) {
        write(file, content, READABLE);
    }

    /** Writes a file that only its owner may read; durable on return. Makes the folder if needed. */
    public static void writePrivate(Path file, byte[] content) {
        write(file, content, OWNER_ONLY);
    }

    /**
     * The same for what may be lost when the machine crashes, but must not be damaged then: in that case the old bytes may be
     * back. In a folder that is there. Cheaper.
     */
    public static void writeTransient(Path file, byte[] content) {
        try {
            Path temporary = Files.createTempFile(folder(file), prefix(file), "", PRIVATE);
            try {
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    writeAll(channel, content);
                    channel.force(false);
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /**
     * The same, with the new bytes kept in another folder until they are whole: what a writer leaves that is killed is left
     * there.
     *
     * @param staging a folder that is there, on the file store of the file
     */
    public static void writePrivate(Path file, byte[] content, Path staging) {
        try {
            Files.createDirectories(folder(file));
            install(file, Files.createTempFile(staging, prefix(file), "", PRIVATE), content, OWNER_ONLY);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /**
     * Writes over a file that exists, and keeps its mode; durable on return.
     *
     * <p>Whoever replaces the file holds one lock while doing so. New bytes that a dead holder left beside the file are
     * therefore nobody's, and are removed first.
     */
    public static void replace(Path file, byte[] content) {
        String prefix = ".new-" + file.getFileName() + "-";
        Path folder = folder(file);
        try {
            sweep(folder, prefix);
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            install(file, Files.createTempFile(folder, prefix, "", PRIVATE), content, mode);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static void sweep(Path folder, String prefix) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                if (String.valueOf(entry.getFileName()).startsWith(prefix)) {
                    Files.deleteIfExists(entry);
                }
            }
        } catch (UncheckedIOException e) {
            throw new IOException("cannot list " + folder, e);
        }
    }

    /** Writes a file with this mode; durable on return. Makes the folder if needed. */
    public static void write(Path file, byte[] content, Set<PosixFilePermission> permissions) {
        try {
            Files.createDirectories(folder(file));
            install(file, Files.createTempFile(folder(file), prefix(file), "", PRIVATE), content, permissions);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static String prefix(Path file) {
        return ".tmp-" + file.getFileName() + "-";
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("not a file: " + file);
        }
        return folder;
    }

    private static AngeeException failed(Path file, IOException e) {
        return e instanceof ClosedByInterruptException
                ? new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while writing " + file, e)
                : new AngeeException(ErrorCode.UNAVAILABLE, "cannot write " + file + ": " + e.getMessage(), e);
    }

    private static void install(Path file, Path temporary, byte[] content, Set<PosixFilePermission> permissions)
            throws IOException {
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                writeAll(channel, content);
                Files.setPosixFilePermissions(temporary, permissions);
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(folder(file));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeAll(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
