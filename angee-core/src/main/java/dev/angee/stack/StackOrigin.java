package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.PlainFile;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.render.AnswersFile;
import dev.angee.render.LastRendering;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderLayer;
import dev.angee.resolve.StackLayout;
import dev.angee.template.ChainedAnswers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known of how a stack was made.
 *
 * @param root the stack's root
 * @param folder what its template was rendered to
 * @param file the answers file
 * @param inputs what the template was told
 * @param template the template to follow
 * @param chained what its chained templates were rendered with
 */
record StackOrigin(
        Path root,
        Path folder,
        Path file,
        Map<String, String> inputs,
        Optional<String> template,
        List<ChainedAnswers> chained) {
    private static final String STANDARD = ".copier-answers.yml";
    private static final String CHAINED = "chain-";
    private static final int LARGEST = 1024 * 1024;
    private static final int MOST_LEVELS = 32;

    /**
     * What was remembered, and what somebody has written into the answers since; else what the Go operator's answers say.
     *
     * @throws InvalidInputException if it is not known
     */
    static StackOrigin of(Path root) {
        Manifest manifest = new ManifestReader().read(StackLayout.of(root).manifest());
        return TemplateRecord.of(root)
                .flatMap(record -> remembered(root, manifest, record))
                .orElseGet(() -> found(root, manifest));
    }

    private static Optional<StackOrigin> remembered(Path root, Manifest manifest, TemplateRecord record) {
        Path folder = root;
        for (int up = record.levels(); up > 0 && folder != null; up--) {
            folder = folder.getParent();
        }
        if (folder == null) {
            return Optional.empty(); // it was moved to where there are not so many above it
        }
        Path file = folder.resolve(record.answersFile()).normalize();
        Map<String, String> inputs = new TreeMap<>(record.inputs());
        (file.startsWith(folder) ? read(file) : Optional.<AnswersFile>empty())
                .ifPresent(answers -> inputs.putAll(answers.values()));
        Optional<String> active = manifest.template().active();
        boolean isFollowing = active.isEmpty() || active.equals(Optional.ofNullable(record.active()));
        Optional<String> template = isFollowing ? Optional.of(record.template()) : active;
        return Optional.of(new StackOrigin(root, folder, file, inputs, template, record.chained()));
    }

    /**
     * Looks for answers in the root and above it, where they say that the root is this one. The file's name is the one that was
     * rendered last, or that the manifest says, or the standard one; not that of a chained template.
     */
    private static StackOrigin found(Path root, Manifest manifest) {
        Path folder = root;
        for (int level = 0; folder != null && level <= MOST_LEVELS; level++, folder = folder.getParent()) {
            Optional<LastRendering> last = new Reconciler(new StackPlace(folder, root).target()).last();
            if (last.isPresent() && !isRenderedFrom(last.get(), document(folder, root))) {
                continue;
            }
            for (String name : names(manifest, last)) {
                Path file = folder.resolve(name).normalize();
                Optional<AnswersFile> answers =
                        file.startsWith(folder) && isOfSameOwner(file, root) ? read(file) : Optional.empty();
                if (answers.isPresent() && isRoot(folder, answers.get(), root)) {
                    return new StackOrigin(
                            root,
                            folder,
                            file,
                            answers.get().values(),
                            template(manifest, last, document(folder, root), answers.get()),
                            List.of());
                }
            }
        }
        throw new InvalidInputException(
                "template",
                "it is not known what " + root + " was made from: there is no " + root.resolve(STANDARD)
                        + " and none above it that says so; make it from a template again, overwriting");
    }

    private static String document(Path folder, Path root) {
        return folder.relativize(root.resolve(Manifest.FILE_NAME)).toString();
    }

    /** Whether the manifest has been rendered to this path; what is remembered is relative to the folder that was rendered to. */
    private static boolean isRenderedFrom(LastRendering last, String document) {
        return last.documents().isEmpty() || last.documents().containsKey(document);
    }

    /** Whether they say that the root is this one. */
    private static boolean isRoot(Path folder, AnswersFile answers, Path root) {
        try {
            return folder.resolve(answers.values().getOrDefault("ANGEE_ROOT", "."))
                    .normalize()
                    .equals(root);
        } catch (InvalidPathException e) {
            return false; // they name no folder at all
        }
    }

    /** Others may put files into a folder above, such as {@code /tmp}. */
    private static boolean isOfSameOwner(Path file, Path root) {
        try {
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    && Objects.equals(Files.getOwner(file, LinkOption.NOFOLLOW_LINKS), Files.getOwner(root));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Set<String> names(Manifest manifest, Optional<LastRendering> last) {
        Set<String> names = new LinkedHashSet<>();
        last.flatMap(StackOrigin::own)
                .map(RenderLayer::answersFile)
                .filter(name -> !name.isEmpty())
                .ifPresent(names::add);
        manifest.template().answersFile().ifPresent(names::add);
        names.add(STANDARD);
        last.ifPresent(rendered -> rendered.layers().stream()
                .filter(layer -> layer.name().startsWith(CHAINED))
                .map(RenderLayer::answersFile)
                .forEach(names::remove));
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
            Manifest manifest, Optional<LastRendering> last, String document, AnswersFile answers) {
        Optional<String> active = manifest.template().active();
        Optional<String> activeThen = last.map(LastRendering::documents)
                .flatMap(documents -> Optional.ofNullable(documents.get(document)))
                .flatMap(text ->
                        new ManifestReader().read(document, text).template().active());
        Optional<String> rendered =
                last.flatMap(StackOrigin::own).map(RenderLayer::template).filter(ref -> !ref.startsWith("/"));
        boolean isRewritten = active.isPresent() && !active.equals(activeThen);
        return isRewritten ? active : rendered.or(() -> active).or(answers::template);
    }

    private static Optional<AnswersFile> read(Path file) {
        try {
            String text = new String(PlainFile.read(file, LARGEST), StandardCharsets.UTF_8);
            return Optional.of(AnswersFile.read(file.toString(), text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static AngeeException unreadable(Path file, IOException e) {
        return new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e, e);
    }
}
