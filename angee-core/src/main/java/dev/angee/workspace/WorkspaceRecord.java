package dev.angee.workspace;

import dev.angee.internal.JsonFile;
import dev.angee.source.BranchName;
import dev.angee.source.Worktree;
import dev.angee.template.ChainedAnswers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a workspace that was made here.
 *
 * @param version of this format
 * @param name its name
 * @param template the template's name
 * @param inputs what the template was given
 * @param chainRoot where its inner stack lies, relative to its folder
 * @param allocations the ports it has leased, by pool
 * @param slots its slots that are worktrees
 * @param links its slots that are links to local sources
 * @param persistPaths the folders whose content is the user's, by name, relative to its folder
 * @param secrets the secrets that were made for it, and go with it
 * @param lent the secrets that its templates were told of, and its inner stack may have
 * @param chained what its chained templates were given
 */
record WorkspaceRecord(
        int version,
        String name,
        String template,
        Map<String, String> inputs,
        @Nullable String chainRoot,
        Map<String, Integer> allocations,
        List<SlotRecord> slots,
        List<LinkRecord> links,
        Map<String, String> persistPaths,
        List<String> secrets,
        List<String> lent,
        List<ChainedAnswers> chained) {
    static final int VERSION = 1;

    WorkspaceRecord {
        JsonFile.requireVersion(version, VERSION);
        Objects.requireNonNull(name);
        Objects.requireNonNull(template);
        inputs = Map.copyOf(inputs);
        allocations = Map.copyOf(allocations);
        slots = List.copyOf(slots);
        slots.forEach(SlotRecord::toSlot);
        // absent from records of earlier versions
        links = links == null ? List.of() : List.copyOf(links);
        persistPaths = persistPaths == null ? Map.of() : Map.copyOf(persistPaths);
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
        lent = lent == null ? List.of() : List.copyOf(lent);
        chained = chained == null ? List.of() : List.copyOf(chained);
    }

    /** The same, with these secrets. */
    WorkspaceRecord withSecrets(List<String> made) {
        return new WorkspaceRecord(
                version,
                name,
                template,
                inputs,
                chainRoot,
                allocations,
                slots,
                links,
                persistPaths,
                made,
                lent,
                chained);
    }

    /**
     * One slot that is a link to a local source.
     *
     * @param name its name
     * @param source the source it leads to
     * @param path the absolute path of the link
     */
    record LinkRecord(String name, String source, String path) {
        LinkRecord {
            Objects.requireNonNull(name);
            Objects.requireNonNull(source);
            Objects.requireNonNull(path);
        }
    }

    /**
     * One slot.
     *
     * @param name its name
     * @param source the source that fills it
     * @param branch the branch it is on
     * @param base the branch of the remote it is compared with
     * @param cache the absolute path of the cache
     * @param path the absolute path of the worktree
     */
    record SlotRecord(String name, String source, String branch, String base, String cache, String path) {
        static SlotRecord of(Slot slot) {
            return new SlotRecord(
                    slot.name(),
                    slot.source(),
                    slot.branch().value(),
                    slot.base().value(),
                    slot.worktree().cache().toString(),
                    slot.worktree().path().toString());
        }

        Slot toSlot() {
            return new Slot(
                    name,
                    source,
                    BranchName.of(branch),
                    BranchName.of(base),
                    new Worktree(Path.of(cache), Path.of(path)));
        }
    }
}
