package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.internal.PlainFile;
import dev.angee.internal.change.FileChanges;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestEnsure;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.TemplateSpec;
import dev.angee.mount.Confinement;
import dev.angee.render.AnswersFile;
import dev.angee.render.OnConflict;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderLayer;
import dev.angee.render.RenderOptions;
import dev.angee.render.RenderTarget;
import dev.angee.render.Rendering;
import dev.angee.render.TemplateUpdate;
import dev.angee.resolve.StackLayout;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import dev.angee.template.ChainEntry;
import dev.angee.template.KeptInputs;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateFile;
import dev.angee.template.TemplateInputs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A stack as its template makes it now, before anything is written. */
final class StackDraft {
    private static final String ROOT = "ANGEE_ROOT";
    private static final String MANIFEST = "angee.yaml";
    private static final String SUBJECT = "stack";
    private static final Pattern SUBJECTS = Pattern.compile(SUBJECT + "-(\\d{1,3})");
    private static final int LARGEST_ANSWERS = 1024 * 1024;
    private static final String ABOUT = "What the template of this stack was told; written anew at every update.";

    private final TemplateCatalog catalog;
    private final TemplateEngine engine;
    private final Path folder;
    private final OnConflict onConflict;
    private final Template template;
    private final TemplateInputs inputs;
    private final Map<SecretName, SecretValue> secrets = new TreeMap<>();
    private final Rendering rendering;

    private StackDraft(
            TemplateCatalog catalog,
            TemplateEngine engine,
            Path folder,
            OnConflict onConflict,
            Template template,
            TemplateInputs inputs) {
        this.catalog = catalog;
        this.engine = engine;
        this.folder = folder;
        this.onConflict = onConflict;
        this.template = template;
        this.inputs = inputs;
        this.secrets.putAll(inputs.secrets());
        this.rendering = render();
    }

    static StackDraft of(TemplateCatalog catalog, TemplateEngine engine, Path folder, NewStack wanted) {
        Template template = catalog.find(wanted.template(), SUBJECT);
        TemplateInputs inputs = engine.inputs(template, wanted.inputs(), KeptInputs.none());
        return new StackDraft(
                catalog, engine, folder.toAbsolutePath().normalize(), wanted.onConflict(), template, inputs);
    }

    static StackDraft again(
            TemplateCatalog catalog, TemplateEngine engine, Path root, TemplateUpdate wanted, Secrets secrets) {
        Told told = Told.of(root.toAbsolutePath().normalize());
        String ref = wanted.template().or(told::template).orElseThrow(() -> told.unknown("names no template"));
        Template template = catalog.find(ref, SUBJECT);
        KeptInputs kept = KeptInputs.none()
                .values(told.answers.values())
                .secrets(name -> secrets.get(name).hasValue() ? Optional.of(secrets.value(name)) : Optional.empty());
        TemplateInputs inputs = engine.inputs(template, wanted.inputs(), kept);
        StackDraft draft = new StackDraft(catalog, engine, told.folder, wanted.onConflict(), template, inputs);
        if (!draft.root().equals(told.root)) {
            throw new InvalidInputException(
                    ROOT,
                    "moves the root of the stack from " + told.root + " to " + draft.root() + "; make another stack");
        }
        return draft;
    }

    /** The lock of the root's manifest. */
    static Path lock(Path root) {
        return root.resolve("run/manifest.lock");
    }

    /** What has been begun in a root and not ended, and by what it can be. */
    static List<Reconciler> unfinished(Path root) {
        List<Reconciler> reconcilers = new ArrayList<>();
        for (String subject : new FileChanges(root, root.resolve("run/changes")).unfinished()) {
            Matcher levels = SUBJECTS.matcher(subject);
            if (levels.matches()) {
                Path folder = root;
                for (int up = Integer.parseInt(levels.group(1)); up > 0 && folder.getParent() != null; up--) {
                    folder = folder.getParent();
                }
                reconcilers.add(new Reconciler(target(folder, folder, root)));
            }
        }
        return reconcilers;
    }

    Path root() {
        return Confinement.below(folder, inputs.values().getOrDefault(ROOT, ""));
    }

    StackLayout layout() {
        return StackLayout.of(root());
    }

    Rendering rendering() {
        return rendering;
    }

    RenderOptions options() {
        return RenderOptions.defaults().with(onConflict);
    }

    Map<SecretName, SecretValue> secrets() {
        return secrets;
    }

    /** To look at: the folder need not be there, and all is seen from the nearest one that is. */
    RenderTarget seen() {
        Path top = folder;
        while (!Files.isDirectory(top) && top.getParent() != null) {
            top = top.getParent();
        }
        return target(top, folder, root());
    }

