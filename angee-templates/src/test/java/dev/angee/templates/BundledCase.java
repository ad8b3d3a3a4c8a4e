package dev.angee.templates;

import dev.angee.agent.AgentHardening;
import dev.angee.compile.PlanCompiler;
import dev.angee.compile.PlanTransform;
import dev.angee.ingress.CaddyEdge;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestEditor;
import dev.angee.manifest.ManifestReader;
import dev.angee.plan.RuntimePlan;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One bundled template with one choice of what it asks for. */
record BundledCase(String ref, Map<String, String> inputs) {
    /** What whoever makes a service of a template tells it. */
    private static final Map<String, String> TOLD = Map.of(
            "service_name",
            "shop-w1",
            "workspace_name",
            "w1",
            "workspace_path",
            "/srv/instance/workspaces/w1",
            "alloc_acp",
            "8300",
            "alloc_web",
            "8100");

    private static final String INSTANCE = """
            name: instance
            workspaces:
              w1: { template: workspaces/dev }
            """;

    /** The templates that are rendered here, and what each of them can be switched between. */
    static final Map<String, Map<String, List<String>>> SWITCHES = switches();

    private static Map<String, Map<String, List<String>>> switches() {
        Map<String, Map<String, List<String>>> all = new LinkedHashMap<>();
        all.put(
                "stacks/local",
                Map.of(
                        "edge", List.of("true", "false"),
                        "database", List.of("true", "false"),
                        "tls", List.of("off", "auto"),
                        "operator_command", List.of("[]", "[\"serve\", \"--root=/srv/angee\"]"),
                        "operator_image", List.of("registry.example.org/operator:1")));
        for (String agent : List.of("claude", "codex", "opencode")) {
            all.put(
                    "services/agent-" + agent,
                    Map.of(
                            "acp", List.of("true", "false"),
                            "image", List.of("", "registry.example.org/agent:1"),
                            "container_runtime", List.of("", "sysbox-runc"),
                            "subpath", List.of("app", "")));
        }
        all.put(
                "services/web-go",
                Map.of(
                        "mount", List.of("true", "false"),
                        "arguments", List.of("[]", "[\"-v\", \"a b\"]"),
                        "subpath", List.of("app", "")));
        all.put(
                "services/web-php",
                Map.of("build", List.of("[\"composer\", \"install\"]", "[]"), "subpath", List.of("app", "")));
        return all;
    }

    /** Every choice of all switches of a template. */
    static List<BundledCase> all(String ref) {
        List<Map<String, String>> choices = List.of(Map.of());
        for (Map.Entry<String, List<String>> each : new TreeMap<>(SWITCHES.getOrDefault(ref, Map.of())).entrySet()) {
            List<Map<String, String>> more = new ArrayList<>();
            for (Map<String, String> before : choices) {
                for (String value : each.getValue()) {
                    Map<String, String> choice = new TreeMap<>(before);
                    choice.put(each.getKey(), value);
                    more.add(choice);
                }
            }
            choices = more;
        }
        return choices.stream().map(choice -> new BundledCase(ref, choice)).toList();
    }

    /** The same with other inputs. */
    BundledCase with(Map<String, String> others) {
        Map<String, String> all = new TreeMap<>(inputs);
        all.putAll(others);
        return new BundledCase(ref, all);
    }

    boolean isService() {
        return ref.startsWith("services/");
    }

    Template template() {
        return new TemplateCatalog(List.of(new BundledTemplates()))
                .find(ref.substring(ref.indexOf('/') + 1), isService() ? "service" : "stack");
    }

    /** The rendered files by path. */
    Map<String, String> files() {
        TemplateEngine engine = new TemplateEngine(List.of(new FreeMarkerRenderer(), new JinjaRenderer()));
        Map<String, String> given = new TreeMap<>(isService() ? TOLD : Map.of());
        given.putAll(inputs);
        Template template = template();
        Map<String, String> files = new TreeMap<>();
        for (TemplateFile file : engine.render(template, engine.inputs(template, given))) {
            files.put(file.path(), new String(file.content(), StandardCharsets.UTF_8));
        }
        return files;
    }

    /** The manifest that it makes, or, of a service, that of an instance which the service was added to. */
    String manifest() {
        String rendered = files().get(isService() ? "service.yaml" : Manifest.FILE_NAME);
        if (rendered == null) {
            throw new AssertionError(ref + " makes no manifest: " + files().keySet());
        }
        return isService() ? added(rendered) : rendered;
    }

    /** As the contract has it: what is there is added, and each secret that is named and not there is declared. */
    private static String added(String service) {
        ManifestEditor editor = ManifestEditor.of(Manifest.FILE_NAME, INSTANCE);
        yaml(service)
                .forEach((section, entries) ->
                        map(entries).forEach((name, entry) -> editor.put(List.of(section, name), entry)));
        java.util.regex.Pattern.compile("\\$\\{secret\\.([^}]+)}")
                .matcher(service)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .forEach(secret -> editor.put(List.of("secrets", secret), Map.of()));
        return editor.text();
    }

    /** What would run, with all that a stack does to its plan. */
    RuntimePlan plan(Path root) {
        Manifest manifest = new ManifestReader().read(Manifest.FILE_NAME, manifest());
        List<PlanTransform> transforms = new ArrayList<>();
        CaddyEdge.of(manifest).ifPresent(transforms::add);
        transforms.add(new AgentHardening());
        return new PlanCompiler()
                .compile(
                        manifest,
                        new Resolver().resolve(manifest, StackLayout.of(root), Surroundings.none()),
                        transforms);
    }

    static Map<String, Object> yaml(String text) {
        return map(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    @SuppressWarnings("unchecked") // every mapping in these files has text for keys
    static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    /** What was chosen, for people and as a heading. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(ref);
        inputs.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.toString();
    }
}
