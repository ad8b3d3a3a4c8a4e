package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Renders whole templates: files with the template's suffix through the engine for it, others as they are, and every part of
 * a path too; a part that becomes empty leaves the file out. Makes values, touches no file. Thread-safe.
 */
public final class TemplateEngine {
    private static final String JINJA = ".jinja";

    private final Map<String, TemplateRenderer> renderers = new TreeMap<>();
    private final RandomGenerator random;

    /**
     * An engine for some template languages.
     *
     * @param renderers one for each suffix
     */
    @Inject
    public TemplateEngine(Collection<TemplateRenderer> renderers) {
        this(renderers, new SecureRandom());
    }

    /**
     * An engine for some template languages.
     *
     * @param renderers one for each suffix
     * @param random makes the generated inputs; outside of tests a {@link SecureRandom}
     */
    public TemplateEngine(Collection<TemplateRenderer> renderers, RandomGenerator random) {
        renderers.forEach(renderer -> this.renderers.put(renderer.suffix(), renderer));
        this.random = random;
    }

    /**
     * The values a template is rendered with, as text: what is given where it is asked for, and its own defaults, which may be made of
     * the values before them.
     *
     * @param given may name more than the template asks for; that is kept
     * @throws InvalidInputException naming every required input that has no value, or one whose value is of another kind, none
     *     of its choices, or not what its validator takes; and if there is a secret among them, which would have no place here
     */
    public Map<String, String> inputs(Template template, Map<String, String> given) {
        TemplateInputs inputs = inputs(template, given, KeptInputs.none());
        if (!inputs.secrets().isEmpty()) {
            throw new InvalidInputException(
                    "inputs",
                    "template '" + template.ref() + "' has secrets, which have to be stored: "
                            + inputs.secrets().keySet());
        }
        return new TreeMap<>(inputs.values());
    }

    /**
     * The values a template is rendered with, and the secrets among them. A value that is given goes before the one of the last time,
     * that before the template's default, and that before a random value: base64url, made once, for it is one of the values
     * of the last time from then on. A secret that is generated is not made anew while the store has it. With the values that this
     * returned, and nothing else given, it returns them again.
     *
     * @param given may name more than the template asks for; that is kept. A secret is given as its value, or as the
     *     reference to one that has a value
     * @param kept what is there already
     * @throws InvalidInputException naming every required input that has no value; or one whose value is of another kind, none
     *     of its choices, or not what its validator takes; or one that is immutable and was something else the last time. No
     *     message holds the value of a secret
     */
    public TemplateInputs inputs(Template template, Map<String, String> given, KeptInputs kept) {
        return new Asking(answers(template), given, kept, length -> Optional.of(made(length))).inputs();
    }

    /** {@link #check(Template, Map, KeptInputs)} of something new. */
    public TemplateCheck check(Template template, Map<String, String> given) {
        return check(template, given, KeptInputs.none());
    }

    /**
     * What {@link #inputs(Template, Map, KeptInputs)} would refuse, and what it would return. Makes and stores nothing.
     *
     * @param given as there
     * @param kept as there
     * @throws AngeeException {@code INVALID} or {@code FAILED} if the template's own defaults or conditions cannot be evaluated
     */
    public TemplateCheck check(Template template, Map<String, String> given, KeptInputs kept) {
        return new Asking(answers(template), given, kept, length -> Optional.empty()).check();
    }

    private String made(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).substring(0, length);
    }

    private Answers answers(Template template) {
        return new Answers(template, renderer(template));
    }

    /**
     * The files a template makes of some inputs, in path order.
     *
     * @param inputs all the template can see, see {@link #inputs}
     * @throws AngeeException {@code INVALID} if a file cannot be rendered or would stand outside; {@code UNSUPPORTED} if
     *     there is no engine for the template's suffix
     */
    public List<TemplateFile> render(Template template, Map<String, String> inputs) {
        return new TreeRendering(template, renderer(template), answers(template).context(inputs)).files();
    }

    /**
     * The files that a template of a stack makes in some folder: {@link #render(Template, Map)}, with inputs of type {@code path} as
     * they are seen from the root of the stack, see {@link PathInputs}.
     *
     * @param inputs as they are kept, paths relative to the folder
     * @param destination the absolute folder
     */
    public List<TemplateFile> render(Template template, Map<String, String> inputs, Path destination) {
        return render(template, PathInputs.translated(template, inputs, destination));
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
