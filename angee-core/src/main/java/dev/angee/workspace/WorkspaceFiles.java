package dev.angee.workspace;

import dev.angee.internal.JsonFile;
import dev.angee.internal.change.FileChanges;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderOptions;
import dev.angee.render.RenderPlan;
import dev.angee.render.RenderRecovery;
import dev.angee.render.RenderTarget;
import dev.angee.render.Rendering;
import dev.angee.resolve.StackLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The rendered files of one workspace, and its record, which change together. Whoever changes them holds its lock. */
final class WorkspaceFiles {
    private static final String SUBJECT = "workspace-";

    private final StackLayout layout;
    private final String name;
    private final Reconciler reconciler;

    WorkspaceFiles(StackLayout layout, String name) {
        this(layout, name, Reconciler::new);
    }

    /** The same, with a reconciler that tests can fail. */
    WorkspaceFiles(StackLayout layout, String name, Function<RenderTarget, Reconciler> reconcilers) {
        this.layout = layout;
        this.name = name;
        this.reconciler = reconcilers.apply(new RenderTarget(
                layout.root(),
                relative(layout.workspace(name)),
                relative(layout.workspaceRenderState(name)),
                layout.changes(),
                SUBJECT + name));
    }

    /** The workspaces with a change of files that was begun and not ended. */
    static List<String> unfinished(StackLayout layout) {
        return new FileChanges(layout.root(), layout.changes())
                .unfinished().stream()
                        .filter(subject -> subject.startsWith(SUBJECT))
                        .map(subject -> subject.substring(SUBJECT.length()))
                        .toList();
    }

    RenderPlan plan(Rendering rendering, RenderOptions options) {
        return reconciler.plan(rendering, options);
    }

    /** See {@link Reconciler#requireSecretsApart}. */
    void requireSecretsApart(Rendering rendering, RenderOptions options) {
        reconciler.requireSecretsApart(rendering, options);
    }

    /** Durable on return, all of it. */
    void apply(RenderPlan plan, WorkspaceRecord record) {
        reconciler.apply(plan, Map.of(relative(layout.workspaceRecord(name)), JsonFile.bytes(record)));
    }

    Optional<RenderRecovery> recover() {
        return reconciler.recover();
    }

    /** Forgets what was rendered; the files are gone. */
    void forget() {
        JsonFile.at(layout.workspaceRenderState(name)).delete();
    }

    private String relative(Path path) {
        return layout.root().relativize(path).toString();
    }
}
