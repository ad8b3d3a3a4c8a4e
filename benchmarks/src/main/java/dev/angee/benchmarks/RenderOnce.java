package dev.angee.benchmarks;

import dev.angee.template.DirectoryTemplates;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateFile;
import dev.angee.templates.FreeMarkerRenderer;
import dev.angee.templates.JinjaRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Renders a template into a folder, once; for timing a whole process. */
public final class RenderOnce {
    private RenderOnce() {}

    /** The arguments are the library, the template's name in it, and where to. */
    public static void main(String[] args) throws IOException {
        render(Path.of(args[0]), args[1], Path.of(args[2]));
    }

    /** Reads the template anew, renders it and writes the files; says how many those are. */
    static int render(Path library, String name, Path to) throws IOException {
        Template template = new TemplateCatalog(List.of(new DirectoryTemplates(library))).find(name, "stack");
        TemplateEngine engine = new TemplateEngine(List.of(new JinjaRenderer(), new FreeMarkerRenderer()));
        List<TemplateFile> files = engine.render(template, engine.inputs(template, Map.of()));
        for (TemplateFile file : files) {
            Path place = to.resolve(file.path());
            Files.createDirectories(place.resolveSibling("."));
            Files.write(place, file.content());
        }
        return files.size();
    }
}
