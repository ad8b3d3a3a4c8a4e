package dev.angee.render;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.Suggestion;
import dev.angee.internal.change.FileChange;
import dev.angee.internal.change.FileChanges;
import dev.angee.internal.change.FileContent;
import dev.angee.internal.change.Fingerprint;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestMerge;
import dev.angee.manifest.MergeConflict;
import dev.angee.manifest.MergeOptions;
import dev.angee.manifest.MergeResult;
import dev.angee.render.RenderChange.Kind;
import dev.angee.render.RenderConflict.Reason;
import dev.angee.template.TemplateFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One comparison of a rendering with the last one and with what is on disk. */
final class Planning {
    private static final int LARGEST_STATE = 256 * 1024 * 1024;
    private static final int LARGEST_MANIFEST = 16 * 1024 * 1024;
    private static final int PLAIN = 0644;

    private final RenderTarget target;
    private final FileChanges files;
    private final Rendering rendering;
    private final RenderOptions options;
    private final Fingerprint stateBefore;
    private final RenderState base;
    private final DataFolders data;
    private final List<RenderChange> changes = new ArrayList<>();
    private final List<RenderConflict> conflicts = new ArrayList<>();
    private final NavigableMap<String, FileChange> work = new TreeMap<>();

    Planning(RenderTarget target, FileChanges files, Rendering rendering, RenderOptions options) {
        this.target = target;
        this.files = files;
        this.rendering = rendering;
        this.options = options;
        this.stateBefore = files.look(target.state());
        RenderState last = last(target, files, stateBefore).orElseGet(RenderState::none);
        this.base = options.memory() == RenderOptions.Memory.KEPT ? last : last.forgotten();
        this.data = new DataFolders(target, files, rendering, base);
    }

    static Optional<RenderState> last(RenderTarget target, FileChanges files) {
        return last(target, files, files.look(target.state()));
    }

    private static Optional<RenderState> last(RenderTarget target, FileChanges files, Fingerprint found) {
        return found.kind() == Fingerprint.Kind.ABSENT
                ? Optional.empty()
                : Optional.of(RenderState.read(
                        target.top().resolve(target.state()).toString(), files.read(target.state(), LARGEST_STATE)));
    }

    RenderPlan plan() {
        requireKnown();
        rendering.manifests().forEach(this::merge);
        base.documents().keySet().stream()
                .filter(path -> !rendering.files().containsKey(path)
                        && !rendering.remembered().containsKey(path))
                .forEach(this::dropManifest);
        SecretFiles secrets = requireSecretsApart();
        for (String path : paths()) {
            requireApart(path);
            if (rendering.files().containsKey(path) || !secrets.isAt(path)) {
                decide(path);
            }
        }
        rendering.answers().forEach(this::answers);
        rendering.dropped().stream()
                .filter(path -> !rendering.places().contains(path))
                .forEach(this::dropAnswers);
        remember();
        changes.sort(
                Comparator.comparing(RenderChange::path).thenComparing(change -> String.join(".", change.entry())));
        conflicts.sort(Comparator.comparing(RenderConflict::path)
                .thenComparing(conflict ->
                        conflict.entry().map(MergeConflict::toString).orElse("")));
        return new RenderPlan(target, rendering, changes, conflicts, List.copyOf(work.values()), staying());
    }

    /** Nothing is rendered where a manifest, as it is, as it is rendered, or as it is to be, keeps its secrets. */
    SecretFiles requireSecretsApart() {
        SecretFiles secrets = new SecretFiles(target, options);
        TreeSet<String> manifests = new TreeSet<>(base.documents().keySet());
        manifests.removeIf(path -> !path.equals(Manifest.FILE_NAME) && !path.endsWith("/" + Manifest.FILE_NAME));
        manifests.addAll(rendering.manifests());
        for (String path : manifests) {
            String place = target.at(path);
            Optional.ofNullable(rendering.files().get(path)).ifPresent(file -> secrets.add(path, file.content()));
            Optional.ofNullable(work.get(place))
                    .flatMap(FileChange::after)
                    .ifPresent(content -> secrets.add(path, content.content()));
            if (files.look(place).kind() == Fingerprint.Kind.FILE) {
                secrets.add(path, files.read(place, LARGEST_MANIFEST));
            }
        }
        rendering.files().keySet().forEach(path -> secrets.requireApart(path, rendering.template(path)));
        rendering.answers().keySet().forEach(path -> secrets.requireApart(path, rendering.template(path)));
        return secrets;
    }

    /** A word about a file that there is not would be a misspelt one about another. */
    private void requireKnown() {
        for (String path : options.resolution().paths().keySet()) {
            boolean isKnown = rendering.places().contains(path)
                    || base.files().containsKey(path)
                    || base.documents().containsKey(path);
            if (!isKnown) {
                throw new InvalidInputException(
                        "onConflict",
                        "'" + path + "' is nothing that the template renders, or has rendered"
                                + Suggestion.among(rendering.places(), "rendered", path));
            }
        }
    }

