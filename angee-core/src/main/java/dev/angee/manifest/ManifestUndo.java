package dev.angee.manifest;

import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.Splice;
import dev.angee.internal.yaml.YamlEdit;
import dev.angee.internal.yaml.YamlSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the place of a change again, by what stood around it: all that is known of it first, then less. */
final class ManifestUndo {
    private static final int MOST_PLACES = 8;

    private record Context(String before, String after) {
        /** One line at least, or nothing: a blank one tells no place from another. */
        boolean tells() {
            return !before.isBlank() || !after.isBlank();
        }
    }

    private ManifestUndo() {}

    /** The text without the change; empty if no place is found where undoing changes that one entry alone. */
    static Optional<YamlSource> undo(YamlSource source, ManifestEdit edit, YamlLimits limits) {
        for (Context context : contexts(edit)) {
            for (int offset : places(source.text(), edit, context)) {
                if (!isAll(source, edit, offset)) {
                    continue;
                }
                Splice splice = new Splice(offset, edit.inserted(), edit.removed());
                Optional<YamlSource> undone = YamlEdit.apply(source, splice, edit.path(), limits)
                        .map(YamlEdit::source)
                        .filter(after -> !edit.inserted().isEmpty()
                                || YamlEdit.at(after.root(), edit.path()).isPresent());
                if (undone.isPresent()) {
                    return undone;
                }
            }
        }
        return Optional.empty();
    }

    /** Whether the entry is what was inserted and no more: {@code 20} begins with {@code 2}, and is somebody else's. */
    private static boolean isAll(YamlSource source, ManifestEdit edit, int offset) {
        int end = offset + edit.inserted().length();
        return YamlEdit.at(source.root(), edit.path())
                .filter(value -> value.start() < value.end())
                .filter(value -> value.start() < offset || value.end() > end)
                .isEmpty();
    }

    private static List<Context> contexts(ManifestEdit edit) {
        String before = edit.before();
        String after = edit.after();
        List<Context> contexts = new ArrayList<>();
        contexts.add(new Context(before, after));
        List.of(
                        new Context(lastLine(before), firstLine(after)),
                        new Context(before, ""),
                        new Context("", after),
                        new Context(lastLine(before), ""),
                        new Context("", firstLine(after)))
                .stream()
                .filter(Context::tells)
                .forEach(contexts::add);
        return contexts;
    }

    private static List<Integer> places(String text, ManifestEdit edit, Context context) {
        String wanted = context.before + edit.inserted() + context.after;
        List<Integer> found = new ArrayList<>();
        int last = text.length() - wanted.length();
        for (int at = text.indexOf(wanted); at >= 0; at = at < last ? text.indexOf(wanted, at + 1) : -1) {
            found.add(at + context.before.length());
        }
        return found.stream()
                .sorted(Comparator.comparingInt(place -> Math.abs(place - edit.offset())))
                .limit(MOST_PLACES)
                .toList();
    }

    private static String lastLine(String before) {
        int end = before.stripTrailing().length();
        return before.substring(before.lastIndexOf('\n', Math.max(0, end - 1)) + 1);
    }

    private static String firstLine(String after) {
        int start = after.length() - after.stripLeading().length();
        int end = after.indexOf('\n', start);
        return end < 0 ? after : after.substring(0, end + 1);
    }
}
