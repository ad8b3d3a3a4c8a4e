package dev.angee.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.AtomicFile;
import dev.angee.internal.JsonFile;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What is kept of the runs of container jobs, for their owner only: a folder {@code run/compose/jobs/JOB.ID} for each, with
 *
 * <pre>
 *   caller.json    the JVM that waits for its end, as long as it does
 *   record.json    what was begun: with it, a run is known, and without it forgotten
 *   ending.json    why it is being ended, if somebody does
 *   output         the last lines that it has written, once it has ended
 *   result.json    how it ended: the last that is written
 * </pre>
 *
 * Writers hold the jobs' lock; reading writes nothing.
 */
final class RunStore {
    private static final String CALLER = "caller.json";
    private static final String RECORD = "record.json";
    private static final String ENDING = "ending.json";
    private static final String RESULT = "result.json";
    private static final String OUTPUT = "output";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path folder;

    RunStore(ComposeProject project) {
        this.folder = project.run().resolve("compose").resolve("jobs");
    }

    Path lockFile() {
        return folder.resolveSibling("jobs.lock");
    }

    /** Where a run is kept. */
    Path place(RunRecord run) {
        return folder.resolve(URLEncoder.encode(run.job(), StandardCharsets.UTF_8) + "." + run.id());
    }

    /** The id of the run that is kept there. */
    static String id(Path place) {
        String name = String.valueOf(place.getFileName());
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The job of the run that is kept there. */
    static String job(Path place) {
        String name = String.valueOf(place.getFileName());
        String encoded = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return encoded; // not a name that we have given
        }
    }

    /** Where runs are kept, also one that is being begun or was half forgotten. */
    List<Path> places() {
        List<Path> places = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    places.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw unreadable(folder, e);
        }
        return places;
    }

    boolean isKnown(Path place) {
        return Files.exists(place.resolve(RECORD), LinkOption.NOFOLLOW_LINKS);
    }

    boolean hasResult(Path place) {
        return Files.exists(place.resolve(RESULT), LinkOption.NOFOLLOW_LINKS);
    }

    Optional<RunRecord> record(Path place) {
        Optional<RunRecord> record = read(place.resolve(RECORD), RunRecord::read);
        if (record.isPresent() && !place(record.get()).equals(place)) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    place.resolve(RECORD) + " is the record of another run; 'down' forgets it, or remove it");
        }
        return record;
    }

    Optional<RunCaller> caller(Path place) {
        return read(place.resolve(CALLER), RunCaller::read);
    }

    Optional<RunEnding> ending(Path place) {
        return read(place.resolve(ENDING), RunEnding::read);
    }

    Optional<RunResult> result(Path place) {
        return read(place.resolve(RESULT), RunResult::read);
    }

    /** The last lines of a run that has ended. */
    Optional<String> output(Path place) {
        try {
            return Optional.of(Files.readString(place.resolve(OUTPUT)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(place.resolve(OUTPUT), e);
        }
    }

    /** Puts a run on record; the record itself last. */
    void begin(RunRecord run, RunCaller caller) {
        Path place = place(run);
        try {
            Files.createDirectories(place);
            Files.setPosixFilePermissions(folder, OWNER_ONLY);
            Files.setPosixFilePermissions(place, OWNER_ONLY);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make " + place + ": " + e.getMessage(), e);
        }
        write(place, CALLER, caller.write());
        write(run);
    }

    void write(RunRecord run) {
        write(place(run), RECORD, run.write());
    }

    void write(RunRecord run, RunEnding why) {
        write(place(run), ENDING, why.write());
    }

    /** The result is there only when the output is. */
    void write(RunRecord run, RunResult result, String output) {
        AtomicFile.writePrivate(place(run).resolve(OUTPUT), output.getBytes(StandardCharsets.UTF_8));
        write(place(run), RESULT, result.write());
    }

    /** Nobody waits for it any more. */
    void leave(RunRecord run) {
        JsonFile.at(place(run).resolve(CALLER)).delete();
    }

    /** Forgets a run; half of it when interrupted by death, which then is no run any more. */
    void forget(Path place) {
        try {
            Files.deleteIfExists(place.resolve(RECORD));
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
                    for (Path file : files) {
                        Files.deleteIfExists(file);
                    }
                }
            }
            Files.deleteIfExists(place);
        } catch (IOException | DirectoryIteratorException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot remove " + place + ": " + e.getMessage(), e);
        }
    }

    private static void write(Path place, String name, ObjectNode json) {
        JsonFile.at(place.resolve(name)).write(json);
    }

    private static <R> Optional<R> read(Path file, Function<JsonNode, R> parser) {
        try {
            return JsonFile.at(file).read(ObjectNode.class).map(parser);
        } catch (AngeeException | IllegalArgumentException | DateTimeException e) {
            throw unreadable(file, e);
        }
    }

    private static AngeeException unreadable(Path file, Exception e) {
        return new AngeeException(
                ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage() + "; 'down' forgets it", e);
    }
}
