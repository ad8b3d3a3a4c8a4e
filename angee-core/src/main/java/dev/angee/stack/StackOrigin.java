package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.PlainFile;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.TemplateSpec;
import dev.angee.render.AnswersFile;
import dev.angee.render.LastRendering;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderLayer;
import dev.angee.resolve.StackLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of how a stack was made.
 *
 * @param root the stack's root
 * @param folder what its template was rendered to
 * @param file the answers
 * @param answers what the template was told
 * @param template the template to follow
 */
record StackOrigin(Path root, Path folder, Path file, AnswersFile answers, Optional<String> template) {
    private static final String STANDARD = ".copier-answers.yml";
    private static final int LARGEST = 1024 * 1024;
    private static final int MOST_LEVELS = 32;

    /**
     * Looks for the answers in the root and above it, where they say that the root is this one. The file's name is the one that
     * was rendered last, or that the manifest says, or the standard one.
     *
     * @throws InvalidInputException if there are none
     */
    static StackOrigin of(Path root) {
        Manifest manifest = new ManifestReader().read(StackLayout.of(root).manifest());
        Path folder = root;
        for (int level = 0; folder != null && level <= MOST_LEVELS; level++, folder = folder.getParent()) {
            Optional<LastRendering> last = new Reconciler(StackDraft.target(folder, folder, root)).last();
            for (String name : names(manifest.template(), last)) {
                Path file = folder.resolve(name).normalize();
                Optional<AnswersFile> answers = file.startsWith(folder) ? read(file) : Optional.empty();
                if (answers.isPresent() && rootOf(folder, answers.get()).equals(root)) {
                    return new StackOrigin(
                            root, folder, file, answers.get(), template(manifest, last, folder, root, answers.get()));
                }
            }
        }
        throw new InvalidInputException(
                "template",
                "it is not known what " + root + " was made from: there is no " + root.resolve(STANDARD)
                        + " and none above it that says so; make it from a template again, overwriting");
    }

    /** Where they say that the root is. */
    private static Path rootOf(Path folder, AnswersFile answers) {
        return folder.resolve(answers.values().getOrDefault("ANGEE_ROOT", ".")).normalize();
    }

    private static Set<String> names(TemplateSpec spec, Optional<LastRendering> last) {
        Set<String> names = new LinkedHashSet<>();
        last.flatMap(StackOrigin::own)
                .map(RenderLayer::answersFile)
                .filter(name -> !name.isEmpty())
                .ifPresent(names::add);
        spec.answersFile().ifPresent(names::add);
        names.add(STANDARD);
        return names;
    }

    /** The stack's own layer is the last. */
    private static Optional<RenderLayer> own(LastRendering last) {
        List<RenderLayer> layers = last.layers();
        return layers.isEmpty() ? Optional.empty() : Optional.of(layers.get(layers.size() - 1));
    }

    /**
     * What somebody has written into the manifest since the last rendering goes first; then what was rendered, then what the
     * manifest says, then the answers. The Go operator remembers a path of its host, which is nobody's name.
     */
    private static Optional<String> template(
            Manifest manifest, Optional<LastRendering> last, Path folder, Path root, AnswersFile answers) {
        Optional<String> active = manifest.template().active();
        String path = folder.relativize(root.resolve("angee.yaml")).toString();
        Optional<String> activeThen = last.map(LastRendering::documents)
                .flatMap(documents -> Optional.ofNullable(documents.get(path)))
                .flatMap(
                        text -> new ManifestReader().read(path, text).template().active());
        Optional<String> rendered =
                last.flatMap(StackOrigin::own).map(RenderLayer::template).filter(ref -> !ref.startsWith("/"));
        if (rendered.isPresent() && !active.equals(activeThen) && active.isPresent()) {
            return active;
        }
        return rendered.or(() -> active).or(answers::template);
    }

    private static Optional<AnswersFile> read(Path file) {
        try {
            String text = new String(PlainFile.read(file, LARGEST), StandardCharsets.UTF_8);
            return Optional.of(AnswersFile.read(file.toString(), text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e, e);
        }
    }
}
