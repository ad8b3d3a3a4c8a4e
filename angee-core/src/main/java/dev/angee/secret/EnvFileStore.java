package dev.angee.secret;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.document.InvalidDocumentException;
import dev.angee.internal.AtomicFile;
import dev.angee.internal.FileLocks;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Secrets in an env file, {@code .env} by custom, under their {@linkplain SecretName#variable variables}. People and other
 * programs may keep entries of their own there: those, comments, order and blank lines stay as they are, byte for byte.
 *
 * <p>The file is replaced as a whole, durably, and only its owner may read it: a mode that was widened is set right by the
 * next change. Values are written so that Docker Compose and this class read all of them
 * alike; a shell does but for line breaks, and for back-ticks beside a single quote.
 *
 * <p>A file that cannot be understood fails every call with {@link InvalidDocumentException}, which names the lines and
 * never shows them. A link, a folder or a device in its place is refused with {@link ConflictException}.
 */
public final class EnvFileStore implements SecretStore {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PREFIX = "ANGEE_SECRET";
    private static final long LARGEST = 16L << 20;

    private final Path file;
    private final Path lock;
    private final Path staging;

    private EnvFileStore(Path file, Path lock) {
        this.file = file;
        this.lock = lock;
        this.staging = lock.resolveSibling(lock.getFileName() + ".new");
    }

    /**
     * The store in a file; touches nothing yet.
     *
     * @param file the env file, which need not be there
     * @param lock a file for locking: the same one for all who change this env file. In a folder beside it, new content is
     *     kept until it is whole
     */
    public static EnvFileStore at(Path file, Path lock) {
        return new EnvFileStore(file.toAbsolutePath().normalize(), lock.toAbsolutePath());
    }

    @Override
    public Optional<SecretValue> get(SecretName name) {
        return read().find(name.variable());
    }

    @Override
    public void put(SecretName name, SecretValue value) {
        change("set secret " + name, content -> set(content, name, value));
    }

    @Override
    public SecretValue putIfAbsent(SecretName name, SecretValue value) {
        String key = name.variable();
        EnvFile now = change("set secret " + name, old -> old.find(key).isPresent() ? old : old.with(key, value));
        return now.find(key).orElse(value);
    }

    @Override
    public void delete(SecretName name) {
        change("delete secret " + name, content -> content.without(name.variable()));
    }

    /** The variables of all secrets in the file; other entries are no secrets of ours. */
    @Override
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(read().values().keySet());
        keys.removeIf(key -> !key.equals(PREFIX) && !key.startsWith(PREFIX + "_"));
        return keys;
    }

    /** The {@linkplain SecretName#variable variable} of the secret. */
    @Override
    public String key(SecretName name) {
        return name.variable();
    }

    /** Also in the place of a value that is no text. */
    private static EnvFile set(EnvFile content, SecretName name, SecretValue value) {
        String key = name.variable();
        return value.reveal().equals(content.values().get(key)) ? content : content.with(key, value);
    }

    private EnvFile change(String purpose, UnaryOperator<EnvFile> edit) {
        try (FileLocks.Held held = FileLocks.take(lock, purpose, PATIENCE)) {
            held.check();
            EnvFile old = read();
            EnvFile changed = edit.apply(old);
            byte[] content = changed.content();
            removeRemains(file.getParent());
            removeRemains(staging);
            if (!Arrays.equals(content, old.content())) {
                write(content);
            } else {
                restrict();
            }
            return changed;
        }
    }

    private EnvFile read() {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return EnvFile.parse(file.toString(), new byte[0]);
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new ConflictException(
                        "secret store", file.toString(), "is a link or no file at all; name the file itself");
            }
            if (Files.size(file) > LARGEST) {
                throw new ConflictException(
                        "secret store", file.toString(), "is larger than 16 MiB, so it is no env file of ours");
            }
            return EnvFile.parse(file.toString(), Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return EnvFile.parse(file.toString(), new byte[0]); // gone since we looked
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private void restrict() {
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    && !Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
            }
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot restrict " + file + " to its owner: " + e.getMessage(), e);
        }
    }

    /** The new bytes grow beside the lock, where no commit finds them, if they can be moved from there in one step. */
    private void write(byte[] content) {
        Path folder = file.getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
                Files.createDirectories(staging);
                if (Files.getFileStore(staging).equals(Files.getFileStore(folder))) {
                    Files.setPosixFilePermissions(staging, OWNER_FOLDER);
                    AtomicFile.writePrivate(file, content, staging);
                    return;
                }
            }
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot write " + file + ": " + e.getMessage(), e);
        }
        AtomicFile.writePrivate(file, content);
    }

    /** A process that is killed while it writes leaves a copy of the secrets. */
    private void removeRemains(@Nullable Path folder) {
        if (folder == null || !Files.isDirectory(folder)) {
            return;
        }
        String start = ".tmp-" + file.getFileName() + "-";
        try (DirectoryStream<Path> remains = Files.newDirectoryStream(
                folder, path -> String.valueOf(path.getFileName()).startsWith(start))) {
            for (Path path : remains) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot tidy " + folder + ": " + e.getMessage(), e);
        }
    }

    /** The file. */
    @Override
    public String toString() {
        return "env file " + file;
    }
}
