package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.AtomicFile;
import dev.angee.internal.FileLocks;
import dev.angee.internal.FileTree;
import dev.angee.internal.JsonFile;
import dev.angee.workload.OnOwnerExit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one stack, and beside each the log and the exit code of its process:
 *
 * <pre>
 *   run/processes/.lock                        who changes services now
 *   run/processes/.step                        who starts something, or tells it to end, this very moment
 *   run/processes/.supervisor                  who supervises
 *   run/processes/.token                       the same, for shells to compare; a new one for each who takes over
 *   run/processes/.logs                        the logs to be kept bounded
 *   run/processes/.unsupervised                since when nobody does, while services run
 *   run/processes/services/NAME/record.json    the latest start
 *   run/processes/services/NAME/findings.json  what the supervisor has found out about it
 *   run/processes/services/NAME/log.FIRST      what it has written since it is known; beside it what is needed to bound it
 *   run/processes/services/NAME/exit.START     the exit code of that start, once it has ended
 *   run/processes/services/NAME/owner.START    with whom it is to end, if it is
 *   run/processes/services/NAME/ended.START    that it was told to end, because that one is gone
 *   run/processes/.jobs.lock                   who changes records of jobs now
 *   run/processes/jobs/NAME.START/…            the same for each run of a job, and what {@link JobRecords} keeps of it
 * </pre>
 *
 * <p>Only their owner may read them: records hold environments. Thread-safe; who writes a record of a service holds the
 * lock of a step.
 */
final class RecordStore {
    private static final Logger LOG = LoggerFactory.getLogger(RecordStore.class);
    static final String RECORD = "record.json";
    private static final String FINDINGS = "findings.json";

    /** What is there of a run of a job that has ended with all it has started. */
    static final String RESULT = "result.json";

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    private static final int LONGEST_NAME = 150;
    private static final int DELETE_TRIES = 3;
    private static final int OWNER_WORDS = 6;
    private static final Duration STEP_PATIENCE = Duration.ofSeconds(30);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path run;
    private final Path folder;
    private final ParsedFiles<ProcessRecord> records = new ParsedFiles<>(RecordJson::read);
    private final ParsedFiles<Findings> findings = new ParsedFiles<>(Findings::of);

    RecordStore(Path root) {
        this.run = root.resolve("run");
        this.folder = run.resolve("processes");
    }

    /** The lock file, in a folder that is there. */
    Path lockFile() {
        makePrivate(folder);
        return folder.resolve(".lock");
    }

    /**
     * Takes the lock of a step: a few milliseconds in which a record is looked at and written, and perhaps a process
     * started. Whoever changes services takes one after the other, the supervisor too when it starts one again.
     */
    FileLocks.Held step(String purpose) throws InterruptedException {
        return FileLocks.await(folder.resolve(".step"), purpose, STEP_PATIENCE);
    }

    /** The lock file of the one who supervises, in a folder that is there. */
    Path supervisorFile() {
        makePrivate(folder);
        return folder.resolve(".supervisor");
    }

    /** The folder that holds it all, which may not be there. */
    Path folder() {
        return folder;
    }

    /** The file with the token of the one who supervises, or did so last. */
    Path tokenFile() {
        return folder.resolve(".token");
    }

    /** The file that lists the logs to be kept bounded, for when nobody supervises. */
    Path listingFile() {
        return folder.resolve(".logs");
    }

    /** The file that says since when nobody supervises. */
    Path sinceFile() {
        return folder.resolve(".unsupervised");
    }

    /** The lock file of those who change records of jobs, in a folder that is there. */
    Path jobsLockFile() {
        makePrivate(folder);
        return folder.resolve(".jobs.lock");
    }

    /** Whether anything was ever started here. */
    boolean exists() {
        return Files.isDirectory(folder);
    }

    /** The records of all services, in name order. */
    List<ProcessRecord> services() {
        return services(failure -> {
            throw failure;
        });
    }

