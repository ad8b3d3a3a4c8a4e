package dev.angee.service;

import dev.angee.manifest.EditOptions;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestEditor;
import dev.angee.manifest.ManifestEnsure;
import dev.angee.manifest.ManifestMerge;
import dev.angee.manifest.MergeConflict;
import dev.angee.manifest.MergeOptions;
import dev.angee.manifest.MergeResult;
import dev.angee.manifest.SecretReferences;
import dev.angee.render.OnConflict;
import dev.angee.render.RenderChange;
import dev.angee.render.RenderConflict;
import dev.angee.render.RenderedManifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the manifest becomes with what a template renders of a service. The entries are merged by {@link ManifestMerge}: the
 * rendered document is a small manifest, and what it does not have is none of its business.
 *
 * @param before the manifest as it was
 * @param text the manifest as it is to be
 * @param changes the entries that change, in the order of their keys
 * @param conflicts the entries that both sides have changed
 */
record ManifestChange(String before, String text, List<RenderChange> changes, List<RenderConflict> conflicts) {
    private static final EditOptions OPTIONS = EditOptions.defaults();

    /**
     * Plans it.
     *
     * @param file what to call the manifest in problems
     * @param before its text
     * @param draft the service
     * @param base what the template rendered the last time; empty if that is not known
     * @throws dev.angee.document.InvalidDocumentException if there is no conflict and the result would not be sound
     */
    static ManifestChange of(String file, String before, ServiceDraft draft, Optional<String> base, OnConflict way) {
        ManifestEditor editor = ManifestEditor.of(file, before, OPTIONS);
        List<List<String>> changed = new ArrayList<>();
        ManifestEnsure.in(editor, file, draft.template().metadata().ensure(), OPTIONS)
                .values()
                .forEach(edit -> changed.add(edit.path()));
        List<String> workspace = List.of("workspaces", draft.workspace().name());
        if (!editor.has(workspace)) {
            editor.put(workspace, Map.of("template", draft.workspace().template()));
            changed.add(workspace);
        }
        MergeResult merged = merged(file, editor.text(), draft, base, way);
        changed.addAll(merged.changed());
        List<RenderConflict> conflicts = conflicts(merged, base.isPresent(), way);
        ManifestEditor result = ManifestEditor.of(file, merged.text(), OPTIONS);
        for (String secret : undeclared(merged.text(), draft)) {
            List<String> path = List.of("secrets", secret);
            result.put(path, Map.of());
            changed.add(path);
        }
        if (conflicts.isEmpty()) {
            OPTIONS.check().check(file, result.text());
        }
        return new ManifestChange(
                before,
                result.text(),
                changes(before, result.text(), changed, base.isEmpty() ? Optional.of(draft.name()) : Optional.empty()),
                conflicts);
    }

    private static MergeResult merged(
            String file, String ours, ServiceDraft draft, Optional<String> base, OnConflict way) {
        boolean overwrite = way == OnConflict.OVERWRITE;
        MergeOptions options = MergeOptions.defaults()
                .withOnConflict(overwrite ? MergeOptions.Side.THEIRS : MergeOptions.Side.OURS)
                .named(MergeOptions.Names.of(file, draft.template().ref() + "/" + ServiceDocument.PATH));
        if (base.isPresent()) {
            return ManifestMerge.merge(base.get(), ours, draft.document(), options);
        }
        // As if nothing had been changed here: what is there is replaced, and not mixed with what is rendered.
        return overwrite
                ? ManifestMerge.merge(
                        ServiceDocument.entry(ours, List.of("services", draft.name())), ours, draft.document(), options)
                : ManifestMerge.adopt(ours, draft.document(), options);
    }

    private static List<RenderConflict> conflicts(MergeResult merged, boolean known, OnConflict way) {
        RenderConflict.Reason reason =
                known ? RenderConflict.Reason.LOCALLY_MODIFIED : RenderConflict.Reason.UNTRACKED_DIFFERENT;
        return merged.conflicts().stream()
                .filter(each -> way == OnConflict.REFUSE
                        || (way == OnConflict.OVERWRITE && each.reason() == MergeConflict.Reason.SHARED))
                .map(each -> new RenderConflict(Manifest.FILE_NAME, reason, Optional.of(each)))
                .sorted(Comparator.comparing(
                        each -> each.entry().map(MergeConflict::toString).orElse("")))
                .toList();
    }

    /** What was there already as it is rendered, and was not known to be, is taken over. */
    private static List<RenderChange> changes(
            String before, String after, List<List<String>> changed, Optional<String> adopted) {
        List<RenderChange> changes =
                new ArrayList<>(RenderedManifest.changes(Manifest.FILE_NAME, before, after, changed));
        adopted.map(name -> List.of("services", name))
                .filter(path -> changed.stream().noneMatch(each -> each.size() > 1 && path.equals(each.subList(0, 2))))
                .ifPresent(path -> changes.add(new RenderChange(Manifest.FILE_NAME, path, RenderChange.Kind.ADOPT)));
        changes.sort(Comparator.comparing(change -> String.join(".", change.entry())));
        return changes;
    }

    /** The secrets that the service and its jobs refer to. */
    private static Set<String> undeclared(String text, ServiceDraft draft) {
        List<List<String>> entries = new ArrayList<>(List.of(List.of("services", draft.name())));
        ServiceDocument.jobs(draft.document()).forEach(job -> entries.add(List.of("jobs", job)));
        return SecretReferences.undeclared(Manifest.FILE_NAME, text, entries);
    }
}
