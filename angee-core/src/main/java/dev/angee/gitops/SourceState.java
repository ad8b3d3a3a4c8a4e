package dev.angee.gitops;

import dev.angee.manifest.SourceKind;
import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.CommitId;
import dev.angee.source.SlotState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a source stands on this host.
 *
 * @param name its name
 * @param kind what it is
 * @param path its folder, or its cache
 * @param state the one word for it
 * @param fetched when its cache last was what the remote was; empty if that is not known
 * @param defaultBranch the branch that new work begins at; empty where none is known
 * @param branches the remote's branches with their commits, in the order of their names
 * @param commits the newest commits of its default branch, if they were asked for
 * @param note why it is in this state; may be empty
 */
public record SourceState(
        String name,
        SourceKind kind,
        Path path,
        State state,
        Optional<Instant> fetched,
        Optional<BranchName> defaultBranch,
        Map<BranchName, CommitId> branches,
        List<Commit> commits,
        String note) {
    /** Copies the collections. */
    public SourceState {
        branches = Collections.unmodifiableMap(new LinkedHashMap<>(branches));
        commits = List.copyOf(commits);
    }

    /** The state of a source. */
    public enum State {
        /** It is there. */
        READY(SlotState.CLEAN),
        /** It is not there yet; a cache is made when it is needed. */
        MISSING(SlotState.MISSING),
        /** It could not be found out; the note says why. */
        ERROR(SlotState.ERROR);

        private final SlotState counted;

        State(SlotState counted) {
            this.counted = counted;
        }

        /** What it counts as beside slots. */
        public SlotState asSlotState() {
            return counted;
        }

        /** The word used on the wire: lower case. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
