package dev.angee.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One small state file: a record as JSON, private to its owner, written atomically. */
public final class JsonFile {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path path;

    private JsonFile(Path path) {
        this.path = path;
    }

    /** The file at a path, whether or not it is there. */
    public static JsonFile at(Path path) {
        return new JsonFile(path);
    }

    /**
     * What it holds; empty if it is not there.
     *
     * @throws AngeeException {@code FAILED} if it is there and cannot be understood
     */
    public <T> Optional<T> read(Class<T> type) {
        try {
            @Nullable T value = MAPPER.readValue(Files.readAllBytes(path), type);
            if (value == null) {
                throw new AngeeException(ErrorCode.FAILED, "state file " + path + " holds nothing; remove it");
            }
            return Optional.of(value);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new AngeeException(
                    ErrorCode.FAILED,
                    "state file " + path + " is damaged (" + e.getOriginalMessage()
                            + "); move it away, and what it knew is lost",
                    e);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /** For the constructors of state records: refuses what a newer version of this library has written. */
    public static void requireVersion(int version, int known) {
        if (version < 1 || version > known) {
            throw new IllegalArgumentException("format version " + version + "; this library knows " + known);
        }
    }

    /** Replaces what it holds; durable on return. */
    public void write(Object value) {
        try {
            AtomicFile.writePrivate(path, MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a state record: " + value.getClass(), e);
        }
    }

    /** The same; what a writer leaves that is killed is left in the staging folder, see {@link AtomicFile#writePrivate}. */
    public void write(Object value, Path staging) {
        try {
            AtomicFile.writePrivate(path, MAPPER.writeValueAsBytes(value), staging);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a state record: " + value.getClass(), e);
        }
    }

    /** Replaces what it holds, in a folder that is there; see {@link AtomicFile#writeTransient}. */
    public void writeTransient(Object value) {
        try {
            AtomicFile.writeTransient(path, MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a state record: " + value.getClass(), e);
        }
    }

    /** What {@link #write} would write, for whoever writes it together with other files. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a state record: " + value.getClass(), e);
        }
    }

    /** Removes the file; no file is no error. */
    public void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot delete " + path + ": " + e.getMessage(), e);
        }
    }
}
