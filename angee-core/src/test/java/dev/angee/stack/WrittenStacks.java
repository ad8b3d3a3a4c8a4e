package dev.angee.stack;

import dev.angee.template.DirectoryTemplates;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A library of stack templates that tests write. */
final class WrittenStacks {
    private final Path library;
    private final TemplateRenderer renderer;

    WrittenStacks(Path library, TemplateRenderer renderer) {
        this.library = library;
        this.renderer = renderer;
    }

    StackTemplates with(StackContext context) {
        return new StackTemplates(
                new TemplateCatalog(List.of(new DirectoryTemplates(library))),
                new TemplateEngine(List.of(renderer)),
                context);
    }

    /** Writes files of a template; deletes none. */
    void write(String name, String metadata, Map<String, String> files) throws IOException {
        Path template = Files.createDirectories(library.resolve("stacks").resolve(name));
        Files.writeString(template.resolve("copier.yml"), metadata);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path place = template.resolve(file.getKey());
            Files.createDirectories(place.resolveSibling("."));
            Files.writeString(place, file.getValue());
        }
    }
}
