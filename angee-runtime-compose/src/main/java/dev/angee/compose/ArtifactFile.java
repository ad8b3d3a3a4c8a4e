package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.Artifact;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The compiled file on disk: whole or not at all, and for its owner only, since values may be private. */
final class ArtifactFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER = PosixFilePermissions.fromString("rwx------");

    private final ComposeProject project;

    ArtifactFile(ComposeProject project) {
        this.project = project;
    }

    /** Makes the file hold the artifact; leaves it untouched if it does, removes it if the artifact is empty. */
    void write(Artifact artifact) {
        byte[] bytes = artifact.text().getBytes(StandardCharsets.UTF_8);
        try {
            if (artifact.isEmpty()) {
                Files.deleteIfExists(project.file());
            } else if (!holds(bytes)) {
                replace(bytes);
            }
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    /**
     * Puts the file away as {@code run/last/docker-compose.yaml}, if it is there: what ran can be read after the end. A
     * link in its place is removed. Durable on return.
     */
    void retire() {
        Path last = project.run().resolve("last");
        try {
            if (!Files.isRegularFile(project.file(), LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(project.file());
                return;
            }
            if (!Files.isDirectory(last, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(project.run());
                Files.deleteIfExists(last);
                Files.createDirectory(last, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
            }
            Files.move(
                    project.file(),
                    last.resolve(ComposeProject.FILE_NAME),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            for (Path each : List.of(last, project.run(), project.root())) {
                force(each);
            }
        } catch (IOException e) {
            throw failure("put away", e);
        }
    }

    private boolean holds(byte[] bytes) throws IOException {
        return Files.isRegularFile(project.file(), LinkOption.NOFOLLOW_LINKS)
                && Files.getPosixFilePermissions(project.file()).equals(OWNER_ONLY)
                && Arrays.equals(Files.readAllBytes(project.file()), bytes);
    }

    private void replace(byte[] bytes) throws IOException {
        Files.createDirectories(project.run());
        Path fresh = project.run().resolve(ComposeProject.FILE_NAME + ".new"); // one writer: the caller holds the lock
        Files.deleteIfExists(fresh);
        try {
            fill(fresh, bytes);
            Files.move(fresh, project.file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(fresh); // half a file, in want of room perhaps
            throw e;
        }
        force(project.root());
    }

    /** Makes durable what was moved into a folder, or out of it. */
    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void fill(Path fresh, byte[] bytes) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(fresh, options, ownerOnly())) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)};
    }

    private AngeeException failure(String verb, IOException e) {
        return new AngeeException(ErrorCode.FAILED, "cannot " + verb + " " + project.file() + ": " + e, e);
    }
}
