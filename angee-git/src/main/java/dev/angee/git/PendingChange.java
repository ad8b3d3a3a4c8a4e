package dev.angee.git;

import dev.angee.ConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * A change of a worktree that is to be done wholly or not at all: what of it counts, and what it was before. All there is to
 * it are ids and names, so that a process that knows nothing else can take it back or end it.
 */
final class PendingChange {
    private static final String NONE = "-";

    private final Map<String, String> values;
    private final Path origin;

    private PendingChange(Map<String, String> values, Path origin) {
        this.values = values;
        this.origin = origin;
    }

    /** One that is described in a few words, for people. */
    static PendingChange of(String doing) {
        return new PendingChange(
                new LinkedHashMap<>(Map.of("doing", doing.replaceAll("\\p{Cntrl}", " "))), Path.of("entry"));
    }

    /** Of files, from those of a tree to those of another. */
    PendingChange files(ObjectId from, ObjectId to) {
        return with("from", from.name()).with("to", to.name());
    }

    /** Of the index alone: the files are as they are. */
    PendingChange ofIndex() {
        return with("index", "alone");
    }

    /** Of where a branch, or {@code HEAD}, is: once it is there, the change counts. */
    PendingChange moving(String ref, ObjectId from, ObjectId to) {
        return with("ref", ref).with("ref-from", from.name()).with("ref-to", to.name());
    }

    /** Of what {@code HEAD} says. */
    PendingChange head(String from, String to) {
        return with("head-from", from).with("head-to", to);
    }

    /** Of what is unfinished in the worktree. */
    PendingChange standing(Standing from, Standing to) {
        return with("standing-from", from.name()).with("standing-to", to.name());
    }

    /** Of a rebase that goes on from the commit that has this place in its list. */
    PendingChange goingOnFrom(int place) {
        return standing(Standing.REBASE, Standing.REBASE).with("place", Integer.toString(place));
    }

    /** In the worktree of this record, and in none that has its place later. */
    PendingChange in(AdminFolder record) throws IOException {
        return with("record", key(record));
    }

    /** From where all of that was then. */
    PendingChange beginningAt(Whereabouts then) {
        PendingChange more = this;
        for (Map.Entry<String, String> each : then.values().entrySet()) {
            more = more.with("was-" + each.getKey(), each.getValue());
        }
        return more;
    }

    /** Where all was when it began; nowhere, if nobody has written that down. */
    Whereabouts began() {
        Map<String, String> then = new LinkedHashMap<>();
        for (String key : Whereabouts.KEYS) {
            then.put(key, values.getOrDefault("was-" + key, ""));
        }
        return new Whereabouts(then);
    }

    private static String key(AdminFolder record) throws IOException {
        // Not its device's number, which may be another one after the machine was started again.
        return String.valueOf(Files.getAttribute(record.folder(), "unix:ino", LinkOption.NOFOLLOW_LINKS));
    }

    private PendingChange with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(key, value);
        return new PendingChange(more, origin);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        values.forEach(
                (key, value) -> text.append(key).append(' ').append(value).append('\n'));
        return text.toString();
    }

    /** What was written down in a place. */
    static PendingChange parse(String text, Path origin) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        return new PendingChange(values, origin);
    }

    boolean isIn(AdminFolder record) throws IOException {
        return key(record).equals(values.get("record"));
    }

    String doing() {
        return values.getOrDefault("doing", "a change");
    }

    Optional<ObjectId> from() {
        return id("from");
    }

    Optional<ObjectId> to() {
        return id("to");
    }

    /** Whether an index that is whole is to take its place once the change counts. */
    boolean hasIndex() {
        return to().isPresent() || values.containsKey("index");
    }

    Optional<String> ref() {
        return Optional.ofNullable(values.get("ref"));
    }

    Optional<ObjectId> refFrom() {
        return id("ref-from");
    }

    Optional<ObjectId> refTo() {
        return id("ref-to");
    }

    Optional<String> headFrom() {
        return Optional.ofNullable(values.get("head-from"));
    }

    Optional<String> headTo() {
        return Optional.ofNullable(values.get("head-to"));
    }

    Standing standingFrom() {
        return Standing.named(values.get("standing-from"));
    }

    Standing standingTo() {
        return Standing.named(values.get("standing-to"));
    }

    int place() {
        String place = values.getOrDefault("place", NONE);
        if (!place.matches("\\d{1,7}")) {
            throw damaged("place");
        }
        return Integer.parseInt(place);
    }

    private Optional<ObjectId> id(String key) {
        String value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!ObjectId.isId(value)) {
            throw damaged(key);
        }
        return Optional.of(ObjectId.fromString(value));
    }

    private ConflictException damaged(String key) {
        return new ConflictException(
                "cache's part", origin.toString(), "was changed by somebody (see '" + key + "'); remove it");
    }

    /** What is unfinished in a worktree. */
    enum Standing {
        NOTHING,
        MERGE,
        REBASE;

        static Standing named(@Nullable String name) {
            for (Standing each : values()) {
                if (each.name().equals(name)) {
                    return each;
                }
            }
            return NOTHING;
        }
    }
}
