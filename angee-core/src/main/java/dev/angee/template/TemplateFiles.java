package dev.angee.template;

import java.util.List;

/**
 * The raw files of one template.
 *
 * @param ref the name it is known by, for example {@code workspaces/dev}
 * @param files every file and link, {@code copier.yml} included, in path order
 * @param shared files outside of it that it may include, by their paths from it, such as {@code ../_shared/body.jinja}
 */
public record TemplateFiles(String ref, List<TemplateFile> files, List<TemplateFile> shared) {
    /** Copies the lists. */
    public TemplateFiles {
        files = List.copyOf(files);
        shared = List.copyOf(shared);
    }

    /** A template that shares nothing with others. */
    public TemplateFiles(String ref, List<TemplateFile> files) {
        this(ref, files, List.of());
    }
}