    /** To work at: makes the folder if it is not there. */
    RenderTarget made() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make " + folder + ": " + e.getMessage(), e);
        }
        return target(folder, folder, root());
    }

    /** The manifest, relative to the folder. */
    String manifest() {
        return relative(folder, root().resolve(MANIFEST));
    }

    /** How far the folder is above the root is in the subject, by which what was cut off is found from the root. */
    private static RenderTarget target(Path top, Path folder, Path root) {
        Path run = root.resolve("run");
        int levels = folder.equals(root) ? 0 : folder.relativize(root).getNameCount();
        return new RenderTarget(
                top,
                relative(top, folder),
                relative(top, run.resolve("template-state/stack.json")),
                run.resolve("changes"),
                SUBJECT + "-" + levels);
    }

    private static String relative(Path from, Path to) {
        return from.relativize(to).toString();
    }

    /** Chained templates first: the stack's own comes over them. */
    private Rendering render() {
        Rendering.Builder builder = Rendering.builder();
        List<String> manifests = new ArrayList<>();
        int index = 0;
        for (ChainEntry entry : template.metadata().chain()) {
            Scope scope = scope();
            Template chained = catalog.find(evaluate(entry.template(), scope), SUBJECT);
            Map<String, String> given = new TreeMap<>(inputs.values());
            entry.inputs().forEach((key, value) -> given.put(key, evaluate(value, scope)));
            TemplateInputs asked = engine.inputs(
                    chained, given, KeptInputs.none().secrets(name -> Optional.ofNullable(secrets.get(name))));
            secrets.putAll(asked.secrets());
            String place = entry.root()
                    .map(written -> evaluate(written, scope))
                    .or(() -> template.metadata().chainRoot())
                    .orElse("");
            Path destination = Confinement.below(folder, place);
            add(builder, "chain-" + index++, chained, asked.values(), destination);
            manifests.add(manifestOf(asked.values(), destination));
        }
        RenderLayer own = add(builder, SUBJECT, template, inputs.values(), folder);
        manifests.add(manifestOf(inputs.values(), folder));
        manifests.forEach(builder::manifest);
        if (!builder.renders(own.answersFile())) {
            builder.answers(own, new AnswersFile(Optional.of(template.ref()), inputs.values()).text(ABOUT));
        }
        Rendering all = builder.build();
        if (!all.manifests().contains(manifest())) {
            throw new InvalidInputException(
                    "template", "'" + template.ref() + "' renders no " + manifest() + ", so that it makes no stack");
        }
        return all;
    }

    private RenderLayer add(
            Rendering.Builder builder, String name, Template layer, Map<String, String> values, Path destination) {
        String place = relative(folder, destination);
        String answers = layer.metadata().format().answersFile();
        RenderLayer made = new RenderLayer(
                name, layer.ref(), place.isEmpty() ? "." : place, place.isEmpty() ? answers : place + "/" + answers);
        String manifest = manifestOf(values, destination);
        List<TemplateFile> files = new ArrayList<>();
        for (TemplateFile file : engine.render(layer, values, destination)) {
            boolean isManifest =
                    relative(folder, destination.resolve(file.path())).equals(manifest);
            files.add(isManifest ? ensured(layer, file) : file);
        }
        builder.layer(made, files);
        return made;
    }

    /** What a template makes sure of is as good as written in its manifest. */
    private static TemplateFile ensured(Template layer, TemplateFile file) {
        String text = new String(file.content(), StandardCharsets.UTF_8);
        String ensured = ManifestEnsure.apply(
                        layer.ref() + "/" + MANIFEST, text, layer.metadata().ensure(), EditOptions.defaults())
                .text();
        return new TemplateFile(file.path(), ensured.getBytes(StandardCharsets.UTF_8), file.executable(), file.link());
    }

    private String manifestOf(Map<String, String> values, Path destination) {
        Path root = Confinement.below(destination, values.getOrDefault(ROOT, ""));
        return relative(folder, root.resolve(MANIFEST));
    }

    private Scope scope() {
        Scope scope = Scope.of(Map.of("name", String.valueOf(folder.getFileName())));
        for (Map.Entry<String, String> input : inputs.values().entrySet()) {
            scope = scope.with("inputs." + input.getKey(), input.getValue());
        }
        return scope;
    }

    private String evaluate(Expression written, Scope scope) {
        try {
            return written.evaluate(scope);
        } catch (ExpressionException e) {
            throw new AngeeException(
                    e.code(), "template '" + template.ref() + "': '" + written + "': " + e.getMessage(), e);
        }
    }

    /** What is known of how a root was made. */
    private record Told(Path root, Path folder, Path file, AnswersFile answers, Optional<String> active) {
        /** The answers lie in the root, or above it where they say that the root is this one. */
        static Told of(Path root) {
            Manifest manifest = new ManifestReader().read(root.resolve(MANIFEST));
            TemplateSpec spec = manifest.template();
            String name = spec.answersFile().orElse(".copier-answers.yml");
            Optional<String> active = spec.active();
            Path here = Confinement.below(root, name);
            Optional<AnswersFile> own = read(here);
            if (own.isPresent()) {
                return new Told(root, root, here, own.get(), active);
            }
            Path above = root.getParent();
            if (above != null) {
                Path there = above.resolve(name);
                Optional<AnswersFile> outer = read(there)
                        .filter(answers -> above.resolve(answers.values().getOrDefault(ROOT, "."))
                                .normalize()
                                .equals(root));
                if (outer.isPresent()) {
                    return new Told(root, above, there, outer.get(), active);
                }
            }
            throw new InvalidInputException(
                    "template",
                    "it is not known what " + root + " was made from: there is no " + here
                            + "; make it from a template again, overwriting, or go on by hand");
        }

        Optional<String> template() {
            return active.or(answers::template);
        }

        InvalidInputException unknown(String why) {
            return new InvalidInputException("template", file + " " + why + "; say which to follow");
        }

        private static Optional<AnswersFile> read(Path file) {
            try {
                String text = new String(PlainFile.read(file, LARGEST_ANSWERS), StandardCharsets.UTF_8);
                return Optional.of(AnswersFile.read(file.toString(), text));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e, e);
            }
        }
    }
}
