package dev.angee.template;

import java.util.List;

/**
 * The raw files of one template.
 *
 * @param ref the name it is known by, for example {@code workspaces/dev}
 * @param files every file and link, {@code copier.yml} included, in path order
 * @param shared files outside of it that it may include, by their paths from it, such as {@code ../_shared/body.jinja}
 * @param origin where it was found
 */
public record TemplateFiles(String ref, List<TemplateFile> files, List<TemplateFile> shared, TemplateOrigin origin) {
    /** How many files one template may have, with those that it shares. */
    public static final int MOST_FILES = 20_000;

    /** How many bytes these may have. */
    public static final int MOST_BYTES = 64 * 1024 * 1024;

    /** Copies the lists. */
    public TemplateFiles {
        files = List.copyOf(files);
        shared = List.copyOf(shared);
    }

    /** A template that shares nothing with others. */
    public TemplateFiles(String ref, List<TemplateFile> files, TemplateOrigin origin) {
        this(ref, files, List.of(), origin);
    }

    /** The same, of a library that does not say where. */
    public TemplateFiles(String ref, List<TemplateFile> files) {
        this(ref, files, List.of(), TemplateOrigin.unknown());
    }

    TemplateFiles sharing(List<TemplateFile> others) {
        return new TemplateFiles(ref, files, others, origin);
    }
}
