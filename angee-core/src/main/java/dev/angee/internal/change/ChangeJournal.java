package dev.angee.internal.change;

import dev.angee.internal.FolderRemoval;
import dev.angee.internal.HeldFolder;
import dev.angee.internal.JsonFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where a change is written down, durably, for as long as it takes: a file that is written once, and whose ending says how
 * far the change is. Going on is one renaming, for which a full disk has room too.
 */
final class ChangeJournal {
    private static final String SUBJECT = "[A-Za-z0-9][A-Za-z0-9_.-]{0,99}";

    private final Path folder;
    private final String subject;
    private Phase phase = Phase.STAGING;

    ChangeJournal(Path folder, String subject) {
        if (!subject.matches(SUBJECT)) {
            throw new IllegalArgumentException("not a subject of changes: '" + subject + "'");
        }
        this.folder = folder;
        this.subject = subject;
    }

    /** How far a change is. */
    enum Phase {
        /** What is to be there is being put beside what is there; nothing else has changed. */
        STAGING,
        /** All is there under its own name or another, and from here the way leads to both ends. */
        MOVING,
        /** All is made; what was there before is removed. */
        TIDYING;

        private String ending() {
            return "." + name().toLowerCase(Locale.ROOT);
        }
    }

    Phase phase() {
        return phase;
    }

    private Path file(Phase which) {
        return folder.resolve(subject + which.ending());
    }

    /** What was written down, if something was and its change has not ended. */
    Optional<ChangeRecord> read() {
        for (Phase each : Phase.values()) {
            Optional<ChangeRecord> record = JsonFile.at(file(each)).read(ChangeRecord.class);
            if (record.isPresent()) {
                phase = each;
                return record;
            }
        }
        return Optional.empty();
    }

    boolean isThere() {
        return List.of(Phase.values()).stream().anyMatch(each -> Files.exists(file(each), LinkOption.NOFOLLOW_LINKS));
    }

    /** Makes the folder where links and folders are made, empty. */
    void prepare() throws IOException {
        Files.createDirectories(folder);
        FolderRemoval.of(workshopPath());
        Files.createDirectory(workshopPath());
    }

    void begin(ChangeRecord record) {
        JsonFile.at(file(Phase.STAGING)).write(record, workshopPath());
    }

    /** Goes on, or back; durable on return. */
    void go(Phase to) throws IOException {
        if (to != phase) {
            Files.move(file(phase), file(to), StandardCopyOption.ATOMIC_MOVE);
            phase = to;
        }
        sync();
    }

    /** Forgets it; durable on return. */
    void end() throws IOException {
        FolderRemoval.of(workshopPath());
        Files.deleteIfExists(file(phase));
        sync();
    }

    /** What a process left that died before it wrote anything down. */
    void sweep() throws IOException {
        FolderRemoval.of(workshopPath());
    }

    private void sync() throws IOException {
        try (HeldFolder held = HeldFolder.at(folder)) {
            held.sync();
        }
    }

    /** The folder where links and folders are made; also if somebody has removed it. */
    HeldFolder workshop() throws IOException {
        Files.createDirectories(workshopPath());
        return HeldFolder.at(workshopPath());
    }

    private Path workshopPath() {
        return folder.resolve(subject + ".parts");
    }

    /** The subjects with one. */
    static List<String> subjects(Path folder) throws IOException {
        TreeSet<String> subjects = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                List.of(Phase.values()).stream()
                        .filter(each -> name.endsWith(each.ending()))
                        .map(each ->
                                name.substring(0, name.length() - each.ending().length()))
                        .filter(each -> each.matches(SUBJECT))
                        .forEach(subjects::add);
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return List.copyOf(subjects);
    }
}
