package dev.angee.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateFile;
import dev.angee.template.TemplateFiles;
import dev.angee.template.TemplateLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class BundledTemplatesTest {
    /** The tests run in the module's folder. */
    private static final Path TREE = Path.of("src/main/resources/dev/angee/templates/bundled");

    private static final Map<String, String> STACK = Map.of(
            "name", "fix-1",
            "port", "8101",
            "runtime", "local",
            "image", "",
            "serve", "[\"npm\", \"start\", \"--port=${ports.web}\"]",
            "check", "[\"npm\", \"test\"]",
            "health_path", "/");

    private final BundledTemplates templates = new BundledTemplates();

    @Test
    void there_are_workspaces_stacks_and_services() {
        assertThat(templates.list())
                .containsExactly(
                        "services/agent-claude",
                        "services/agent-codex",
                        "services/agent-opencode",
                        "services/web-go",
                        "services/web-php",
                        "stacks/dev",
                        "stacks/local",
                        "workspaces/dev");
        assertThat(ServiceLoader.load(TemplateLibrary.class)).singleElement().isInstanceOf(BundledTemplates.class);
    }

    @Test
    void the_index_names_exactly_the_files_of_the_source_tree() throws IOException {
        try (Stream<Path> tree = Files.walk(TREE)) {
            List<String> files = tree.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(TREE.resolve("index.txt")))
                    .map(file -> (Files.isExecutable(file) ? "x " : "")
                            + TREE.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
            assertThat(Files.readAllLines(TREE.resolve("index.txt")))
                    .filteredOn(line -> !line.startsWith("#"))
                    .isEqualTo(files);
        }
    }

    @Test
    void a_template_is_found_with_its_files_as_they_are() throws IOException {
        TemplateFiles found = templates.find("stacks/dev").orElseThrow();
        assertThat(found.ref()).isEqualTo("stacks/dev");
        assertThat(found.files())
                .extracting(TemplateFile::path)
                .containsExactly(".gitignore.ftl", "angee.yaml.ftl", "copier.yml");
        for (TemplateFile file : found.files()) {
            assertThat(file.content()).isEqualTo(Files.readAllBytes(TREE.resolve("stacks/dev/" + file.path())));
            assertThat(file.executable()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stacks/dev", "stacks/local"})
    void a_stack_keeps_its_secrets_and_records_out_of_git(String ref) {
        assertThat(text(ref, ".gitignore.ftl").lines()).contains("/.env", "/run/");
    }

    @Test
    void a_file_is_executable_if_the_index_says_so() {
        assertThat(new BundledTemplates("# a comment\n\nx stacks/dev/copier.yml\n")
                        .find("stacks/dev")
                        .orElseThrow()
                        .files())
                .singleElement()
                .satisfies(file -> assertThat(file.executable()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dev",
                "stacks",
                "stacks/",
                "stacks/dev/",
                "/stacks/dev",
                "./stacks/dev",
                "stacks/../stacks/dev",
                "../bundled/stacks/dev",
                "stacks/dev/copier.yml",
                "stacks/nope",
                "Stacks/dev",
                "https://example.org/stacks/dev",
            })
    void any_other_name_is_not_known(String ref) {
        assertThat(templates.find(ref)).isEmpty();
    }

    @Test
    void a_jar_that_lost_a_file_says_so() {
        assertThatThrownBy(() -> new BundledTemplates("stacks/dev/gone.txt"))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("stacks/dev/gone.txt");
    }

    @ParameterizedTest
    @CsvSource({"stacks/dev,stack", "workspaces/dev,workspace"})
    void the_metadata_names_kind_suffix_and_every_input(String ref, String kind) {
        Map<String, Object> metadata = yaml(text(ref, "copier.yml"));
        assertThat(metadata.get("_templates_suffix")).isEqualTo(new FreeMarkerRenderer().suffix());
        assertThat(at(metadata, "_angee", "kind")).isEqualTo(kind);
        assertThat(map(at(metadata, "_angee", "inputs")))
                .containsKeys("runtime", "image", "serve", "check", "health_path");
    }

    @Test
    void the_workspace_gives_the_stack_exactly_the_inputs_it_declares() {
        Map<String, Object> workspace = yaml(text("workspaces/dev", "copier.yml"));
        Map<String, Object> stack = yaml(text("stacks/dev", "copier.yml"));
        List<?> chain = (List<?>) at(workspace, "_angee", "chain");
        assertThat(chain).singleElement().satisfies(entry -> {
            assertThat(at(entry, "template")).isEqualTo("stacks/dev");
            assertThat(map(at(entry, "inputs")).keySet())
                    .isEqualTo(map(at(stack, "_angee", "inputs")).keySet())
                    .isEqualTo(STACK.keySet());
        });
        assertThat(at(workspace, "_angee", "ensure", "operator.port_pool.web", "range"))
                .isEqualTo("8100-8199");
        assertThat(at(workspace, "_angee", "sources", "app"))
                .isEqualTo(Map.of(
                        "source", "${inputs.source}",
                        "mode", "worktree",
                        "branch", "workspace/${name}",
                        "ref", "${inputs.base}",
                        "subpath", "app"));
    }

    @Test
    void a_local_stack_runs_processes_in_the_worktree() {
        assertThat(manifest(STACK)).isEqualTo(yaml("""
                                version: 1
                                kind: stack
                                name: fix-1
                                sources:
                                  app: {kind: local, path: ../app}
                                ports:
                                  web: {value: 8101}
                                services:
                                  web:
                                    runtime: local
                                    workdir: source://app
                                    command: [npm, start, "--port=${ports.web}"]
                                    healthcheck:
                                      http: {port: 8101, path: /}
                                      interval: 200ms
                                      timeout: 2s
                                      retries: 5
                                      start_period: 30s
                                jobs:
                                  check:
                                    runtime: local
                                    workdir: source://app
                                    command: [npm, test]
                                """));
    }

    @Test
    void a_container_stack_mounts_the_worktree_and_publishes_the_port_on_the_loopback() {
        assertThat(manifest(with("runtime", "container", "image", "busybox:1.36", "health_path", "/up?a=b")))
                .isEqualTo(yaml("""
                                version: 1
                                kind: stack
                                name: fix-1
                                sources:
                                  app: {kind: local, path: ../app}
                                ports:
                                  web: {value: 8101}
                                services:
                                  web:
                                    runtime: container
                                    image: busybox:1.36
                                    mounts: ["source://app:/srv/app"]
                                    workdir: /srv/app
                                    ports: ["127.0.0.1:${ports.web}:8080"]
                                    command: [npm, start, "--port=${ports.web}"]
                                    healthcheck:
                                      exec: [wget, -q, -O, /dev/null, "http://127.0.0.1:8080/up?a=b"]
                                      interval: 200ms
                                      timeout: 2s
                                      retries: 5
                                      start_period: 30s
                                jobs:
                                  check:
                                    runtime: container
                                    image: busybox:1.36
                                    mounts: ["source://app:/srv/app"]
                                    workdir: /srv/app
                                    command: [npm, test]
                                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "container"})
    void the_core_renders_the_pair_and_reads_the_manifest(String runtime) {
        TemplateCatalog catalog = new TemplateCatalog(List.of(templates));
        TemplateEngine engine = new TemplateEngine(List.of(new FreeMarkerRenderer()));
        Template workspace = catalog.find("dev", "workspace");
        Map<String, String> given = with("runtime", runtime, "image", "busybox");
        Map<String, String> inputs = new HashMap<>(engine.inputs(workspace, given));
        inputs.putAll(Map.of("workspace_name", "fix-1", "alloc_web", "8101"));
        assertThat(workspace.metadata().wantedPools()).containsExactly("web");
        assertThat(engine.render(workspace, inputs))
                .extracting(TemplateFile::path)
                .containsExactly("README.md");

        Template stack = catalog.find("dev", "stack");
        assertThat(engine.render(stack, engine.inputs(stack, given)))
                .filteredOn(file -> !file.path().equals(".gitignore"))
                .singleElement()
                .satisfies(file -> {
                    assertThat(file.path()).isEqualTo(Manifest.FILE_NAME);
                    Manifest manifest = new ManifestReader()
                            .read(Manifest.FILE_NAME, new String(file.content(), StandardCharsets.UTF_8));
                    assertThat(manifest.services()).containsOnlyKeys("web");
                    assertThat(manifest.jobs()).containsOnlyKeys("check");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\"b", "it's", "a: b", "ü 😀", "a\nservices: {}", "a # b", "[x]", "${ports.web}", "\\", " "})
    void no_input_breaks_out_of_its_place(String nasty) {
        String words = "[\"" + nasty.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"]";
        String literal = nasty.replace("${", "$${");
        for (String runtime : List.of("local", "container")) {
            Map<String, Object> manifest = manifest(with(
                    "runtime",
                    runtime,
                    "name",
                    nasty,
                    "image",
                    nasty,
                    "serve",
                    words,
                    "check",
                    words,
                    "health_path",
                    "/" + nasty));
            assertThat(manifest.keySet())
                    .containsExactlyInAnyOrder("version", "kind", "name", "sources", "ports", "services", "jobs");
            assertThat(manifest.get("name")).isEqualTo(nasty);
            Object web = at(manifest, "services", "web");
            Object check = at(manifest, "jobs", "check");
            assertThat(at(web, "command")).isEqualTo(List.of(nasty));
            assertThat(at(check, "command")).isEqualTo(List.of(nasty));
            if (runtime.equals("local")) {
                assertThat(at(web, "healthcheck", "http", "path")).isEqualTo("/" + literal);
            } else {
                assertThat(at(web, "image")).isEqualTo(nasty);
                assertThat(at(check, "image")).isEqualTo(nasty);
                assertThat((List<?>) at(web, "healthcheck", "exec"))
                        .last()
                        .isEqualTo("http://127.0.0.1:8080/" + literal);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "serve|npm start|serve is not JSON; write a list of strings like [\"npm\", \"start\"]",
                "serve|[npm, start]|serve is not JSON; write a list of strings like [\"npm\", \"start\"]",
                "serve|[\"a\"] # b|serve is not JSON; write a list of strings like [\"npm\", \"start\"]",
                "serve|``|serve is not JSON; write a list of strings like [\"npm\", \"start\"]",
                "serve|[]|serve is not a list of strings; write one like [\"npm\", \"start\"]",
                "serve|{\"a\": \"b\"}|serve is not a list of strings; write one like [\"npm\", \"start\"]",
                "serve|\"npm\"|serve is not a list of strings; write one like [\"npm\", \"start\"]",
                "check|[\"sleep\", 5]|check holds something that is no string; put every word in quotes, like [\"sleep\", \"5\"]",
                "check|[null]|check holds something that is no string; put every word in quotes, like [\"sleep\", \"5\"]",
                "check|[[\"a\"]]|check holds something that is no string; put every word in quotes, like [\"sleep\", \"5\"]",
                "runtime|docker|runtime is \"docker\"; it can be local or container",
                "runtime|container|runtime container needs an image; set the input image, or runtime to local",
                "port|80a|port is \"80a\"; it must be a port number",
                "port|0|port is \"0\"; it must be a port number",
                "health_path|up|health_path is \"up\"; it must start with /",
            })
    void an_input_that_makes_no_sense_is_refused(String input, String value, String message) {
        assertThatThrownBy(() -> manifest(with(input, value)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageStartingWith("angee.yaml.ftl:")
                .hasMessageEndingWith(": " + message);
    }

    @ParameterizedTest
    @CsvSource({"local,as processes on this host", "container,in containers from `busybox`"})
    void the_readme_says_what_the_workspace_is_where_it_answers_and_how_to_use_it(String runtime, String runs) {
        Map<String, String> inputs = with("runtime", runtime, "image", "busybox", "health_path", "/up");
        inputs.putAll(Map.of("workspace_name", "fix-1", "alloc_web", "8101", "source", "shop", "base", "main"));
        String readme =
                new FreeMarkerRenderer().render("README.md.ftl", text("workspaces/dev", "README.md.ftl"), inputs);
        assertThat(readme)
                .startsWith("# Workspace fix-1\n")
                .contains("`shop`", "branch `workspace/fix-1`, started from `main`")
                .contains("<http://127.0.0.1:8101/up>")
                .contains(runs)
                .contains(inputs.get("serve"), inputs.get("check"))
                .doesNotContain("[#", "[=");
    }

    private static Map<String, String> with(String... inputs) {
        Map<String, String> all = new HashMap<>(STACK);
        for (int i = 0; i < inputs.length; i += 2) {
            all.put(inputs[i], inputs[i + 1]);
        }
        return all;
    }

    private Map<String, Object> manifest(Map<String, String> inputs) {
        return yaml(new FreeMarkerRenderer().render("angee.yaml.ftl", text("stacks/dev", "angee.yaml.ftl"), inputs));
    }

    private String text(String ref, String path) {
        return templates.find(ref).orElseThrow().files().stream()
                .filter(file -> file.path().equals(path))
                .map(file -> new String(file.content(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Object> yaml(String text) {
        return map(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    @SuppressWarnings("unchecked") // every mapping in these files has text for keys
    private static Map<String, Object> map(Object node) {
        assertThat(node).isInstanceOf(Map.class);
        return (Map<String, Object>) node;
    }

    private static Object at(Object node, String... path) {
        Object found = node;
        for (String key : path) {
            assertThat(map(found)).containsKey(key);
            found = map(found).get(key);
        }
        return found;
    }
}
