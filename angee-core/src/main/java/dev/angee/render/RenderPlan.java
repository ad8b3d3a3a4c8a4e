package dev.angee.render;

import dev.angee.ConflictException;
import dev.angee.internal.change.FileChange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What has to be done to bring a folder to a rendering, and what stands in the way. A value: whoever shows it has done
 * nothing yet. It holds for what was on disk when it was made; that it still does is checked where it is carried out.
 */
public final class RenderPlan {
    private final RenderTarget target;
    private final Rendering rendering;
    private final List<RenderChange> changes;
    private final List<RenderConflict> conflicts;
    private final List<FileChange> work;
    private final Set<String> staying;

    RenderPlan(
            RenderTarget target,
            Rendering rendering,
            List<RenderChange> changes,
            List<RenderConflict> conflicts,
            List<FileChange> work,
            Set<String> staying) {
        this.target = target;
        this.rendering = rendering;
        this.changes = List.copyOf(changes);
        this.conflicts = List.copyOf(conflicts);
        this.work = List.copyOf(work);
        this.staying = Set.copyOf(staying);
    }

    /** What changes, in path order. */
    public List<RenderChange> changes() {
        return changes;
    }

    /** What both sides have changed, in path order. A plan with any of these is not carried out. */
    public List<RenderConflict> conflicts() {
        return conflicts;
    }

    /** Whether a file changes: what is only remembered counts for nothing. */
    public boolean isChange() {
        return changes.stream().anyMatch(change -> change.kind() != RenderChange.Kind.ADOPT);
    }

    /**
     * What a file that this changes will hold.
     *
     * @param path relative to the target
     * @return its text; empty if it stays as it is, or goes
     */
    public Optional<String> text(String path) {
        String place = target.at(path);
        return work.stream()
                .filter(change -> change.path().equals(place))
                .flatMap(change -> change.after().stream())
                .map(content -> new String(content.content(), StandardCharsets.UTF_8))
                .findFirst();
    }

    /**
     * What the template renders to a path, whatever becomes of it: to look at beside what is there, where both have changed.
     *
     * @param path relative to the target
     * @return its text; empty if it renders no file there
     */
    public Optional<String> rendered(String path) {
        return Optional.ofNullable(rendering.files().get(path))
                .filter(file -> file.link().isEmpty())
                .map(file -> new String(file.content(), StandardCharsets.UTF_8));
    }

    /**
     * Refuses a plan with conflicts.
     *
     * @param kind what the conflict is about, for example {@code workspace-template}
     * @param name which one
     * @throws ConflictException that names them all
     */
    public void requireNoConflict(String kind, String name) {
        if (!conflicts.isEmpty()) {
            throw new ConflictException(
                    kind,
                    name,
                    "changed both here and by the template: "
                            + conflicts.stream().map(RenderConflict::toString).collect(Collectors.joining("; "))
                            + advice());
        }
    }

    private String advice() {
        if (conflicts.stream().allMatch(each -> each.reason() == RenderConflict.Reason.DATA)) {
            return "";
        }
        boolean isSettled = conflicts.stream().noneMatch(each -> each.reason() == RenderConflict.Reason.TYPE_CHANGED);
        return isSettled
                ? " (take it back here, overwrite it, or keep it)"
                : " (take it back here, overwrite it, or keep it; a folder in the place of a file, or a file in that of a"
                        + " folder, is taken away by hand)";
    }

    RenderTarget target() {
        return target;
    }

    /** In the order in which it was planned; paths are relative to the target's top. */
    List<FileChange> work() {
        return work;
    }

    /** The folders that stay, also without anything in them. */
    Set<String> staying() {
        return staying;
    }
}
