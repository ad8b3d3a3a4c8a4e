package dev.angee.internal.yaml;

import dev.angee.NotFoundException;
import java.util.List;

/** Finds what to cut so that one entry is gone and nothing else has moved. */
final class EntryRemoval {
    private final YamlSource source;
    private final Lines lines;
    private final List<String> path;
    private final EntryPath entry;

    EntryRemoval(YamlSource source, List<String> path) {
        this.source = source;
        this.lines = new Lines(source.text());
        this.path = path;
        this.entry = EntryPath.follow(source, path);
    }

    Splice splice() {
        if (entry.target().isEmpty()) {
            if (entry.missing().size() == 1 && !entry.endsInNothing()) {
                entry.refuseMerged(path.get(path.size() - 1));
            }
            throw new NotFoundException("entry", String.join(".", path), "in " + source.file());
        }
        YamlNode.Field field = entry.target().get();
        entry.refuseLooseEnds(field);
        return entry.parent().flow() ? inFlow(field) : inBlock(field);
    }

    /** Whole lines: those of the entry, and the comments directly above it. */
    private Splice inBlock(YamlNode.Field field) {
        int start = lines.start(field.key().start());
        if (!lines.blank(start, field.key().start())) {
            throw entry.unsupported("it does not begin its line");
        }
        int end = lines.lastEnd(Math.max(field.key().end(), field.value().end()));
        int from = withComments(start, field.key().start() - start, entry.floor(field));
        boolean emptiesRoot =
                entry.maps().size() == 1 && entry.parent().fields().size() == 1;
        return Splice.of(source.text(), from, lines.next(end), emptiesRoot ? "{}" + lines.lineBreak() : "");
    }

    /** A block of comments that begins the file is about the file, and stays. */
    private int withComments(int start, int indent, int floor) {
        int from = start;
        while (true) {
            int above = lines.previous(from);
            boolean comment = above < from
                    && above >= floor
                    && lines.blank(above, Math.min(above + indent, source.text().length()))
                    && source.text().startsWith("#", above + indent);
            if (!comment) {
                return from < start && lines.previous(from) == from ? start : from;
            }
            from = above;
        }
    }

    private Splice inFlow(YamlNode.Field field) {
        List<YamlNode.Field> fields = entry.parent().fields();
        int index = fields.indexOf(field);
        int from = field.key().start();
        int to = Math.max(field.key().end(), field.value().end());
        if (source.text().charAt(lines.skip(separatorBefore(index))) == '?') {
            throw entry.unsupported("its key is written with '?'");
        }
        int comma = lines.skip(to);
        if (source.text().charAt(comma) == ',') {
            boolean last = index == fields.size() - 1;
            int next = last ? comma + 1 : fields.get(index + 1).key().start();
            boolean gapHasMore = !source.text().substring(comma + 1, next).isBlank();
            return Splice.of(source.text(), from, gapHasMore ? comma + 1 : next, "");
        }
        if (index > 0) {
            int before = separatorBefore(index) - 1;
            boolean gapHasMore = !source.text().substring(before + 1, from).isBlank();
            return Splice.of(source.text(), gapHasMore ? from : before, to, "");
        }
        return Splice.of(source.text(), from, to, "");
    }

    /** The offset behind the brace or the comma before a field. */
    private int separatorBefore(int index) {
        List<YamlNode.Field> fields = entry.parent().fields();
        if (index == 0) {
            // An anchor or a tag may stand before the brace.
            return source.text().lastIndexOf('{', fields.get(0).key().start() - 1) + 1;
        }
        YamlNode.Field before = fields.get(index - 1);
        return lines.skip(Math.max(before.key().end(), before.value().end())) + 1;
    }
}
