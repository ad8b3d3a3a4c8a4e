package dev.angee.template;

import java.util.List;

/**
 * The raw files of one template.
 *
 * @param ref the name it is known by, for example {@code workspaces/dev}
 * @param files every file, {@code copier.yml} included, in path order
 */
public record TemplateFiles(String ref, List<TemplateFile> files) {
    /** Copies the list. */
    public TemplateFiles {
        files = List.copyOf(files);
    }
}
