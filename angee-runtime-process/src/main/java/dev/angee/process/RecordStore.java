package dev.angee.process;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.FileTree;
import dev.angee.internal.JsonFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one stack, and beside each the log and the exit code of its process:
 *
 * <pre>
 *   run/processes/.lock                        who changes services now
 *   run/processes/services/NAME/record.json    the latest start
 *   run/processes/services/NAME/log.FIRST      all it has written since it is known
 *   run/processes/services/NAME/exit.START     the exit code of that start, once it has ended
 *   run/processes/jobs/NAME.START/…            the same for each job that runs
 * </pre>
 *
 * <p>Only their owner may read them: records hold environments. Thread-safe as far as records of different names are
 * written; writers of one service hold the lock.
 */
final class RecordStore {
    private static final Logger LOG = LoggerFactory.getLogger(RecordStore.class);
    private static final String RECORD = "record.json";
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    private static final int LONGEST_NAME = 150;
    private static final int DELETE_TRIES = 3;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path run;
    private final Path folder;

    RecordStore(Path root) {
        this.run = root.resolve("run");
        this.folder = run.resolve("processes");
    }

    /** The lock file, in a folder that is there. */
    Path lockFile() {
        makePrivate(folder);
        return folder.resolve(".lock");
    }

    /** Whether anything was ever started here. */
    boolean exists() {
        return Files.isDirectory(folder);
    }

    /** The records of all services, in name order. */
    List<ProcessRecord> services() {
        return records(servicesFolder(), failure -> {
            throw failure;
        });
    }

    /** The records of all services, then of all jobs that run, or ran when their JVM died. */
    List<ProcessRecord> everything(Consumer<AngeeException> damaged) {
        List<ProcessRecord> all = new ArrayList<>(records(servicesFolder(), damaged));
        all.addAll(records(jobsFolder(), damaged));
        return all;
    }

    /** Keeps a record; durable on return. */
    void write(ProcessRecord record) {
        Path place = place(record);
        makePrivate(place);
        JsonFile.at(place.resolve(RECORD)).write(RecordJson.write(record));
    }

    /** Deletes all there is about a service or job. */
    void forget(ProcessRecord record) {
        delete(place(record));
    }

    /**
     * Deletes everything but the lock, also what cannot be read.
     *
     * @param kept whose records to keep
     */
    void forgetAllBut(Predicate<ProcessRecord> kept) {
        for (Path parent : List.of(servicesFolder(), jobsFolder())) {
            for (Path place : children(parent)) {
                if (!isKept(place, kept)) {
                    delete(place);
                }
            }
            try {
                Files.deleteIfExists(parent);
            } catch (IOException e) {
                LOG.debug("still in use: {}", parent, e);
            }
        }
    }

    private static boolean isKept(Path place, Predicate<ProcessRecord> kept) {
        try {
            return read(place.resolve(RECORD)).filter(kept).isPresent();
        } catch (AngeeException e) {
            LOG.warn("forgetting a record: {}", e.getMessage());
            return false;
        }
    }

    Path log(ProcessRecord record) {
        return place(record).resolve(record.log());
    }

    Path exitFile(ProcessRecord record) {
        return place(record).resolve("exit." + record.marker().last());
    }

    /** Deletes what the start before has left behind, but for its log. */
    void clearExit(ProcessRecord before) {
        try {
            Files.deleteIfExists(exitFile(before));
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot delete " + exitFile(before) + ": " + e, e);
        }
    }

    /** The exit code that was left behind. What has no line break yet is still being written. */
    OptionalInt exitCode(ProcessRecord record) {
        try {
            String text = Files.readString(exitFile(record), StandardCharsets.US_ASCII);
            return text.endsWith("\n") ? OptionalInt.of(Integer.parseInt(text.strip())) : OptionalInt.empty();
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private Path servicesFolder() {
        return folder.resolve("services");
    }

    private Path jobsFolder() {
        return folder.resolve("jobs");
    }

    private Path place(ProcessRecord record) {
        String name = fileName(record.name());
        return record.workload().isJob()
                ? jobsFolder().resolve(name + "." + record.marker().last())
                : servicesFolder().resolve(name);
    }

    /** Any name as a file name: letters, digits, dashes and underscores stay, other bytes become {@code %XX}. */
    private static String fileName(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            encoded.append(PLAIN.indexOf(c) >= 0 ? Character.toString(c) : String.format("%%%02X", (int) c));
        }
        if (encoded.isEmpty() || encoded.length() > LONGEST_NAME) {
            throw new InvalidInputException("name", "'" + name + "' is empty or too long to be kept");
        }
        return encoded.toString();
    }

    private static List<ProcessRecord> records(Path parent, Consumer<AngeeException> damaged) {
        List<ProcessRecord> records = new ArrayList<>();
        for (Path place : children(parent)) {
            try {
                read(place.resolve(RECORD)).ifPresent(records::add);
            } catch (AngeeException e) {
                damaged.accept(e);
            }
        }
        records.sort(Comparator.comparing(ProcessRecord::name));
        return records;
    }

    private static List<Path> children(Path parent) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> places = Files.newDirectoryStream(parent)) {
            places.forEach(children::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot list " + parent + ": " + e.getMessage(), e);
        }
        return children;
    }

    private static Optional<ProcessRecord> read(Path file) {
        try {
            return JsonFile.at(file).read(ObjectNode.class).map(RecordJson::read);
        } catch (AngeeException | IllegalArgumentException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    "cannot read the process record " + file + ": " + e.getMessage()
                            + "; 'down' ends its processes all the same, and forgets it",
                    e);
        }
    }

    private void makePrivate(Path place) {
        try {
            Files.createDirectories(run);
            Files.createDirectories(place, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            for (Path made = place;
                    made.startsWith(folder);
                    made = made.resolve("..").normalize()) {
                if (!Files.getPosixFilePermissions(made).equals(OWNER_ONLY)) {
                    Files.setPosixFilePermissions(made, OWNER_ONLY); // it may be older than this rule, or widened since
                }
            }
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make " + place + ": " + e.getMessage(), e);
        }
    }

    /** A job's folder is deleted by whoever runs it and by {@code down}, perhaps at the same moment. */
    private static void delete(Path place) {
        for (int attempt = 1; Files.exists(place); attempt++) {
            try {
                FileTree.delete(place);
            } catch (AngeeException e) {
                if (attempt == DELETE_TRIES) {
                    throw e;
                }
            }
        }
    }
}
