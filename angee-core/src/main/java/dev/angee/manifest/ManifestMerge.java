package dev.angee.manifest;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.NewValue;
import dev.angee.internal.yaml.YamlEdit;
import dev.angee.internal.yaml.YamlNode;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import dev.angee.manifest.MergeConflict.Reason;
import dev.angee.manifest.MergeOptions.Side;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Merges a manifest that people edit with what its template renders now, knowing what the template rendered before. What is
 * merged is values: entries of the sections, below them fields of maps; a list is one value. Local changes stay, changes of
 * the template are made, what the template dropped and nobody changed goes, and what both changed is a conflict. The result
 * is the text on disk, edited by {@link ManifestEditor}: comments and layout stay. Merging a result again with the same
 * rendering changes nothing.
 *
 * <p>{@code operator}, {@code workspaces} and {@code port_leases} are always those on disk. A port number that is given on
 * disk ({@code ports.<name>.value}, not 0) stays too, and is no conflict, unless the options say otherwise. Pure and
 * thread-safe.
 */
public final class ManifestMerge {
    private static final Set<String> SECTIONS =
            Set.of("secrets", "ports", "volumes", "persist", "sources", "services", "jobs");
    private static final Set<String> OURS = Set.of("operator", "workspaces", "port_leases");
    private static final YamlValue NOTHING = new YamlValue.Fields(Map.of());

    private final MergeOptions options;
    private final YamlSource oursAtFirst;
    private final YamlSource theirs;
    private final ManifestEditor editor;
    private final List<List<String>> changed = new ArrayList<>();
    private final List<MergeConflict> conflicts = new ArrayList<>();

    private ManifestMerge(String ours, String theirs, MergeOptions options) {
        this.options = options;
        this.oursAtFirst = YamlSource.parse(options.names().ours(), ours, options.limits());
        this.theirs = YamlSource.parse(options.names().theirs(), theirs, options.limits());
        this.editor = ManifestEditor.of(
                options.names().ours(), ours, EditOptions.defaults().withLimits(options.limits()));
    }

    /**
     * Merges three texts.
     *
     * @param base what the template rendered last time
     * @param ours what is on disk
     * @param theirs what the template renders now
     * @param options who wins
     * @throws InvalidDocumentException if one of them is not one YAML document that is a map
     */
    public static MergeResult merge(String base, String ours, String theirs, MergeOptions options) {
        YamlLimits limits = options.limits();
        return new ManifestMerge(ours, theirs, options)
                .run(valueOf(YamlSource.parse(options.names().base(), base, limits)));
    }

    /**
     * Merges two texts, where it is not known what the template rendered last time. What only one side has stays; what both
     * have and is not the same is a conflict; nothing is taken away.
     *
     * @param ours what is on disk
     * @param theirs what the template renders now
     * @param options who wins
     * @throws InvalidDocumentException if one of them is not one YAML document that is a map
     */
    public static MergeResult adopt(String ours, String theirs, MergeOptions options) {
        return new ManifestMerge(ours, theirs, options).run(NOTHING);
    }

    private MergeResult run(YamlValue base) {
        fields(List.of(), base, valueOf(oursAtFirst), valueOf(theirs));
        return new MergeResult(editor.text(), changed, conflicts);
    }

    private static YamlValue valueOf(YamlSource source) {
        return YamlValue.of(source.root());
    }

    private void fields(List<String> path, YamlValue base, YamlValue ours, YamlValue theirs) {
        Set<String> keys = new LinkedHashSet<>(keys(ours));
        keys.addAll(keys(theirs));
        for (String key : keys) {
            List<String> below = new ArrayList<>(path);
            below.add(key);
            value(List.copyOf(below), field(base, key), field(ours, key), field(theirs, key));
        }
    }

