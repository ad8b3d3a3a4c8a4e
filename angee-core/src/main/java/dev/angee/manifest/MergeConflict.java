package dev.angee.manifest;

import dev.angee.document.Place;
import java.util.List;
import java.util.Optional;

/**
 * A thing that both sides changed, each in its own way. A token of {@code secrets_backend} is {@code ***} in what a merge
 * reports, and so is what stands where another side refers to a secret; the places say where to find it.
 *
 * @param path the keys that lead to it
 * @param reason what is wrong
 * @param base what it was, as YAML on one line; empty if it was not written or no base is known
 * @param ours what it is on disk; empty if it is not written there
 * @param theirs what was newly rendered; empty if it is not written there
 * @param ourPlace where it stands on disk
 * @param theirPlace where it stands in what was newly rendered
 */
public record MergeConflict(
        List<String> path,
        Reason reason,
        Optional<String> base,
        Optional<String> ours,
        Optional<String> theirs,
        Optional<Place> ourPlace,
        Optional<Place> theirPlace) {
    /** Copies the path. */
    public MergeConflict {
        path = List.copyOf(path);
    }

    /** {@code services.web.image: both sides changed it}, for people; without the values. */
    public String summary() {
        return String.join(".", path) + ": " + reason.text;
    }

    /** {@code services.web.image: both changed …}, for people; without a value where a token may be among them. */
    @Override
    public String toString() {
        return summary() + " (was " + shown(base) + ", here " + shown(ours) + ", new " + shown(theirs) + ")";
    }

    private String shown(Optional<String> value) {
        return value.map(given -> Masking.holdsToken(path) ? Masking.STARS : given)
                .orElse("absent");
    }

    /** What is wrong. */
    public enum Reason {
        /** Both sides gave it another value, or each its own where there was none. */
        BOTH_CHANGED("both sides changed it"),
        /** It was taken away on disk, and changed by the template. */
        REMOVED_HERE("it was removed here and changed upstream"),
        /** It was changed on disk, and the template no longer has it. */
        DROPPED_UPSTREAM("it was changed here and dropped upstream"),
        /** It cannot be changed without changing other places: an anchor, an alias or a merge key. Ours stays, always. */
        SHARED("it is shared with another place of the file and must be changed by hand");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }
}
