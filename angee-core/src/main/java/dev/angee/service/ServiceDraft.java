package dev.angee.service;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestEditor;
import dev.angee.manifest.ManifestEnsure;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.PoolSpec;
import dev.angee.port.PortPool;
import dev.angee.render.RenderLayer;
import dev.angee.render.Rendering;
import dev.angee.secret.SecretName;
import dev.angee.template.InputSpec;
import dev.angee.template.Template;
import dev.angee.template.TemplateFile;
import dev.angee.template.TemplateInputs;
import dev.angee.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service as its template makes it. Nothing is changed here; once the ports are known, it is rendered. */
final class ServiceDraft {
    private static final Pattern PORT = Pattern.compile("\\b" + ServiceNames.PORT + "(\\w+)");
    private static final int HIGHEST_PORT = 65_535;

    private final ServiceContext context;
    private final String name;
    private final Workspace workspace;
    private final Template template;
    private final TemplateInputs inputs;
    private final Map<String, Integer> ports = new TreeMap<>();
    private List<TemplateFile> files = List.of();
    private Optional<String> answersBefore = Optional.empty();
    private String document = "{}\n";

    ServiceDraft(ServiceContext context, String name, Workspace workspace, Template template, TemplateInputs inputs) {
        this.context = context;
        this.name = name;
        this.workspace = workspace;
        this.template = template;
        this.inputs = inputs;
    }

    String name() {
        return name;
    }

    Workspace workspace() {
        return workspace;
    }

    Template template() {
        return template;
    }

    TemplateInputs inputs() {
        return inputs;
    }

    /** What a template sees of where it is used, whatever it asks for. */
    static Map<String, String> given(String name, Workspace workspace) {
        Map<String, String> given = given(workspace);
        given.put(ServiceNames.SERVICE, name);
        return given;
    }

    /** The same, before the service has a name. */
    static Map<String, String> given(Workspace workspace) {
        Map<String, String> given = new TreeMap<>();
        given.put(ServiceNames.WORKSPACE, workspace.name());
        given.put(ServiceNames.PATH, workspace.path().toString());
        return given;
    }

    /** The secrets that it refers to and that are called by its own name; others are those of whoever made them. */
    Set<SecretName> ownSecrets() {
        Set<SecretName> own = new TreeSet<>();
        template.metadata().inputs().values().stream()
                .filter(InputSpec::secret)
                .forEach(input -> TemplateInputs.referenced(inputs.values().getOrDefault(input.name(), ""))
                        .filter(secret -> secret.value().equals(name + "-" + input.name()))
                        .ifPresent(own::add));
        return own;
    }