    private void value(
            List<String> path, Optional<YamlValue> base, Optional<YamlValue> ours, Optional<YamlValue> theirs) {
        if (ours.equals(theirs) || (path.size() == 1 && OURS.contains(path.get(0)))) {
            return;
        }
        if (path.size() == 1 && SECTIONS.contains(path.get(0)) && isMap(ours) && isMap(theirs)) {
            // A section that is not written is a section without entries.
            fields(path, base.orElse(NOTHING), ours.orElse(NOTHING), theirs.orElse(NOTHING));
        } else if (isPortNumber(path) && theirs.isPresent()) {
            portNumber(path, base, ours, theirs);
        } else if (isPort(path) && isWritten(ours) && isWritten(theirs)) {
            fields(path, base.orElse(NOTHING), ours.get(), theirs.get());
        } else if (base.equals(theirs)) {
            return;
        } else if (isWritten(ours)
                && isWritten(theirs)
                && !(base.equals(ours) && keys(theirs.get()).isEmpty())) {
            // Also where nothing was changed here: comments and order are not values, and stay.
            fields(path, base.orElse(NOTHING), ours.get(), theirs.get());
        } else if (base.equals(ours)) {
            take(path, base, ours, theirs);
        } else {
            conflict(path, reason(ours, theirs), base, ours, theirs);
            if (options.onConflict() == Side.THEIRS) {
                take(path, base, ours, theirs);
            }
        }
    }

    private static boolean isPort(List<String> path) {
        return path.size() == 2 && path.get(0).equals("ports");
    }

    private static boolean isPortNumber(List<String> path) {
        return path.size() == 3 && path.get(0).equals("ports") && path.get(2).equals("value");
    }

    /** A number that stands here and was not rendered was leased, or chosen by somebody: it stays, and is no conflict. */
    private void portNumber(
            List<String> path, Optional<YamlValue> base, Optional<YamlValue> ours, Optional<YamlValue> theirs) {
        boolean given = ours.filter(value -> !value.isNull()
                        && !(value instanceof YamlValue.Text t && t.text().equals("0")))
                .isPresent();
        if (!given || base.equals(ours) || options.ports() == Side.THEIRS) {
            take(path, base, ours, theirs);
        }
    }

    private void take(
            List<String> path, Optional<YamlValue> base, Optional<YamlValue> ours, Optional<YamlValue> theirs) {
        try {
            if (theirs.isEmpty()) {
                editor.remove(path);
            } else {
                editor.put(path, written(path, theirs.get()));
            }
            changed.add(path);
        } catch (AngeeException e) {
            if (e.code() != ErrorCode.CONFLICT
                    && e.code() != ErrorCode.UNSUPPORTED
                    && !(e instanceof InvalidInputException)) {
                throw e;
            }
            conflicts.removeIf(conflict -> conflict.path().equals(path));
            conflict(path, Reason.SHARED, base, ours, theirs);
        }
    }

    /** As the template wrote it, if it stands there in one piece. */
    private NewValue written(List<String> path, YamlValue value) {
        return YamlEdit.at(theirs.root(), path)
                .filter(node -> YamlValue.of(node).equals(value))
                .map(node -> NewValue.of(theirs, node))
                .orElse(NewValue.of(value));
    }

    private static Reason reason(Optional<YamlValue> ours, Optional<YamlValue> theirs) {
        return ours.isEmpty() ? Reason.REMOVED_HERE : theirs.isEmpty() ? Reason.DROPPED_UPSTREAM : Reason.BOTH_CHANGED;
    }

    private void conflict(
            List<String> path,
            Reason reason,
            Optional<YamlValue> base,
            Optional<YamlValue> ours,
            Optional<YamlValue> theirs) {
        conflicts.add(new MergeConflict(
                path,
                reason,
                base.map(value -> Masking.inline(path, value, given(ours, theirs))),
                ours.map(value -> Masking.inline(path, value, given(base, theirs))),
                theirs.map(value -> Masking.inline(path, value, given(base, ours))),
                place(oursAtFirst, path),
                place(this.theirs, path)));
    }

    private static List<YamlValue> given(Optional<YamlValue> one, Optional<YamlValue> other) {
        return Stream.of(one, other).flatMap(Optional::stream).toList();
    }

    private static Optional<Place> place(YamlSource source, List<String> path) {
        return YamlEdit.at(source.root(), path).map(YamlNode::start).map(source::place);
    }

    /** Whether a value is a map or could become one. */
    private static boolean isMap(Optional<YamlValue> value) {
        return value.map(each -> each.isNull() || each instanceof YamlValue.Fields)
                .orElse(true);
    }

    private static boolean isWritten(Optional<YamlValue> value) {
        return value.filter(YamlValue.Fields.class::isInstance).isPresent();
    }

    private static Set<String> keys(YamlValue value) {
        return value instanceof YamlValue.Fields fields ? fields.fields().keySet() : Set.of();
    }

    private static Optional<YamlValue> field(YamlValue value, String key) {
        return value instanceof YamlValue.Fields fields
                ? Optional.ofNullable(fields.fields().get(key))
                : Optional.empty();
    }
}
