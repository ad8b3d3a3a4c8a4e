package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Renders whole templates: files with the template's suffix through the engine for it, others as they are, and every part of
 * a path too; a part that becomes empty leaves the file out. Makes values, touches no file. Thread-safe.
 */
public final class TemplateEngine {
    private static final String JINJA = ".jinja";

    private final Map<String, TemplateRenderer> renderers = new TreeMap<>();

    /**
     * An engine for some template languages.
     *
     * @param renderers one for each suffix
     */
    @Inject
    public TemplateEngine(Collection<TemplateRenderer> renderers) {
        renderers.forEach(renderer -> this.renderers.put(renderer.suffix(), renderer));
    }

    /**
     * The values a template is rendered with, as text: what is given where it is asked for, and its own defaults, which may be made of
     * the values before them.
     *
     * @param given may name more than the template asks for; that is kept
     * @throws InvalidInputException naming every required input that has no value, or one whose value is of another kind, none
     *     of its choices, or not what its validator takes
     */
    public Map<String, String> inputs(Template template, Map<String, String> given) {
        return new Answers(template, renderer(template)).all(given);
    }

    /**
     * The files a template makes of some inputs, in path order.
     *
     * @param inputs all the template can see, see {@link #inputs}
     * @throws AngeeException {@code INVALID} if a file cannot be rendered or would stand outside; {@code UNSUPPORTED} if
     *     there is no engine for the template's suffix
     */
    public List<TemplateFile> render(Template template, Map<String, String> inputs) {
        TemplateRenderer renderer = renderer(template);
        return new TreeRendering(template, renderer, new Answers(template, renderer).context(inputs)).files();
    }

    /** The engine of the template's suffix; Copier's templates are in its language whatever they call their files. */
    private TemplateRenderer renderer(Template template) {
        String suffix = template.metadata().format().suffix();
        TemplateRenderer renderer = renderers.getOrDefault(suffix, renderers.get(JINJA));
        if (renderer == null) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "template '" + template.ref() + "' is written in '" + suffix + "' files; engines: "
                            + String.join(", ", renderers.keySet()));
        }
        return renderer;
    }
}
