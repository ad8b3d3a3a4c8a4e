package dev.angee.internal.yaml;

import java.util.List;

/** Finds what to write where so that one entry has a value, and nothing else has moved. */
final class EntryPut {
    private final YamlSource source;
    private final Lines lines;
    private final EntryPath entry;
    private final NewValue value;
    private final YamlWriter writer;

    EntryPut(YamlSource source, List<String> path, NewValue value) {
        this.source = source;
        this.lines = new Lines(source.text());
        this.entry = EntryPath.follow(source, path);
        this.value = value;
        this.writer = new YamlWriter(step(), lines.lineBreak());
    }

    Splice splice() {
        if (entry.target().isPresent()) {
            entry.refuseLooseEnds(entry.target().get());
            return replace(entry.target().get(), value);
        }
        List<String> missing = entry.missing();
        if (entry.endsInNothing()) {
            return replace(entry.last().orElseThrow(), wrapped(missing));
        }
        if (missing.size() > 1) {
            entry.refuseMerged(missing.get(0));
        }
        YamlNode.Fields parent = entry.parent();
        if (parent.flow()) {
            return addInFlow(parent, missing);
        }
        return addInBlock(parent, missing);
    }

    // ---- a value where there is one, or where a key stands alone

    private Splice replace(YamlNode.Field field, NewValue replacement) {
        if (entry.parentOf(field).flow()) {
            return replaceInline(field, replacement.inline(writer, NewValue.Place.FLOW));
        }
        int indent = indentOf(field);
        return replacement.takesLines(writer)
                ? replaceByLines(field, writer.lineBreak() + replacement.lines(writer, indent + writer.step()))
                : replaceInline(field, replacement.inline(writer, NewValue.Place.BLOCK));
    }

    private Splice replaceInline(YamlNode.Field field, String text) {
        YamlNode old = field.value();
        int colon = colon(field);
        if (colon < 0) {
            return Splice.of(source.text(), field.key().end(), field.key().end(), ": " + text);
        }
        if (old.end() == old.start()) {
            return Splice.of(source.text(), colon + 1, colon + 1, " " + text);
        }
        boolean behindKey = lines.sameLine(colon, old.start()) && (old.inline() || old instanceof YamlNode.Scalar);
        if (behindKey || entry.parentOf(field).flow()) {
            return Splice.of(source.text(), old.start(), old.end(), text);
        }
        // The value begins below its key: what stands behind the key, a comment, stays there.
        int behind = lines.end(colon);
        int from = lines.sameLine(colon, old.start()) ? old.start() : behind;
        String comment = source.text().substring(colon + 1, from);
        return Splice.of(
                source.text(), colon + 1, lines.lastEnd(old.end()), " " + text + (from == behind ? comment : ""));
    }

    private Splice replaceByLines(YamlNode.Field field, String text) {
        YamlNode old = field.value();
        int colon = colon(field);
        if (old.end() == old.start()) {
            int end = lines.end(colon);
            return Splice.of(source.text(), end, end, text);
        }
        if (!lines.sameLine(colon, old.start())) {
            return Splice.of(source.text(), lines.end(colon), lines.lastEnd(old.end()), text);
        }
        int end = lines.lastEnd(old.end());
        String behind = old.end() <= end ? source.text().substring(old.end(), end) : "";
        return Splice.of(source.text(), colon + 1, end, (behind.isBlank() ? "" : behind) + text);
    }

    /** The colon behind a key; -1 where a key of a flow map stands without one. */
    private int colon(YamlNode.Field field) {
        boolean flow = entry.parentOf(field).flow();
        int at = field.key().end();
        int colon = flow ? lines.skip(at) : at;
        while (!flow && (source.text().startsWith(" ", colon) || source.text().startsWith("\t", colon))) {
            colon++;
        }
        if (source.text().startsWith(":", colon)) {
            return colon;
        }
        if (flow) {
            return -1;
        }
        throw entry.unsupported("its key is not followed by ':'");
    }

    private int indentOf(YamlNode.Field field) {
        int start = lines.start(field.key().start());
        if (!source.text().substring(start, field.key().start()).chars().allMatch(c -> c == ' ')) {
            throw entry.unsupported("it does not begin its line");
        }
        return field.key().start() - start;
    }

    // ---- a key that was not there

    private Splice addInBlock(YamlNode.Fields parent, List<String> missing) {
        int indent = indentOf(parent.fields().get(0));
        String text = fields(missing, indent);
        YamlNode.Field last = parent.fields().get(parent.fields().size() - 1);
        int end = lines.lastEnd(Math.max(last.key().end(), last.value().end()));
        int next = lines.next(end);
        boolean unended = end == source.text().length();
        return Splice.of(source.text(), next, next, unended ? writer.lineBreak() + text : text + writer.lineBreak());
    }

    private String fields(List<String> keys, int indent) {
        String head = " ".repeat(indent) + writer.key(keys.get(0)) + ":";
        if (keys.size() > 1) {
            return head + writer.lineBreak() + fields(keys.subList(1, keys.size()), indent + writer.step());
        }
        return value.takesLines(writer)
                ? head + writer.lineBreak() + value.lines(writer, indent + writer.step())
                : head + " " + value.inline(writer, NewValue.Place.BLOCK);
    }

    private Splice addInFlow(YamlNode.Fields parent, List<String> missing) {
        NewValue nested = wrapped(missing.subList(1, missing.size()));
        String text = writer.key(missing.get(0)) + ": " + nested.inline(writer, NewValue.Place.FLOW);
        if (parent.fields().isEmpty()) {
            int open = source.text()
                            .indexOf(
                                    '{', parent.start() + parent.head().anchor().length())
                    + 1;
            return Splice.of(source.text(), open, open, text);
        }
        YamlNode.Field last = parent.fields().get(parent.fields().size() - 1);
        int end = Math.max(last.key().end(), last.value().end());
        int start = lines.start(last.key().start());
        boolean ownLine = lines.blank(start, last.key().start());
        String gap = ownLine
                ? writer.lineBreak() + source.text().substring(start, last.key().start())
                : " ";
        int comma = lines.skip(end);
        return source.text().startsWith(",", comma)
                ? Splice.of(source.text(), comma + 1, comma + 1, gap + text)
                : Splice.of(source.text(), end, end, "," + gap + text);
    }

    private NewValue wrapped(List<String> keys) {
        if (keys.isEmpty()) {
            return value;
        }
        YamlValue nested = value.value();
        for (int i = keys.size() - 1; i >= 0; i--) {
            nested = new YamlValue.Fields(java.util.Map.of(keys.get(i), nested));
        }
        return NewValue.of(nested);
    }

    /** How far the first map that stands in another is indented. */
    private int step() {
        int found = stepIn(source.root());
        return found > 0 ? found : 2;
    }

    private int stepIn(YamlNode.Fields map) {
        for (YamlNode.Field field : map.fields()) {
            if (field.value() instanceof YamlNode.Fields inner && !inner.flow()) {
                int own = column(field.key());
                int step = column(inner.fields().get(0).key()) - own;
                int found = step > 0 ? step : stepIn(inner);
                if (found > 0) {
                    return found;
                }
            }
        }
        return 0;
    }

    private int column(YamlNode node) {
        return node.start() - lines.start(node.start());
    }
}
