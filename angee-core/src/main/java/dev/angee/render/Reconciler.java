package dev.angee.render;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.internal.change.FileChange;
import dev.angee.internal.change.FileChanges;
import dev.angee.internal.change.FileContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a folder to what its templates render now. What people have changed since the last rendering stays, what the
 * template has changed is taken over, what it dropped and nobody touched goes, and what both have changed is a conflict.
 * Manifests are compared entry by entry, all else file by file; no text is ever merged line by line.
 *
 * <p>Whoever calls this holds the lock of the target's subject, but for {@link #plan}, which only reads. For any thread.
 */
public final class Reconciler {
    private static final int PRIVATE = 0600;

    private final RenderTarget target;
    private final FileChanges files;

    /** A reconciler of one folder. */
    public Reconciler(RenderTarget target) {
        this(target, new FileChanges(target.top(), target.journals()));
    }

    /** The same, with files that tests can fail. */
    Reconciler(RenderTarget target, FileChanges files) {
        this.target = target;
        this.files = files;
    }

    /**
     * What was rendered last; empty if that is not known. Reads only.
     *
     * @throws AngeeException {@code FAILED} if it is damaged, naming the file
     */
    public Optional<LastRendering> last() {
        return Planning.last(target, files).map(RenderState::told);
    }

    /**
     * Compares a rendering with the last one and with what is on disk. Reads only.
     *
     * @throws AngeeException {@code FAILED} if what is remembered of the last rendering is damaged, naming the file
     * @throws InvalidInputException if the rendering would replace what is remembered of it, or secrets that are kept in an env file
     */
    public RenderPlan plan(Rendering rendering, RenderOptions options) {
        return new Planning(target, files, rendering, options).plan();
    }

    /**
     * The part of {@link #plan} that can be asked before what is rendered needs anything: that no file or link is rendered where
     * secrets are kept, and would replace them. Reads only.
     *
     * @throws InvalidInputException naming the template, the path, and what to do
     */
    public void requireSecretsApart(Rendering rendering, RenderOptions options) {
        SecretFiles unused = new Planning(target, files, rendering, options).requireSecretsApart();
    }

    /** {@link #apply(RenderPlan, Map)}, with nothing else. */
    public void apply(RenderPlan plan) {
        apply(plan, Map.of());
    }

    /**
     * Carries out a plan: all of it or nothing, also if this JVM dies on the way, once {@link #recover} was called. Durable on
     * return.
     *
     * @param plan of the same target, without conflicts
     * @param along private state files that change with it, by their paths relative to the target's top
     * @throws ConflictException if the plan has conflicts, or something was changed since it was made; nothing has happened
     *     then, but where somebody edits a file at this very moment: that is named, and both versions stay
     * @throws AngeeException {@code UNAVAILABLE} if files cannot be written; all is as before then
     */
    public void apply(RenderPlan plan, Map<String, byte[]> along) {
        if (!plan.target().equals(target)) {
            throw new IllegalArgumentException("a plan of " + plan.target() + " for " + target);
        }
        plan.requireNoConflict("template-files", target.subject());
        List<FileChange> changes = new ArrayList<>(plan.work());
        along.forEach((path, content) ->
                changes.add(new FileChange(path, files.look(path), Optional.of(FileContent.file(content, PRIVATE)))));
        if (!changes.isEmpty()) {
            files.apply(target.subject(), changes, plan.staying());
        }
    }

    /**
     * Ends or takes back what a JVM that died has left half done.
     *
     * @return what has become of it; empty if there was nothing to do
     */
    public Optional<RenderRecovery> recover() {
        return files.recover(target.subject())
                .map(recovery -> new RenderRecovery(recovery.completed(), recovery.kept()));
    }
}
