package dev.angee.service;

import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateRenderer;
import dev.angee.template.TemplateText;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A language in which <code>{{ name }}</code> is a value, and nothing where there is none. */
final class Braces implements TemplateRenderer {
    private static final Pattern VALUE = Pattern.compile("\\{\\{ (\\w+) \\}\\}");

    @Override
    public String suffix() {
        return ".tpl";
    }

    @Override
    public String render(TemplateText text, Map<String, ?> inputs, TemplateIncludes includes) {
        return VALUE.matcher(text.text()).replaceAll(value -> {
            Object found = inputs.get(value.group(1));
            return found == null ? "" : Matcher.quoteReplacement(found.toString());
        });
    }
}
