package dev.angee.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.template.DirectoryTemplates;
import dev.angee.template.KeptInputs;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateFile;
import dev.angee.template.TemplateInputs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real languages make of a secret. */
class SecretInputsTest {
    private static final String CANARY = "canary-91d2";

    @TempDir
    private Path library;

    private static TemplateEngine engine() {
        return new TemplateEngine(List.of(new JinjaRenderer(), new FreeMarkerRenderer()));
    }

    private Template template(String copier, String file, String text) throws IOException {
        Path folder = Files.createDirectories(library.resolve("stacks/t"));
        Files.writeString(folder.resolve("copier.yml"), "_angee: { kind: stack }\n" + copier);
        Files.writeString(folder.resolve(file), text);
        return new TemplateCatalog(List.of(new DirectoryTemplates(library))).find("t", "stack");
    }

    private static String rendered(Template template) {
        TemplateInputs inputs = engine().inputs(template, Map.of("token", CANARY), KeptInputs.of("w"));
        assertThat(inputs.secrets()).hasSize(1);
        List<TemplateFile> files = engine().render(template, inputs.values());
        assertThat(files).hasSize(1);
        return new String(files.get(0).content(), StandardCharsets.UTF_8);
    }

    @Test
    void jinja_and_freemarker_print_the_reference_that_manifests_read_S7() throws IOException {
        assertThat(rendered(
                        template("token: { type: str, secret: true }", "a.jinja", "{{ token }}|{{ _copier_answers }}")))
                .startsWith("${secret.w-token}|")
                .doesNotContain("'token'");
        Files.delete(library.resolve("stacks/t/a.jinja"));
        assertThat(rendered(template("_templates_suffix: .ftl\ntoken: { type: secret }", "a.ftl", "[=token]")))
                .isEqualTo("${secret.w-token}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% if token|length < 99 %}'{{ token }}' is too short{% endif %}",
                "{% if token.startswith('canary') %}{{ token|upper }} {{ token|reverse }}{% endif %}",
                "{{ token + 1 }}",
                "{{ {}[token].x.y }}",
                "{% include token %}",
                "{{ token|int('x') + token }}",
            })
    void no_validator_gets_a_secret_into_a_message_S7(String validator) throws IOException {
        Template template =
                template("token: { type: str, secret: true, validator: \"" + validator + "\" }", "a.jinja", "");
        assertThatThrownBy(() -> engine().inputs(template, Map.of("token", CANARY), KeptInputs.of("w")))
                .isInstanceOf(AngeeException.class)
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString())
                            .doesNotContainIgnoringCase(CANARY)
                            .doesNotContain("2d19-yranac");
                });
    }
}
