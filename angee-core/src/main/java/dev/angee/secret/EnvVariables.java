package dev.angee.secret;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.internal.PlainFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** The variables of an env file that people write, in the same dialect as {@link EnvFileStore}. */
public final class EnvVariables {
    private static final int LARGEST = 1 << 20;

    private EnvVariables() {}

    /**
     * Reads a file; changes nothing.
     *
     * @return its variables in name order; of one that stands twice, the last
     * @throws NotFoundException if there is no such file
     * @throws InvalidDocumentException naming every line that is no entry, and never showing it
     * @throws AngeeException {@code INVALID} if it is no plain file, is larger than 1 MiB or holds values that are no text,
     *     {@code UNAVAILABLE} if it cannot be read
     */
    public static SortedMap<String, SecretValue> read(Path file) {
        try {
            EnvFile content =
                    EnvFile.parse(String.valueOf(file.getFileName()), PlainFile.read(file.toRealPath(), LARGEST));
            SortedMap<String, SecretValue> variables = new TreeMap<>();
            content.values().forEach((name, value) -> {
                if (!LosslessText.isText(value)) {
                    content.find(name); // says where it is
                }
                variables.put(name, SecretValue.of(value));
            });
            return variables;
        } catch (NoSuchFileException e) {
            throw new NotFoundException("env file", file.toString(), "make it, or remove it from 'env_file'");
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
