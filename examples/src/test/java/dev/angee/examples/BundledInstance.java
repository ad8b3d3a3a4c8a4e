package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.instance.Angee;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestEditor;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.stack.Stack;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateFile;
import dev.angee.templates.BundledTemplates;
import dev.angee.templates.FreeMarkerRenderer;
import dev.angee.templates.JinjaRenderer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An instance that a bundled template makes, or to which it adds a service, on a real engine. */
final class BundledInstance implements AutoCloseable {
    private static final Pattern SECRET = Pattern.compile("\\$\\{secret\\.([^}]+)}");

    private final Path root;
    private final Angee angee;
    private final List<String> images = new ArrayList<>();

    /** An instance with this manifest. */
    BundledInstance(Path root, String manifest) throws IOException {
        this.root = Files.createDirectories(root);
        Files.writeString(root.resolve(Manifest.FILE_NAME), manifest);
        angee = Angee.builder(root)
                .stateFolder(root.resolveSibling(root.getFileName() + "-state"))
                .build();
    }

    /** The instance that a stack template makes of some inputs. */
    static BundledInstance of(Path root, String template, Map<String, String> inputs) throws IOException {
        Map<String, String> files = render(template, "stack", inputs);
        assertThat(files).containsOnlyKeys(Manifest.FILE_NAME, ".gitignore");
        return new BundledInstance(root, files.getOrDefault(Manifest.FILE_NAME, ""));
    }

    /** The files that a bundled template makes of some inputs. */
    static Map<String, String> render(String name, String kind, Map<String, String> inputs) {
        TemplateEngine engine = new TemplateEngine(List.of(new FreeMarkerRenderer(), new JinjaRenderer()));
        Template template = new TemplateCatalog(List.of(new BundledTemplates())).find(name, kind);
        Map<String, String> files = new TreeMap<>();
        for (TemplateFile file : engine.render(template, engine.inputs(template, inputs))) {
            files.put(file.path(), new String(file.content(), StandardCharsets.UTF_8));
        }
        return files;
    }

    Path root() {
        return root;
    }

    Angee angee() {
        return angee;
    }

    Stack stack() {
        return angee.stack();
    }

    /**
     * Adds a service as the contract has it: its files beside it, its entries to the manifest, and a declaration of each
     * secret that is named.
     */
    void add(String template, String name, String workspace, Map<String, String> inputs) throws IOException {
        Map<String, String> given = new TreeMap<>(inputs);
        given.put("service_name", name);
        given.put("workspace_name", workspace);
        given.put(
                "workspace_path", root.resolve("workspaces").resolve(workspace).toString());
        Map<String, String> files = new TreeMap<>(render(template, "service", given));
        String service = files.remove("service.yaml");
        assertThat(service).isNotNull();
        Path home = Files.createDirectories(root.resolve("services").resolve(name));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(home.resolve(file.getKey()), file.getValue());
        }
        Path manifest = root.resolve(Manifest.FILE_NAME);
        Files.writeString(manifest, added(Files.readString(manifest), String.valueOf(service)));
    }

    /** A manifest with the entries of a service. */
    static String added(String manifest, String service) {
        ManifestEditor editor = ManifestEditor.of(Manifest.FILE_NAME, manifest);
        yaml(service)
                .forEach((section, entries) ->
                        yaml(entries).forEach((name, entry) -> editor.put(List.of(section, name), entry)));
        SECRET.matcher(service)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .filter(secret -> !editor.has(List.of("secrets", secret)))
                .forEach(secret -> editor.put(List.of("secrets", secret), Map.of()));
        return editor.text();
    }

    @SuppressWarnings("unchecked") // every mapping in these files has text for keys
    private static Map<String, Object> yaml(Object node) {
        return (Map<String, Object>)
                (node instanceof String text ? new Load(LoadSettings.builder().build()).loadFromString(text) : node);
    }

    void assertHealthy(String... services) {
        for (String name : services) {
            assertThat(status(name).health()).as(name).isEqualTo(Health.HEALTHY);
        }
    }

    WorkloadStatus status(String service) {
        return Objects.requireNonNull(stack().status().services().get(service))
                .observed()
                .orElseThrow();
    }

    /** Every file below the root but that with the secrets, which must not hold a text. */
    void assertNowhereWritten(String text) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(Files::isRegularFile).filter(file -> !file.endsWith(".env")))
                    .isNotEmpty()
                    .noneMatch(file -> read(file).contains(text));
        }
    }

    /** Removes an image, too, when this ends. */
    void builds(String image) {
        images.add(image);
    }

    /** Takes all down, and looks whether anything is left. */
    @Override
    public void close() {
        String project = stack().plan().project().value();
        try (angee) {
            stack().down(DownOptions.defaults());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        String filter = "label=com.docker.compose.project=" + project;
        assertThat(docker("ps", "-aq", "--filter", filter)).isEmpty();
        assertThat(docker("network", "ls", "-q", "--filter", filter)).isEmpty();
        for (String volume :
                docker("volume", "ls", "-q", "--filter", filter).lines().toList()) {
            docker("volume", "rm", volume); // down keeps data
        }
        images.forEach(image -> docker("image", "rm", image.replace("PROJECT", project)));
    }

    /** Without the images a test is skipped at a desk, and fails where it must run. */
    static void require(String... names) {
        for (String image : names) {
            if (docker("image", "inspect", image).isEmpty()) {
                String problem = "the image " + image + " is missing: run .ci/test-images.sh";
                if ("true".equals(System.getenv("CI")) || Boolean.getBoolean("require.docker")) {
                    Assertions.fail(problem);
                }
                Assumptions.abort(problem);
            }
        }
    }

    static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** A port that nobody has now. */
    static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return String.valueOf(socket.getLocalPort());
        }
    }

    /** What the client says; nothing if it fails. */
    static String docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? said : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
