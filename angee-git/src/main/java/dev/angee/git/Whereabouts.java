package dev.angee.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Ref;

/**
 * Where a worktree is, as far as somebody would move it who goes on in it: what its index holds (and not how the files of that
 * looked when they were last looked at, which any {@code git status} may write anew), what {@code HEAD} says and is at, and
 * what is unfinished.
 *
 * @param values all that by the names of {@link #KEYS}, each in one line
 */
record Whereabouts(Map<String, String> values) {
    private static final String INDEX = "index";
    private static final String HEAD = "head";
    private static final String AT = "at";

    /** What says that something is unfinished, and goes last of all that does. */
    private static final Map<String, String> UNFINISHED = Map.of(
            "merge",
            "MERGE_HEAD",
            "rebase",
            "rebase-merge/orig-head",
            "onto",
            "rebase-merge/onto",
            "place",
            "rebase-merge/done");

    static final List<String> KEYS = List.of(INDEX, HEAD, AT, "merge", "rebase", "onto", "place");

    private static final String NONE = "-";

    /** Copies the map. */
    Whereabouts {
        values = Map.copyOf(values);
    }

    static Whereabouts of(OpenWorktree open) throws IOException {
        Map<String, String> now = new LinkedHashMap<>();
        Ref head = open.repository.exactRef(Constants.HEAD);
        now.put(INDEX, index(open));
        now.put(HEAD, open.headText());
        now.put(
                AT,
                head == null || head.getObjectId() == null
                        ? NONE
                        : head.getObjectId().name());
        UNFINISHED.forEach((key, file) ->
                now.put(key, open.record.text(file).map(Whereabouts::hash).orElse(NONE)));
        return new Whereabouts(now);
    }

    private static String index(OpenWorktree open) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            DirCache index = open.repository.readDirCache();
            for (int i = 0; i < index.getEntryCount(); i++) {
                DirCacheEntry entry = index.getEntry(i);
                text.append(entry.getRawMode())
                        .append(' ')
                        .append(entry.getObjectId().name());
                text.append(' ')
                        .append(entry.getStage())
                        .append(' ')
                        .append(entry.getPathString())
                        .append('\0');
            }
        } catch (CorruptObjectException e) {
            return NONE; // Whoever made it so is no git.
        }
        return hash(text.toString());
    }

    private static String hash(String text) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            ObjectId id = formatter.idFor(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
            return id.name();
        }
    }

    boolean hasSameIndexAs(Whereabouts other) {
        return is(INDEX, other);
    }

    /** Whether {@code HEAD} is as it was, or says what it was to say. */
    boolean isOnTheWayFrom(Whereabouts then, PendingChange change) {
        String says = values.getOrDefault(HEAD, "");
        return (is(HEAD, then) && is(AT, then)) || change.headTo().equals(Optional.of(says));
    }

    /** Whether just that is unfinished which was then. */
    boolean hasSameUnfinishedAs(Whereabouts then) {
        return UNFINISHED.keySet().stream().allMatch(key -> is(key, then));
    }

    /** The same, where some of it may have been forgotten since. */
    boolean hasNothingElseUnfinished(Whereabouts then) {
        return UNFINISHED.keySet().stream().allMatch(key -> is(key, then) || NONE.equals(values.get(key)));
    }

    private boolean is(String key, Whereabouts other) {
        return values.getOrDefault(key, "").equals(other.values.getOrDefault(key, "?"));
    }
}