    /** The same, but for those that cannot be read. */
    List<ProcessRecord> services(Consumer<AngeeException> damaged) {
        return records(servicesFolder(), damaged);
    }

    /** The record of one service, if it is known. */
    Optional<ProcessRecord> service(String name) {
        return read(servicesFolder().resolve(fileName(name)));
    }

    /** The records of all runs of jobs, whether they have ended or not. */
    List<ProcessRecord> jobs(Consumer<AngeeException> damaged) {
        return records(jobsFolder(), damaged);
    }

    /**
     * The same.
     *
     * @param damaged gets the folder of each that cannot be read, and why
     */
    List<ProcessRecord> jobs(BiConsumer<Path, AngeeException> damaged) {
        return records(jobsFolder(), damaged);
    }

    /** The records of all services, then of all jobs that run, or ran when their JVM died. */
    List<ProcessRecord> everything(Consumer<AngeeException> damaged) {
        List<ProcessRecord> all = new ArrayList<>(records(servicesFolder(), damaged));
        jobs(damaged).stream().filter(record -> !Files.exists(result(record))).forEach(all::add);
        return all;
    }

    /** The latest record of a service or job, if it is known still. */
    Optional<ProcessRecord> latest(ProcessRecord record) {
        return read(place(record));
    }

    /** What was found out about this very start. */
    Findings findings(ProcessRecord record) {
        try {
            return findings.read(place(record).resolve(FINDINGS))
                    .filter(found -> found.marker().equals(record.marker()))
                    .orElse(Findings.none(record.marker()));
        } catch (AngeeException e) {
            LOG.debug("what was found out about {} is lost", record.name(), e); // it is found out again
            return Findings.none(record.marker());
        }
    }

    /** Keeps what was found out, for as long as the machine runs. Nothing is kept of what is forgotten. */
    void write(ProcessRecord record, Findings findings) {
        Path place = place(record);
        if (Files.isDirectory(place)) {
            JsonFile.at(place.resolve(FINDINGS)).writeTransient(findings.toJson());
        }
    }

    /**
     * Keeps what has become of a start that is on record, for as long as the machine runs: after that, all that matters is
     * that it was to be started. What was forgotten meanwhile is not brought back.
     */
    void update(ProcessRecord record) {
        Path place = place(record);
        if (Files.exists(place.resolve(RECORD))) {
            JsonFile.at(place.resolve(RECORD)).writeTransient(RecordJson.write(record));
        }
    }

