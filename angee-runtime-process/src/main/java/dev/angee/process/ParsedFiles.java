package dev.angee.process;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads small files of state, and parses each only when it is another than before: every write makes a new file.
 * Thread-safe.
 */
final class ParsedFiles<T> {
    private final Function<ObjectNode, T> parser;
    private final Map<Path, Parsed<T>> known = new ConcurrentHashMap<>();

    /** Uses a parser that throws {@link IllegalArgumentException} for what it does not understand. */
    ParsedFiles(Function<ObjectNode, T> parser) {
        this.parser = parser;
    }

    /** What was read, with what tells its file from later ones in the same place. */
    private record Parsed<T>(@Nullable Object fileKey, FileTime modified, long size, T value) {
        boolean isOf(BasicFileAttributes file) {
            return file.fileKey() != null
                    && file.fileKey().equals(fileKey)
                    && file.lastModifiedTime().equals(modified)
                    && file.size() == size;
        }
    }

    /**
     * What is in a file, if there is one.
     *
     * @throws AngeeException {@code UNAVAILABLE} if it cannot be understood
     */
    Optional<T> read(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Parsed<T> before = known.get(file);
            if (before != null && before.isOf(attributes)) {
                return Optional.of(before.value());
            }
            Optional<T> value = JsonFile.at(file).read(ObjectNode.class).map(parser);
            value.ifPresent(read -> known.put(
                    file, new Parsed<>(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size(), read)));
            return value;
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | AngeeException | IllegalArgumentException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Forgets what was in the folders below one, but for these. */
    void keepOnly(Path parent, Set<Path> folders) {
        known.keySet().removeIf(file -> file.startsWith(parent) && !folders.contains(file.getParent()));
    }
}
