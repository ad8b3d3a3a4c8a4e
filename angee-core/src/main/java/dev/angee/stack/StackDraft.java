package dev.angee.stack;

import dev.angee.InvalidInputException;
import dev.angee.expression.Scope;
import dev.angee.manifest.Manifest;
import dev.angee.mount.Confinement;
import dev.angee.render.AnswersFile;
import dev.angee.render.OnConflict;
import dev.angee.render.RenderLayer;
import dev.angee.render.RenderOptions;
import dev.angee.render.RenderedManifest;
import dev.angee.render.Rendering;
import dev.angee.render.Resolution;
import dev.angee.render.TemplateUpdate;
import dev.angee.resolve.StackLayout;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.template.ChainEntry;
import dev.angee.template.ChainedAnswers;
import dev.angee.template.InputSpec;
import dev.angee.template.KeptInputs;
import dev.angee.template.Template;
import dev.angee.template.TemplateChain;
import dev.angee.template.TemplateFile;
import dev.angee.template.TemplateInputs;
import dev.angee.template.Written;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** A stack as its template makes it now, before anything is written. */
final class StackDraft {
    private static final String ROOT = "ANGEE_ROOT";
    private static final String SUBJECT = "stack";
    private static final String ABOUT = "What the template of this stack was told; written anew at every update.";

    private final StackTools tools;
    private final Path folder;
    private final Resolution resolution;
    private final TemplateChain chain;
    private final Set<String> asked;
    private final List<ChainedAnswers> chainedBefore;
    private final List<ChainedAnswers> chainedNow = new ArrayList<>();
    private final TemplateInputs inputs;
    private final StackPlace place;
    private final Function<SecretName, Optional<SecretValue>> stored;
    private final Optional<Path> answersBefore;
    private final Map<SecretName, SecretValue> secrets = new TreeMap<>();
    private final Rendering rendering;

    private StackDraft(
            StackTools tools,
            Path folder,
            Resolution resolution,
            Asked asked,
            Function<SecretName, Optional<SecretValue>> stored,
            Optional<Path> answersBefore) {
        this.tools = tools;
        this.folder = folder;
        this.resolution = resolution;
        this.stored = stored;
        this.answersBefore = answersBefore;
        this.chain = TemplateChain.of(tools.catalog(), asked.template(), known -> shown(known, asked));
        chain.asked().requireSpelt(asked.given().keySet(), asked.kept().keySet());
        this.asked = chain.asked().names();
        this.chainedBefore = asked.chained();
        KeptInputs kept = KeptInputs.none().values(withoutSecrets(asked.kept())).secrets(stored);
        this.inputs = tools.engine().inputs(chain.template(), withSecretsOf(asked), kept);
        this.place =
                new StackPlace(folder, Confinement.below(folder, inputs.values().getOrDefault(ROOT, "")));
        this.secrets.putAll(inputs.secrets());
        this.rendering = render();
    }

    /**
     * What a template is asked with.
     *
     * @param template the template
     * @param given what it is given now
     * @param kept what it was told before
     * @param chained what its chained templates were rendered with before
     */
    private record Asked(
            Template template, Map<String, String> given, Map<String, String> kept, List<ChainedAnswers> chained) {}

    /**
     * A stack that is wanted.
     *
     * @param stored the value of a secret, if it has one
     */
    static StackDraft of(
            StackTools tools, Path folder, NewStack wanted, Function<SecretName, Optional<SecretValue>> stored) {
        Template template = tools.catalog().find(wanted.template(), SUBJECT);
        Asked asked = new Asked(template, wanted.inputs(), Map.of(), List.of());
        return new StackDraft(tools, folder, Resolution.of(wanted.onConflict()), asked, stored, Optional.empty());
    }

