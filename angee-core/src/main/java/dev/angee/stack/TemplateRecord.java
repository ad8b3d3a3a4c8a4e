package dev.angee.stack;

import dev.angee.internal.JsonFile;
import dev.angee.template.ChainedAnswers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a stack that was made from a template, besides what was rendered; it changes with the files.
 *
 * @param version of this format
 * @param levels how many folders above the stack's root the template is rendered to
 * @param template the template's name
 * @param active the template that the manifest named then, if it named one
 * @param answersFile the template's answers file, relative to the folder it is rendered to
 * @param inputs what the template, or one that it chains, was told; secrets are references
 * @param chained what its chained templates were rendered with
 */
record TemplateRecord(
        int version,
        int levels,
        String template,
        @Nullable String active,
        String answersFile,
        Map<String, String> inputs,
        List<ChainedAnswers> chained) {
    static final int VERSION = 1;

    TemplateRecord {
        JsonFile.requireVersion(version, VERSION);
        Objects.requireNonNull(template);
        Objects.requireNonNull(answersFile);
        inputs = Map.copyOf(inputs);
        chained = List.copyOf(chained);
    }

    static Path file(Path root) {
        return root.resolve("run/stack-template.json");
    }

    /** Empty if the stack was not made here, or by the Go operator alone. */
    static Optional<TemplateRecord> of(Path root) {
        return JsonFile.at(file(root)).read(TemplateRecord.class);
    }
}