    private Set<String> staying() {
        Set<String> places = data.all().stream().map(target::at).collect(Collectors.toCollection(TreeSet::new));
        if (!target.folder().isEmpty()) {
            places.add(target.folder());
        }
        return places;
    }

    /** All paths that are or were rendered as whole files. */
    private Set<String> paths() {
        TreeSet<String> paths = new TreeSet<>(base.files().keySet());
        base.protectedPaths().forEach(paths::remove);
        data.all().forEach(paths::remove);
        paths.addAll(rendering.files().keySet());
        paths.removeAll(rendering.manifests());
        paths.removeAll(rendering.answers().keySet());
        return paths;
    }

    private void requireApart(String path) {
        String place = target.at(path);
        if (place.equals(target.state()) || target.state().startsWith(place + "/")) {
            throw new InvalidInputException(
                    "template",
                    "'" + path + "' is where it is remembered what was rendered; render something elsewhere");
        }
    }

    private void decide(String path) {
        Fingerprint ours = files.look(target.at(path));
        if (!ours.canBeReplaced()) {
            decideBlocked(path, ours);
            return;
        }
        decide(path, ours);
    }

    private void decide(String path, Fingerprint ours) {
        Optional<FileContent> content = content(path);
        Fingerprint theirs = content.map(Fingerprint::of).orElse(Fingerprint.absent());
        Decision decision = Decision.of(last(path), ours, theirs, way(path));
        switch (decision.outcome()) {
            case ADD -> add(path, ours, content);
            case MODIFY -> put(path, Kind.MODIFY, ours, content);
            case DELETE -> put(path, Kind.DELETE, ours, Optional.empty());
            case ADOPT -> changes.add(new RenderChange(path, Kind.ADOPT));
            case CONFLICT -> conflicts.add(new RenderConflict(path, reason(path, decision.reason())));
            case KEEP -> {}
        }
    }

    /** Nobody overwrites people's data. */
    private OnConflict way(String path) {
        OnConflict wanted = options.resolution().at(path);
        return data.hold(path) && wanted == OnConflict.OVERWRITE ? OnConflict.REFUSE : wanted;
    }

    private Reason reason(String path, Reason otherwise) {
        return data.hold(path) ? Reason.DATA : otherwise;
    }

    private void add(String path, Fingerprint ours, Optional<FileContent> content) {
        if (data.isLeft(path)) {
            conflicts.add(new RenderConflict(path, Reason.DATA));
        } else {
            put(path, Kind.ADD, ours, content);
        }
    }

    /** What was rendered last, also if it was a manifest then. */
    private Fingerprint last(String path) {
        String document = base.documents().get(path);
        return document == null
                ? base.file(path)
                : Fingerprint.of(FileContent.file(Base64.getDecoder().decode(document), PLAIN));
    }

    private Optional<FileContent> content(String path) {
        TemplateFile file = rendering.files().get(path);
        return Optional.ofNullable(file).map(Contents::of);
    }

    /** It is never taken away, and stays where that is wanted. */
    private void typeChanged(String path) {
        if (way(path) != OnConflict.KEEP) {
            conflicts.add(new RenderConflict(path, Reason.TYPE_CHANGED));
        }
    }

    /** Something that is no file stands at a path, or on the way to it. It is never taken away. */
    private void decideBlocked(String path, Fingerprint ours) {
        boolean replaced = ours.kind() != Fingerprint.Kind.BLOCKED && last(path).kind() != Fingerprint.Kind.FOLDER;
        if (rendering.files().containsKey(path)) {
            typeChanged(path);
        } else if (replaced && way(path) == OnConflict.REFUSE) {
            conflicts.add(new RenderConflict(path, Reason.LOCALLY_MODIFIED));
        }
    }

    private void put(String path, Kind kind, Fingerprint before, Optional<FileContent> after) {
        changes.add(new RenderChange(path, kind));
        String place = target.at(path);
        work.put(place, new FileChange(place, before, after));
    }

    /** Brings what is rendered of a manifest into what people have made of it. */
    private void merge(String path) {
        requireApart(path);
        String place = target.at(path);
        Fingerprint ours = files.look(place);
        TemplateFile theirs = rendering.files().get(path);
        if (theirs == null) {
            return;
        }
        @Nullable String last = base.documents().get(path);
        boolean isThere = ours.kind() != Fingerprint.Kind.ABSENT;
        if (isThere && ours.kind() != Fingerprint.Kind.FILE) {
            typeChanged(path);
        } else if (isThere) {
            MergeOptions.Names names =
                    MergeOptions.Names.of(target.top().resolve(place).toString(), rendering.source(path));
            String here = text(names.ours(), files.read(place, LARGEST_MANIFEST));
            merge(path, ours, here, text(names.theirs(), theirs.content()), last, names);
        } else if (last == null || way(path) == OnConflict.OVERWRITE) {
            add(path, ours, Optional.of(Contents.of(theirs)));
        } else if (way(path) != OnConflict.KEEP) {
            conflicts.add(new RenderConflict(path, reason(path, Reason.LOCALLY_MODIFIED)));
        }
    }