    /**
     * A stack that was made, as it is to be now.
     *
     * @param stored the value of a secret, if it has one
     */
    static StackDraft again(
            StackTools tools,
            StackOrigin origin,
            TemplateUpdate wanted,
            Function<SecretName, Optional<SecretValue>> stored) {
        String ref = wanted.template()
                .or(origin::template)
                .orElseThrow(() -> new InvalidInputException(
                        "template", origin.file() + " names no template; say which to follow"));
        Template template = tools.catalog().find(ref, SUBJECT);
        Asked asked = new Asked(template, wanted.inputs(), origin.inputs(), origin.chained());
        StackDraft draft =
                new StackDraft(tools, origin.folder(), wanted.resolution(), asked, stored, Optional.of(origin.file()));
        if (!draft.root().equals(origin.root())) {
            throw new InvalidInputException(
                    ROOT,
                    "moves the root of the stack from " + origin.root() + " to " + draft.root()
                            + "; make another stack");
        }
        return draft;
    }

    /** What the names of chained templates are made of: nothing that is secret. */
    private Scope shown(Template known, Asked asked) {
        Map<String, String> all = new TreeMap<>(asked.kept());
        all.putAll(asked.given());
        Map<String, String> shown =
                new TreeMap<>(tools.engine().check(known, all).effective());
        shown.keySet().removeAll(TemplateChain.secretsOf(known));
        return scope(folder, shown);
    }

    private static Scope scope(Path folder, Map<String, String> inputs) {
        return Written.inputs(Scope.of(Map.of("name", String.valueOf(folder.getFileName()))), inputs);
    }

    private boolean isTold(String input) {
        return asked.contains(input) || input.equals(ROOT);
    }

    private boolean isSecret(String input) {
        InputSpec spec = chain.template().metadata().inputs().get(input);
        return spec != null && spec.secret();
    }

    /** The answers of the Go operator hold secrets in clear: such a one is given, and stored from now on. */
    private Map<String, String> withSecretsOf(Asked asked) {
        Map<String, String> given = new TreeMap<>();
        asked.kept().forEach((name, value) -> {
            if (isSecret(name)
                    && !value.isBlank()
                    && TemplateInputs.referenced(value).isEmpty()) {
                given.put(name, value);
            }
        });
        given.putAll(asked.given());
        return given;
    }

    private Map<String, String> withoutSecrets(Map<String, String> kept) {
        Map<String, String> plain = new TreeMap<>(kept);
        plain.entrySet()
                .removeIf(each -> !isTold(each.getKey())
                        || (isSecret(each.getKey())
                                && TemplateInputs.referenced(each.getValue()).isEmpty()));
        return plain;
    }

    /** Where it is to be. */
    StackPlace place() {
        return place;
    }

    Path root() {
        return place.root();
    }

    StackLayout layout() {
        return StackLayout.of(root());
    }

    Rendering rendering() {
        return rendering;
    }

    RenderOptions options() {
        boolean isNew =
                answersBefore.isEmpty() && resolution.standard() == OnConflict.REFUSE; // in a root that is empty
        return RenderOptions.defaults()
                .with(resolution)
                .with(isNew ? RenderOptions.Memory.FORGOTTEN : RenderOptions.Memory.KEPT)
                .withSecrets(tools.keeper(), List.of());
    }

    Map<SecretName, SecretValue> secrets() {
        return secrets;
    }

    /** The manifests that are rendered, relative to the folder. */
    Set<String> manifests() {
        return rendering.manifests();
    }

    /**
     * What is to be remembered of it.
     *
     * @param active the template that the manifest names
     */
    TemplateRecord record(Optional<String> active) {
        return new TemplateRecord(
                TemplateRecord.VERSION,
                place.levels(),
                chain.template().ref(),
                active.orElse(null),
                own(rendering).answersFile(),
                told(),
                chainedNow);
    }

    private static RenderLayer own(Rendering rendering) {
        return rendering.layers().get(rendering.layers().size() - 1);
    }