    /** Keeps a record; durable on return. */
    void write(ProcessRecord record) {
        JsonFile.at(makePlace(record).resolve(RECORD)).write(RecordJson.write(record));
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
            deleteIfPossible(parent);
        }
        deleteIfPossible(sinceFile());
        deleteIfPossible(listingFile());
    }

    private static void deleteIfPossible(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("still in use: {}", path, e);
        }
    }

    private boolean isKept(Path place, Predicate<ProcessRecord> kept) {
        try {
            return !Files.exists(place.resolve(RESULT))
                    && read(place).filter(kept).isPresent();
        } catch (AngeeException e) {
            LOG.warn("forgetting a record: {}", e.getMessage());
            return false;
        }
    }

    /** The file that says how a run of a job has ended. */
    Path result(ProcessRecord record) {
        return place(record).resolve(RESULT);
    }

    Path log(ProcessRecord record) {
        return place(record).resolve(record.log());
    }

    Path exitFile(ProcessRecord record) {
        return place(record).resolve("exit." + record.marker().last());
    }

    /** Deletes what the start before has left behind, but for its log. */
    void clear(ProcessRecord before) {
        try {
            for (String kind : List.of("exit.", "owner.", "ended.")) {
                Files.deleteIfExists(
                        place(before).resolve(kind + before.marker().last()));
            }
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot delete what '" + before.name() + "' has left: " + e.getMessage(), e);
        }
    }

    /** Says who supervises from now on: the one whose keeper has this token. */
    void supervisedBy(String token) {
        AtomicFile.writePrivate(tokenFile(), (token + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Binds a start to this JVM: it is to end with the term of a keeper. Read by {@link KeeperScript} too.
     *
     * @param token of the keeper
     * @param grace how long it may take to end
     */
    void bind(ProcessRecord record, String token, Duration grace) {
        ProcessId ourselves = ProcTable.ourselves();
        String line = String.join(
                " ",
                token,
                record.marker().value(),
                Signal.toEnd(record.workload()).name(),
                Long.toString(grace.toMillis() / 100),
                Long.toString(ourselves.pid()),
                Long.toString(ourselves.startTicks()));
        AtomicFile.writeTransient(ownerFile(record), (line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether a start of this run of the machine was bound to a JVM that does not run any more. */
    boolean hasLostOwner(ProcessRecord record) {
        if (record.workload().lifecycle().onOwnerExit() != OnOwnerExit.STOP) {
            return false;
        }
        List<String> words = firstLine(ownerFile(record))
                .map(line -> List.of(line.split(" ", -1)))
                .orElse(List.of());
        try {
            return words.size() == OWNER_WORDS
                    && !ProcTable.isAlive(new ProcessId(
                            Long.parseLong(words.get(OWNER_WORDS - 2)), Long.parseLong(words.get(OWNER_WORDS - 1))));
        } catch (NumberFormatException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot understand " + ownerFile(record) + "; stop the service", e);
        }
    }

    /** Whether a start was told to end because the one it was bound to was gone. */
    boolean wasEndedWithOwner(ProcessRecord record) {
        return record.workload().lifecycle().onOwnerExit() == OnOwnerExit.STOP
                && Files.exists(place(record).resolve("ended." + record.marker().last()));
    }

    private Path ownerFile(ProcessRecord record) {
        return place(record).resolve("owner." + record.marker().last());
    }

    /** Since when nobody supervises; empty if somebody does, or nobody ever did. */
    Optional<String> unsupervisedSince() {
        String token = firstLine(tokenFile()).orElse("");
        return firstLine(sinceFile())
                .filter(line -> !token.isEmpty() && line.startsWith(token + " "))
                .map(line -> line.substring(token.length() + 1));
    }

    private static Optional<String> firstLine(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).lines().findFirst();
        } catch (IOException e) {
            return Optional.empty(); // not there, or gone meanwhile
        }
    }

    /** When the exit code was left behind; empty if none was. */
    Optional<Instant> exitTime(ProcessRecord record) {
        try {
            return Optional.of(Files.getLastModifiedTime(exitFile(record)).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Leaves an exit code behind for a start that came to nothing. */
    void writeExit(ProcessRecord record, int code) {
        AtomicFile.writePrivate(exitFile(record), (code + "\n").getBytes(StandardCharsets.US_ASCII));
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

    /** The folder of a record, made if need be. */
    Path makePlace(ProcessRecord record) {
        Path place = place(record);
        if (!Files.isDirectory(place)) {
            makePrivate(place);
        }
        return place;
    }

    Path place(ProcessRecord record) {
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

    private List<ProcessRecord> records(Path parent, Consumer<AngeeException> damaged) {
        return records(parent, (place, failure) -> damaged.accept(failure));
    }

    private List<ProcessRecord> records(Path parent, BiConsumer<Path, AngeeException> damaged) {
        List<ProcessRecord> found = new ArrayList<>();
        List<Path> places = children(parent);
        for (Path place : places) {
            try {
                read(place).ifPresent(found::add);
            } catch (AngeeException e) {
                damaged.accept(place, e);
            }
        }
        records.keepOnly(parent, Set.copyOf(places));
        findings.keepOnly(parent, Set.copyOf(places));
        found.sort(Comparator.comparing(ProcessRecord::name));
        return found;
    }

    private Optional<ProcessRecord> read(Path place) {
        try {
            return records.read(place.resolve(RECORD));
        } catch (AngeeException e) {
            throw new AngeeException(
                    e.code(),
                    "a process record: " + e.getMessage() + "; 'down' ends its processes all the same, and forgets it",
                    e);
        }
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
