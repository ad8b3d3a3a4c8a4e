package dev.angee.operation;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What has been begun and not finished, on disk before the first change is made. An entry that is still there when
 * nobody holds the lock of its subject belongs to a JVM that died.
 */
public final class Journal {
    private final Path folder;
    private final Clock clock;

    /**
     * The journal in a folder.
     *
     * @param folder made when first needed
     * @param clock tells when an operation began
     */
    public Journal(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * An operation that was begun.
     *
     * @param operation what is being done
     * @param subject what it is done to: a valid name
     * @param since when it began, as ISO-8601 text
     */
    public record Entry(String operation, String subject, String since) {
        /** Refuses what was not written here. */
        public Entry {
            Objects.requireNonNull(operation);
            Objects.requireNonNull(subject);
            Instant.parse(since);
        }
    }

    /** Writes down that an operation begins; durable on return. */
    public void begin(String operation, String subject) {
        file(subject).write(new Entry(operation, subject, Instant.now(clock).toString()));
    }

    /** Strikes the operation on a subject out: it is finished, or undone. */
    public void end(String subject) {
        file(subject).delete();
    }

    /** What has been begun and not finished, by subject. */
    public List<Entry> entries() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".json"))
                    .filter(f -> !f.getFileName().toString().startsWith("."))
                    .sorted()
                    .flatMap(f -> JsonFile.at(f).read(Entry.class).stream())
                    .toList();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    private JsonFile file(String subject) {
        return JsonFile.at(folder.resolve(subject + ".json"));
    }
}