    /** Chained templates first: the stack's own comes over them. */
    private Rendering render() {
        Template template = chain.template();
        Rendering.Builder builder = Rendering.builder();
        Scope scope = scope(folder, inputs.values());
        List<ChainEntry> entries = template.metadata().chain();
        for (int i = 0; i < entries.size(); i++) {
            ChainEntry entry = entries.get(i);
            Template chained = chain.chained().get(i);
            String below = entry.root()
                    .map(written -> Written.evaluate(template, written, scope))
                    .or(() -> template.metadata().chainRoot())
                    .orElse("");
            Path destination = Confinement.below(folder, below);
            add(builder, "chain-" + i, chained, chainedInputs(i, place.relative(destination), scope), destination);
        }
        RenderLayer own = add(builder, SUBJECT, template, inputs.values(), folder);
        answersBefore.ifPresent(file -> {
            String before = place.relative(file);
            builder.replaces(before);
            if (!before.equals(own.answersFile())) {
                builder.drops(before);
            }
        });
        Rendering all = builder.build();
        if (!all.manifests().contains(place.manifest())) {
            throw new InvalidInputException(
                    "template",
                    "'" + template.ref() + "' renders no " + place.manifest() + ", so that it makes no stack");
        }
        return all;
    }

    private Map<String, String> chainedInputs(int index, String below, Scope scope) {
        Template chained = chain.chained().get(index);
        KeptInputs kept = KeptInputs.none()
                .values(ChainedAnswers.kept(chainedBefore, chained, below))
                .secrets(this::secret);
        TemplateInputs answered = tools.engine().inputs(chained, chain.given(index, inputs.values(), scope), kept);
        secrets.putAll(answered.secrets());
        chainedNow.add(new ChainedAnswers(chained.ref(), below, answered.values()));
        return answered.values();
    }

    private Optional<SecretValue> secret(SecretName name) {
        return Optional.ofNullable(secrets.get(name)).or(() -> stored.apply(name));
    }

    private RenderLayer add(
            Rendering.Builder builder, String name, Template layer, Map<String, String> values, Path destination) {
        String below = place.relative(destination);
        String answers = layer.metadata().format().answersFile();
        RenderLayer made = new RenderLayer(
                name, layer.ref(), below.isEmpty() ? "." : below, below.isEmpty() ? answers : below + "/" + answers);
        String manifest = manifestOf(values, destination);
        boolean isAnswered = false;
        List<TemplateFile> files = new ArrayList<>();
        for (TemplateFile file : tools.engine().render(layer, values, destination)) {
            boolean isManifest =
                    place.relative(destination.resolve(file.path())).equals(manifest);
            files.add(isManifest ? RenderedManifest.complete(layer, file, secretsOf(layer, values)) : file);
            isAnswered |= file.path().equals(answers);
        }
        builder.layer(made, files).manifest(manifest);
        if (name.equals(SUBJECT) && !isAnswered) {
            builder.answers(made, new AnswersFile(Optional.of(layer.ref()), told()).text(ABOUT));
        }
        return made;
    }

    private Map<String, String> told() {
        Map<String, String> told = new TreeMap<>(inputs.values());
        told.keySet().removeIf(input -> !isTold(input));
        for (int i = 0; i < chainedNow.size(); i++) { // a secret that only a chained template has made up
            Map<String, String> answered = chainedNow.get(i).inputs();
            for (String secret : TemplateChain.secretsOf(chain.chained().get(i))) {
                String reference = answered.getOrDefault(secret, "");
                told.merge(secret, reference, (own, other) -> own.isBlank() ? other : own);
            }
        }
        return told;
    }

    private static List<SecretName> secretsOf(Template layer, Map<String, String> values) {
        return layer.metadata().inputs().values().stream()
                .filter(InputSpec::secret)
                .flatMap(input -> TemplateInputs.referenced(values.getOrDefault(input.name(), "")).stream())
                .toList();
    }

    private String manifestOf(Map<String, String> values, Path destination) {
        Path root = Confinement.below(destination, values.getOrDefault(ROOT, ""));
        return place.relative(root.resolve(Manifest.FILE_NAME));
    }
}
