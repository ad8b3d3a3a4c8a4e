package dev.angee.templates;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateRenderer;
import dev.angee.template.TemplateText;
import dev.angee.templates.jinja.Jinja;
import dev.angee.templates.jinja.JinjaException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Renders {@code .jinja} files as Copier does: Jinja2's language, nothing escaped, the last line break kept, and what is not
 * defined printed as nothing. Django's way to give a filter its argument, {@code x|add:y|split:","}, is read as well, since templates
 * in the field mix the two.
 *
 * <pre>{@code
 * new JinjaRenderer().render("compose.yaml.jinja", "name: {{ name|lower }}", Map.of("name", "Shop"));
 * }</pre>
 *
 * <p>What differs from Jinja2 is listed in {@code docs/templates.md}: whole numbers have 64 bits, what gives another result each time is
 * refused, and so are regular expressions and extensions.
 *
 * <p>A template computes with text, numbers, booleans, lists and mappings and reaches nothing else; there is no reflection in this
 * engine. It may take five million steps, which are some seconds, and make 32 million characters, its result included, of which
 * 16 MiB as UTF-8 may be printed; an item of a list counts as 32 characters, a character of the template as two steps. Calls and includes
 * nest 60 deep. Those are counted and not timed, so that the same template ends alike everywhere, but for one that nests more
 * deeply than the calling thread's stack has room for.
 *
 * <p>Thread-safe.
 */
public final class JinjaRenderer implements TemplateRenderer {
    private static final long STEPS = 5_000_000;
    private static final long MADE = 32_000_000;
    private static final int OUTPUT_BYTES = 16 * 1024 * 1024;

    private final Jinja jinja;

    /** A renderer for which what is not defined is nothing, as it is for Copier. */
    public JinjaRenderer() {
        this(false);
    }

    private JinjaRenderer(boolean strict) {
        jinja = new Jinja(STEPS, MADE, strict);
    }

    /** A renderer for which it is an error to use what is not defined, but for asking {@code x is defined} and {@code x|default(y)}. */
    public static JinjaRenderer strict() {
        return new JinjaRenderer(true);
    }

    @Override
    public String suffix() {
        return ".jinja";
    }

    @Override
    public String render(TemplateText text, Map<String, ?> inputs, TemplateIncludes includes) {
        if (text.text().indexOf('{') < 0
                && text.text().indexOf('\r') < 0
                && text.text().length() < OUTPUT_BYTES / 3) {
            return text.text(); // without a brace it is no template, as most parts of paths are none
        }
        String rendered = rendered(text, inputs, includes);
        if (rendered.length() > OUTPUT_BYTES / 3 && rendered.getBytes(StandardCharsets.UTF_8).length > OUTPUT_BYTES) {
            throw new AngeeException(
                    ErrorCode.FAILED, text.name() + ": made more than " + OUTPUT_BYTES + " bytes of text");
        }
        return rendered;
    }

    private String rendered(TemplateText text, Map<String, ?> inputs, TemplateIncludes includes) {
        try {
            return jinja.render(text, inputs, includes);
        } catch (JinjaException e) {
            throw new AngeeException(
                    e.isLimit() ? ErrorCode.FAILED : ErrorCode.INVALID, e.where() + ": " + e.getMessage(), e);
        } catch (AngeeException e) {
            throw e; // of whoever finds what is included
        } catch (RuntimeException e) {
            // A defect of ours, met by a template: typed, so that nothing of a program is torn down by it.
            throw new AngeeException(ErrorCode.FAILED, text.name() + ": could not be rendered: " + e, e);
        }
    }
}
