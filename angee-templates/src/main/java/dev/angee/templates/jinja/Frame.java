package dev.angee.templates.jinja;

import java.util.List;
import java.util.Map;

/**
 * Where a template is being rendered.
 *
 * @param template the text whose nodes run, for the names in errors and of what it includes
 * @param scope the names it sees
 * @param top the names that everything at the top of it sees: those of its blocks
 * @param out where it prints to
 * @param blocks for each block those that stand for it, the last heir first
 */
record Frame(Template template, Scope scope, Scope top, Draft out, Map<String, List<Heir>> blocks) {
    /** A block, and the text it stands in. */
    record Heir(Template template, Node.Block block) {}

    Frame inner() {
        return new Frame(template, scope.inner(), top, out, blocks);
    }

    Frame with(Scope other) {
        return new Frame(template, other, top, out, blocks);
    }

    Frame printingTo(Draft other) {
        return new Frame(template, scope, top, other, blocks);
    }
}