    /**
     * The pools that a port is needed from: those that its files name as {@code alloc_<pool>}, as far as the port shows in what is
     * rendered. What does not show gets a stand-in.
     */
    List<PortPool> pools() {
        Path file = context.layout().manifest();
        EditOptions options = EditOptions.defaults();
        String text = ManifestEnsure.apply(
                        file.toString(),
                        ManifestEditor.open(file, options).text(),
                        template.metadata().ensure(),
                        options)
                .text();
        Manifest manifest = new ManifestReader().read(file.toString(), text);
        List<PortPool> named = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String pool : named(manifest.pools().keySet())) {
            PoolSpec spec = manifest.pools().get(pool);
            if (spec == null) {
                unknown.add(pool);
                ports.put(pool, 1);
            } else {
                named.add(new PortPool(spec.name(), spec.first(), spec.last()));
                ports.put(pool, spec.first());
            }
        }
        List<TemplateFile> first = ports.isEmpty() ? List.of() : rendered(ports);
        requireNotShown(unknown, first);
        return named.stream()
                .filter(pool -> shows(
                        pool.name(), pool.last() > pool.first() ? pool.last() : pool.first() % HIGHEST_PORT + 1, first))
                .toList();
    }

    /** A word that only looks like a port is none. */
    private void requireNotShown(List<String> unknown, List<TemplateFile> first) {
        for (String pool : unknown) {
            if (shows(pool, 2, first)) {
                throw new InvalidInputException(
                        "template",
                        "'" + template.ref() + "' asks for a port of pool '" + pool + "'; declare operator.port_pool."
                                + pool + ".range in " + context.layout().manifest());
            }
        }
        unknown.forEach(ports::remove);
    }

    private boolean shows(String pool, int port, List<TemplateFile> first) {
        Map<String, Integer> other = new TreeMap<>(ports);
        other.put(pool, port);
        return !same(first, rendered(other));
    }

    private static boolean same(List<TemplateFile> one, List<TemplateFile> other) {
        boolean same = one.size() == other.size();
        for (int i = 0; same && i < one.size(); i++) {
            same = one.get(i).path().equals(other.get(i).path())
                    && one.get(i).link().equals(other.get(i).link())
                    && Arrays.equals(one.get(i).content(), other.get(i).content());
        }
        return same;
    }

    /** What its own files name, and of what they can include, as far as there is such a pool. */
    private Set<String> named(Set<String> pools) {
        Set<String> named = new TreeSet<>();
        String suffix = template.metadata().format().suffix();
        for (TemplateFile file : template.files().files()) {
            collect(file.path(), named);
            if (file.path().endsWith(suffix)) {
                collect(new String(file.content(), StandardCharsets.UTF_8), named);
            }
        }
        Set<String> shared = new TreeSet<>();
        template.files().shared().forEach(file -> collect(new String(file.content(), StandardCharsets.UTF_8), shared));
        shared.retainAll(pools);
        named.addAll(shared);
        return named;
    }

    private static void collect(String text, Set<String> named) {
        for (Matcher port = PORT.matcher(text); port.find(); ) {
            named.add(port.group(1));
        }
    }

    /** Renders it, with these ports. */
    void render(Map<String, Integer> leased) {
        ports.putAll(leased);
        files = rendered(ports);
        TemplateFile rendered = files.stream()
                .filter(file ->
                        file.path().equals(ServiceDocument.PATH) && file.link().isEmpty())
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        "template", "'" + template.ref() + "' renders no " + ServiceDocument.PATH));
        document = ServiceDocument.entries(template.ref(), name, rendered.content());
    }

    private List<TemplateFile> rendered(Map<String, Integer> with) {
        Map<String, String> values = new TreeMap<>(inputs.values());
        values.putAll(given(name, workspace));
        with.forEach((pool, port) -> values.put(ServiceNames.PORT + pool, port.toString()));
        return context.engine().render(template, values);
    }

    /** These are answers of the last time, also if it is not remembered that they were rendered. */
    void replacing(String answersFile) {
        answersBefore = Optional.of(answersFile);
    }

    /** The entries it is to have in the manifest, as a document. */
    String document() {
        return document;
    }

    /** Its files, and what is remembered of it. */
    Rendering rendering() {
        RenderLayer layer = new RenderLayer(
                "service", template.ref(), ".", template.metadata().format().answersFile());
        ServiceAnswers answers =
                new ServiceAnswers(Optional.of(template.ref()), Optional.of(workspace.name()), inputs.values());
        Rendering.Builder builder = Rendering.builder()
                .layer(layer, files)
                .answers(layer, answers.file(name))
                .remember(ServiceDocument.PATH);
        answersBefore.filter(layer.answersFile()::equals).ifPresent(builder::replaces);
        return builder.build();
    }

    /** Refuses to make it where there is something of its own already. */
    void requireFree(ManifestEditor manifest) {
        List<List<String>> wanted = new ArrayList<>(List.of(List.of("services", name), List.of("jobs", name)));
        for (String job : ServiceDocument.jobs(document)) {
            wanted.add(List.of("jobs", job));
            wanted.add(List.of("services", job));
        }
        for (List<String> path : wanted) {
            if (manifest.has(path)) {
                throw new ConflictException(
                        "service", name, String.join(".", path) + " is declared already; give it another name");
            }
        }
    }
}