    private void merge(
            String path,
            Fingerprint ours,
            String here,
            String theirs,
            @Nullable String last,
            MergeOptions.Names names) {
        MergeOptions how = options.merge(way(path)).named(names);
        MergeResult merged = last == null
                ? ManifestMerge.adopt(here, theirs, how)
                : ManifestMerge.merge(text(names.base(), Base64.getDecoder().decode(last)), here, theirs, how);
        Reason reason = last == null ? Reason.UNTRACKED_DIFFERENT : Reason.LOCALLY_MODIFIED;
        merged.conflicts().stream()
                .filter(each -> way(path) == OnConflict.REFUSE
                        || (way(path) == OnConflict.OVERWRITE && each.reason() == MergeConflict.Reason.SHARED))
                .forEach(each -> conflicts.add(new RenderConflict(path, reason, Optional.of(each))));
        changes.addAll(RenderedManifest.changes(path, here, merged.text(), merged.changed()));
        if (!merged.text().equals(here)) {
            byte[] bytes = merged.text().getBytes(StandardCharsets.UTF_8);
            String place = target.at(path);
            work.put(place, new FileChange(place, ours, Optional.of(FileContent.file(bytes, ours.mode()))));
        } else if (last == null) {
            changes.add(new RenderChange(path, Kind.ADOPT));
        }
    }

    /** A manifest that is not rendered any more. */
    private void dropManifest(String path) {
        Fingerprint ours = files.look(target.at(path));
        if (!ours.canBeReplaced()) { // it is never taken away
            if (ours.kind() != Fingerprint.Kind.BLOCKED && way(path) == OnConflict.REFUSE) {
                conflicts.add(new RenderConflict(path, Reason.TYPE_CHANGED));
            }
            return;
        }
        byte[] last = Base64.getDecoder().decode(base.documents().getOrDefault(path, ""));
        Fingerprint was =
                Fingerprint.of(FileContent.file(last, ours.kind() == Fingerprint.Kind.FILE ? ours.mode() : PLAIN));
        Decision decision = Decision.of(was, ours, Fingerprint.absent(), way(path));
        if (decision.outcome() == Decision.Outcome.DELETE) {
            put(path, Kind.DELETE, ours, Optional.empty());
        } else if (decision.outcome() == Decision.Outcome.CONFLICT) {
            conflicts.add(new RenderConflict(path, reason(path, decision.reason())));
        }
    }

    /** They are nobody's to edit; but a file of that name that never was one is somebody's. */
    private void answers(String path, TemplateFile file) {
        requireApart(path);
        Fingerprint ours = files.look(target.at(path));
        FileContent content = Contents.of(file);
        boolean isThere = ours.kind() != Fingerprint.Kind.ABSENT;
        boolean isOurs = rendering.replaced().contains(path)
                || base.layers().stream().anyMatch(layer -> path.equals(layer.answersFile()));
        if (ours.equals(Fingerprint.of(content))) {
            return;
        }
        if (isThere && ours.kind() != Fingerprint.Kind.FILE) {
            typeChanged(path);
        } else if (isThere && !isOurs && way(path) == OnConflict.REFUSE) {
            conflicts.add(new RenderConflict(path, reason(path, Reason.UNTRACKED_DIFFERENT)));
        } else if (!isThere && !isOurs) {
            add(path, ours, Optional.of(content));
        } else if (!isThere || isOurs || way(path) == OnConflict.OVERWRITE) {
            put(path, isThere ? Kind.MODIFY : Kind.ADD, ours, Optional.of(content));
        }
    }

    private void dropAnswers(String path) {
        requireApart(path);
        Fingerprint ours = files.look(target.at(path));
        if (ours.kind() == Fingerprint.Kind.FILE) {
            put(path, Kind.DELETE, ours, Optional.empty());
        }
    }

    private void remember() {
        FileContent next =
                FileContent.file(RenderState.of(rendering, data.all()).json(), PLAIN);
        if (!stateBefore.equals(Fingerprint.of(next))) {
            work.put(target.state(), new FileChange(target.state(), stateBefore, Optional.of(next)));
        }
    }

    private static String text(String path, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AngeeException(ErrorCode.INVALID, path + " is not UTF-8 text", e);
        }
    }
}
