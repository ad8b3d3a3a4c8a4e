package dev.angee.templates;

import freemarker.core.ParseException;
import freemarker.core.TemplateElement;
import freemarker.core._CoreAPI;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the engine's language has and our templates do not. FreeMarker has no switch for most of these, so the parsed
 * tree is searched: each node prints its expressions in one canonical form, comments gone and escapes undone, which
 * leaves a template no second way to write them. The price is that a text <em>inside</em> an expression may not spell
 * one out either.
 */
@SuppressWarnings("deprecation") // FreeMarker calls its syntax tree deprecated and has nothing in its place
final class ForbiddenConstructs {
    private static final Pattern BUILT_IN =
            Pattern.compile("\\?(new|api|has_api|eval|interpret|left_pad|right_pad)\\b");
    // Not `x.now`, which is a key of x.
    private static final Pattern VARIABLE = Pattern.compile("(?<![\\w)\\]}\"'])\\.(now|get_optional_template)\\b");
    private static final Pattern DIRECTIVE = Pattern.compile("^#(include|import|setting)\\b");

    private static final Map<String, String> WAYS_OUT = Map.ofEntries(
            Map.entry("new", "a template reaches no classes"),
            Map.entry("api", "a template reaches no classes"),
            Map.entry("has_api", "a template reaches no classes"),
            Map.entry("eval", "a text is not run; ?eval_json reads data"),
            Map.entry("interpret", "a text is not run; use a macro"),
            Map.entry("left_pad", "its result has no limit; write the spaces out"),
            Map.entry("right_pad", "its result has no limit; write the spaces out"),
            Map.entry("now", "rendering twice gives the same text; pass the time as an input"),
            Map.entry("get_optional_template", "a template is one file; use a macro in the same file"),
            Map.entry("include", "a template is one file; use a macro in the same file"),
            Map.entry("import", "a template is one file; use a macro in the same file"),
            Map.entry("setting", "every template is rendered with the same settings"));

    private ForbiddenConstructs() {}

    /** Fails, with a line and a column, if one of them is in this part of a template. */
    static void refuse(TemplateElement element) throws ParseException {
        String description = element.getDescription();
        if (!description.startsWith("text ") && !description.startsWith("comment ")) {
            refuse(BUILT_IN, "?", description, element);
            refuse(VARIABLE, ".", description, element);
            refuse(DIRECTIVE, "#", description, element);
        }
        for (int i = 0; i < element.getChildCount(); i++) {
            refuse(_CoreAPI.getChildElement(element, i));
        }
    }

    private static void refuse(Pattern pattern, String sigil, String description, TemplateElement element)
            throws ParseException {
        Matcher found = pattern.matcher(description);
        if (found.find()) {
            String construct = found.group(1);
            throw new ParseException(sigil + construct + " is not available: " + WAYS_OUT.get(construct), element);
        }
    }
}
