package dev.angee.manifest;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.document.YamlLimits;
import dev.angee.internal.AtomicFile;
import dev.angee.internal.FileLocks;
import dev.angee.internal.yaml.YamlDocument;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A manifest on disk. A symbolic link is followed once, when it is opened: it is its target that is replaced.
 *
 * @param named the file as it was named
 * @param real the file that holds the bytes
 */
record ManifestFile(Path named, Path real) {
    private static final String LOCK = "run/manifest.lock";

    static ManifestFile of(Path file) {
        try {
            return new ManifestFile(file.toAbsolutePath().normalize(), file.toRealPath());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    String name() {
        return String.valueOf(named.getFileName());
    }

    byte[] bytes(YamlLimits limits) {
        if (!Files.isRegularFile(real)) {
            throw Files.exists(real)
                    ? new ConflictException("manifest", named.toString(), "is not a plain file")
                    : unreadable(named, new NoSuchFileException(real.toString()));
        }
        try (InputStream input = Files.newInputStream(real)) {
            byte[] bytes = Files.size(real) > limits.length() ? new byte[0] : input.readNBytes(limits.length() + 1);
            if (bytes.length > limits.length() || Files.size(real) > limits.length()) {
                throw YamlDocument.tooLarge(name(), limits);
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(named, e);
        }
    }

    String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidDocumentException(List.of(Problem.of(name(), 1, 1, "", "the file is not UTF-8 text")));
        }
    }

    /** Takes the lock of the root, and that of the folder that a link leads to: others may come from there. */
    Held lock(String purpose, Duration patience) {
        Held held = new Held(new ArrayDeque<>());
        boolean complete = false;
        try {
            Path root = named.resolveSibling(LOCK);
            Path target = real.resolveSibling(LOCK);
            held.locks.push(FileLocks.take(root, purpose, patience));
            if (!sameFile(root, target)) {
                held.locks.push(FileLocks.take(target, purpose, patience));
            }
            complete = true;
            return held;
        } finally {
            if (!complete) {
                held.close();
            }
        }
    }

    private static boolean sameFile(Path root, Path target) {
        try {
            return root.equals(target) || (Files.exists(target) && Files.isSameFile(root, target));
        } catch (IOException e) {
            throw unreadable(target, e);
        }
    }

    /** That the file no longer holds these bytes, if so. The lock is held. */
    Optional<ConflictException> changedSince(byte[] expected, YamlLimits limits) {
        boolean same;
        try {
            same = real.equals(named.toRealPath()) && Arrays.equals(expected, bytes(limits));
        } catch (NoSuchFileException | NotFoundException e) {
            same = false; // it was deleted, and is not ours to bring back
        } catch (IOException e) {
            throw unreadable(named, e);
        }
        return same
                ? Optional.empty()
                : Optional.of(new ConflictException(
                        "manifest", named.toString(), "was changed by somebody else since it was read; read it again"));
    }

    /** That the link led elsewhere when the file was read. */
    ConflictException relinked() {
        return new ConflictException(
                "manifest", named.toString(), "leads to another file than when its lock was taken; do it again");
    }

    /** Replaces the content by one rename. The lock is held. */
    void replace(byte[] bytes) {
        AtomicFile.replace(real, bytes);
    }

    private static AngeeException unreadable(Path file, IOException e) {
        return e instanceof NoSuchFileException
                ? new NotFoundException("manifest", file.toString(), "a root is a folder with an angee.yaml in it")
                : new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
    }

    /** Locks that are let go in the reverse order. */
    record Held(Deque<FileLocks.Held> locks) implements AutoCloseable {
        /** Fails if one of them was let go. */
        void check() {
            locks.forEach(FileLocks.Held::check);
        }

        @Override
        public void close() {
            while (!locks.isEmpty()) {
                locks.pop().close();
            }
        }
    }
}
