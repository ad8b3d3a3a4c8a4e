package dev.angee.templates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.template.DirectoryTemplates;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Templates in Copier's format become the same trees, byte for byte, as with Copier itself ({@code copier/expect.py}). */
class CopierParityTest {
    private static final int FEWEST = 16;

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> each_template_is_rendered_as_by_copier() {
        Map<String, Map<String, Object>> templates = templates();
        JsonNode expected = expected();
        return templates.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    write(folder.resolve("stacks").resolve(each.getKey()), each.getValue());
                    assertThat(rendered("stacks/" + each.getKey(), texts(each.getValue(), "data")))
                            .isEqualTo(tree(expected.get(each.getKey())));
                }));
    }

    @Test
    void the_table_is_there() {
        assertThat(expected()).hasSizeGreaterThanOrEqualTo(FEWEST);
        assertThat(templates()).hasSameSizeAs(expected());
    }

    private Map<String, String> rendered(String ref, Map<String, String> data) {
        Template template = new TemplateCatalog(List.of(new DirectoryTemplates(folder))).find(ref, "stack");
        TemplateEngine engine = new TemplateEngine(List.of(new JinjaRenderer(), new FreeMarkerRenderer()));
        Map<String, String> tree = new TreeMap<>();
        for (TemplateFile file : engine.render(template, engine.inputs(template, data))) {
            tree.put(
                    file.path(),
                    file.link()
                            .map(target -> "-> " + target)
                            .orElseGet(() -> (file.executable() ? "x " : "- ") + encoded(file.content())));
        }
        return tree;
    }

    private static Map<String, String> tree(JsonNode expected) {
        Map<String, String> tree = new TreeMap<>();
        expected.properties().forEach(entry -> {
            JsonNode row = entry.getValue();
            String content = row.has("base64")
                    ? row.get("base64").asText()
                    : encoded(row.path("text").asText().getBytes(StandardCharsets.UTF_8));
            tree.put(
                    entry.getKey(),
                    row.has("link")
                            ? "-> " + row.get("link").asText()
                            : (row.has("executable") ? "x " : "- ") + content);
        });
        return tree;
    }

    /** Text where it is text, so that a failure can be read. */
    private static String encoded(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : Base64.getEncoder().encodeToString(content);
    }

    private static void write(Path root, Map<String, Object> template) throws IOException {
        for (Map.Entry<String, String> file : texts(template, "files").entrySet()) {
            Files.createDirectories(root.resolve(file.getKey()).getParent());
            Files.writeString(root.resolve(file.getKey()), file.getValue());
        }
        for (Map.Entry<String, String> file : texts(template, "base64").entrySet()) {
            Files.write(root.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
        }
        for (Map.Entry<String, String> link : texts(template, "links").entrySet()) {
            Files.createSymbolicLink(root.resolve(link.getKey()), Path.of(link.getValue()));
        }
        for (Object path : (List<?>) template.getOrDefault("executable", List.of())) {
            Files.setPosixFilePermissions(root.resolve(path.toString()), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static Map<String, String> texts(Map<String, Object> template, String key) {
        Map<String, String> texts = new TreeMap<>();
        ((Map<?, ?>) template.getOrDefault(key, Map.of()))
                .forEach((name, value) -> texts.put(name.toString(), value.toString()));
        return texts;
    }

    @SuppressWarnings("unchecked") // a map of maps, by its form
    private static Map<String, Map<String, Object>> templates() {
        try (InputStream stream = resource("templates.yaml")) {
            return (Map<String, Map<String, Object>>)
                    new Load(LoadSettings.builder().build()).loadFromInputStream(stream);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode expected() {
        try (InputStream stream = resource("expected.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(CopierParityTest.class.getResourceAsStream("/copier/" + name), name);
    }
}
