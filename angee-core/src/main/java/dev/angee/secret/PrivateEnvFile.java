package dev.angee.secret;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An env file that hands secrets to a program, for as long as the program reads it: only its owner may read it or the
 * folder it is in, and it is gone when it is closed. It is in the dialect that Docker Compose reads as we do.
 *
 * <p>Whoever writes it holds a lock, so that there is one at a time. What a killed process has left is replaced by the next
 * {@link #write}, or removed by {@link #discard}; a file that is not of this kind is never touched.
 */
public final class PrivateEnvFile implements AutoCloseable {
    private static final String HEADER = "# Secrets on their way to a program; Angee removes this file.\n";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path path;

    private PrivateEnvFile(Path path) {
        this.path = path;
    }

    /**
     * Writes the file.
     *
     * @param path the file, in a folder of its own, which is made if needed and closed to others
     * @param variables exactly what it shall hold
     * @throws ConflictException if another file, or a link, is in its place
     * @throws InvalidInputException if a name is none for a variable, or a value holds a NUL character
     */
    public static PrivateEnvFile write(Path path, Map<String, SecretValue> variables) {
        StringBuilder content = new StringBuilder(HEADER);
        new TreeMap<>(variables).forEach((name, value) -> {
            if (!VARIABLE.matcher(name).matches()) {
                throw new InvalidInputException("variable", "'" + name + "' is no name: use letters, digits and '_'");
            }
            if (value.reveal().indexOf('\0') >= 0) {
                throw new InvalidInputException(
                        "variable " + name, "holds a NUL character, which no variable can have");
            }
            content.append(name)
                    .append('=')
                    .append(EnvQuoting.quote(value.reveal()))
                    .append('\n');
        });
        Path file = path.toAbsolutePath().normalize();
        try {
            closeToOthers(file);
            requireOurs(file);
            AtomicFile.writePrivate(file, content.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot write " + file + ": " + e.getMessage(), e);
        }
        return new PrivateEnvFile(file);
    }

    /**
     * Removes what a killed process has left; nothing there is no error.
     *
     * @throws ConflictException if another file, or a link, is in its place
     */
    public static void discard(Path path) {
        try {
            requireOurs(path);
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot remove " + path + ": " + e.getMessage(), e);
        }
    }

    private static void closeToOthers(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new InvalidInputException("file", file + " is not a file");
        }
        if (Files.isSymbolicLink(folder)) {
            throw new ConflictException("folder", folder.toString(), "is a link; name the folder itself");
        }
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        if (!Files.getPosixFilePermissions(folder).equals(OWNER_ONLY)) {
            Files.setPosixFilePermissions(folder, OWNER_ONLY);
        }
    }

    private static void requireOurs(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
        boolean ours = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        if (ours) {
            try (InputStream in = Files.newInputStream(file)) {
                ours = Arrays.equals(in.readNBytes(header.length), header);
            }
        }
        if (!ours) {
            throw new ConflictException(
                    "file", file.toString(), "is in the place of a file that hands over secrets; move it away");
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Removes the file; safe to call twice. */
    @Override
    public void close() {
        discard(path);
    }

    /** Where it is. */
    @Override
    public String toString() {
        return path.toString();
    }
}
