package dev.angee.templates.jinja;

import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** TemplateIncludes that others include; each is read once. */
final class Library {
    private final Machine machine;
    private final TemplateIncludes texts;
    private final Map<String, Template> read = new HashMap<>();

    Library(Machine machine, TemplateIncludes texts) {
        this.machine = machine;
        this.texts = texts;
    }

    /** The first there is, of one or several. */
    Optional<Template> find(String including, Object what) {
        List<Object> paths = what instanceof List<?> several ? Values.cast(several) : List.of(what);
        return paths.stream()
                .map(path -> texts.find(including, path(path)))
                .flatMap(Optional::stream)
                .findFirst()
                .map(this::template);
    }

    private Template template(TemplateText text) {
        Template known = read.get(text.name());
        if (known == null) {
            machine.budget().steps(2L * text.text().length());
            known = Template.of(text);
            read.put(text.name(), known);
        }
        return known;
    }

    Template need(String including, Object what) {
        return find(including, what).orElseThrow(() -> missing(what));
    }

    JinjaException missing(Object what) {
        return JinjaException.of("there is no template " + machine.text().repr(what));
    }

    private static String path(Object value) {
        if (value instanceof String path) {
            return path;
        }
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        throw JinjaException.of("the path of a template is a string, not " + Values.kind(value));
    }
}
