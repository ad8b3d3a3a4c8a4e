package dev.angee.template;

import java.util.List;
import java.util.Optional;

/**
 * How the files of a template become the rendered ones.
 *
 * @param suffix the ending of the files that are rendered; others are copied
 * @param subdirectory the folder of the template whose content is rendered; empty for all of it
 * @param excluded patterns of rendered paths that are left out, as in a {@code .gitignore}; each is a template
 * @param preserveLinks whether links stay links; otherwise what they lead to is rendered in their place
 * @param answersFile what the template calls its answers file
 * @param includeRoot the folder above the template, as a relative path, below which it may include files; its own if absent
 */
public record TreeFormat(
        String suffix,
        String subdirectory,
        List<String> excluded,
        boolean preserveLinks,
        String answersFile,
        Optional<String> includeRoot) {
    /** What Copier leaves out where a template says nothing. */
    static final List<String> EXCLUDED =
            List.of("copier.yaml", "copier.yml", "~*", "*.py[co]", "__pycache__", ".git", ".DS_Store", ".svn");

    /** Copies the list. */
    public TreeFormat {
        excluded = List.copyOf(excluded);
    }
}
