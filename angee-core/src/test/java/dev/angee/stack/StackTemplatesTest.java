package dev.angee.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.contract.InMemorySecretStore;
import dev.angee.document.InvalidDocumentException;
import dev.angee.render.OnConflict;
import dev.angee.render.RenderChange;
import dev.angee.render.RenderPlan;
import dev.angee.render.TemplateUpdate;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.template.DirectoryTemplates;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateRenderer;
import dev.angee.template.TemplateText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stacks from templates; the engine here only puts inputs in the place of their names. */
class StackTemplatesTest {
    private static final String CANARY = "canary-5ecr3t-value";

    @TempDir
    private Path top;

    private final InMemorySecretStore store = new InMemorySecretStore();
    private Path folder;
    private StackTemplates stacks;

    @BeforeEach
    void write() throws IOException {
        top = top.toRealPath();
        folder = top.resolve("project");
        template("shop", """
                name: { type: str }
                code: { type: path, default: src }
                ANGEE_ROOT: { type: str, default: . }
                token: { type: str, secret: true, default: "" }
                _angee: { kind: stack, ensure: { operator.port_pool.web: { range: 8100-8199 } } }
                """, Map.of("{{ ANGEE_ROOT }}/angee.yaml.jinja", """
                name: {{ name }}
                secrets: { token: {} }
                services:
                  web: { runtime: container, image: "web:1", env: { CODE: "{{ code }}", T: "{{ token }}" } }
                """, "README.md.jinja", "# {{ name }}\n"));
        stacks = new StackTemplates(
                new TemplateCatalog(List.of(new DirectoryTemplates(top.resolve("templates")))),
                new TemplateEngine(List.of(new Names())),
                StackContext.of(List.of()).secretStore(store));
    }

    @Test
    void a_stack_is_made_in_a_folder_that_is_not_there() throws IOException {
        NewStack wanted = NewStack.from("shop").input("name", "demo");
        RenderPlan preview = stacks.previewInit(folder, wanted);
        assertThat(preview.changes()).extracting(RenderChange::path).containsExactly("README.md", "angee.yaml");
        assertThat(folder).doesNotExist();
        assertThat(stacks.init(folder, wanted)).isEqualTo(folder);
        assertThat(folder.resolve("README.md")).hasContent("# demo");
        assertThat(Files.readString(folder.resolve("angee.yaml"))).contains("name: demo", "port_pool", "8100-8199");
        assertThat(Files.readString(folder.resolve(".copier-answers.yml")))
                .contains("_src_path: \"stacks/shop\"", "name: \"demo\"");
        assertThat(folder.resolve("run/template-state/stack.json")).isRegularFile();
    }

    @Test
    void a_root_that_is_not_empty_is_refused_unless_it_may_be_overwritten() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("README.md"), "mine");
        NewStack wanted = NewStack.from("shop").input("name", "demo");
        assertThatThrownBy(() -> stacks.init(folder, wanted))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.kind()).isEqualTo("stack-root"))
                .hasMessageContaining("README.md");
        assertThat(folder.resolve("angee.yaml")).doesNotExist();
        stacks.init(folder, wanted.with(OnConflict.OVERWRITE));
        assertThat(folder.resolve("README.md")).hasContent("# demo");
    }

    @Test
    void the_root_may_be_a_folder_below_and_a_path_is_translated_once_C31() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("mine.txt"), "mine");
        Path root =
                stacks.init(folder, NewStack.from("shop").input("name", "demo").input("ANGEE_ROOT", ".angee"));
        assertThat(root).isEqualTo(folder.resolve(".angee"));
        String made = Files.readString(root.resolve("angee.yaml"));
        assertThat(made).contains("CODE: \"../src\"");
        for (int i = 0; i < 2; i++) {
            assertThat(stacks.update(root, TemplateUpdate.standard()).isChange())
                    .isFalse();
            assertThat(root.resolve("angee.yaml")).hasContent(made);
        }
        assertThat(Files.readString(folder.resolve(".copier-answers.yml"))).contains("code: \"src\"");
    }

    @Test
    void an_update_takes_what_is_new_and_keeps_what_was_edited_R26_C12() throws IOException {
        stacks.init(folder, NewStack.from("shop").input("name", "demo"));
        Path manifest = folder.resolve("angee.yaml");
        String mine = "  more: { runtime: container, image: \"more:1\" } # ours\n";
        Files.writeString(manifest, Files.readString(manifest).replace("services:\n", "services:\n" + mine));
        Files.writeString(top.resolve("templates/stacks/shop/NEW.md"), "new");
        replace("{{ ANGEE_ROOT }}/angee.yaml.jinja", "web:1", "web:2");
        RenderPlan preview = stacks.previewUpdate(folder, TemplateUpdate.standard());
        assertThat(preview.changes()).extracting(RenderChange::path).contains("NEW.md", "angee.yaml");
        assertThat(folder.resolve("NEW.md")).doesNotExist();
        stacks.update(folder, TemplateUpdate.standard());
        assertThat(Files.readString(manifest)).contains("web:2", mine);
        assertThat(folder.resolve("NEW.md")).hasContent("new");
        assertThat(stacks.previewUpdate(folder, TemplateUpdate.standard()).isChange())
                .isFalse();
    }

    @Test
    void a_conflict_is_told_and_nothing_is_done() throws IOException {
        stacks.init(folder, NewStack.from("shop").input("name", "demo"));
        Files.writeString(folder.resolve("README.md"), "mine");
        replace("README.md.jinja", "# {{", "## {{");
        replace("{{ ANGEE_ROOT }}/angee.yaml.jinja", "web:1", "web:2");
        assertThat(stacks.previewUpdate(folder, TemplateUpdate.standard()).conflicts())
                .hasSize(1);
        assertThatThrownBy(() -> stacks.update(folder, TemplateUpdate.standard()))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.kind()).isEqualTo("stack-template"))
                .hasMessageContaining("README.md");
        assertThat(Files.readString(folder.resolve("angee.yaml"))).contains("web:1");
        stacks.update(folder, TemplateUpdate.standard().with(OnConflict.OVERWRITE));
        assertThat(folder.resolve("README.md")).hasContent("## demo");
    }

    @Test
    void a_secret_is_stored_and_in_no_file_S7() throws IOException {
        stacks.init(folder, NewStack.from("shop").input("name", "demo").input("token", CANARY));
        assertThat(store.get(new SecretName("token")).map(SecretValue::reveal)).contains(CANARY);
        assertThat(Files.readString(folder.resolve("angee.yaml"))).contains("T: \"${secret.token}\"");
        assertThat(stacks.update(folder, TemplateUpdate.standard()).isChange()).isFalse();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain(CANARY);
            }
        }
    }

    @Test
    void what_is_not_sound_changes_nothing() throws IOException {
        replace("{{ ANGEE_ROOT }}/angee.yaml.jinja", "services:", "service:");
        assertThatThrownBy(() -> stacks.init(
                        folder, NewStack.from("shop").input("name", "demo").input("token", CANARY)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("service");
        assertThat(folder).doesNotExist();
        assertThat(store.get(new SecretName("token"))).isEmpty();
        for (String root : List.of("../out", "/out", "a/../../out")) {
            assertThatThrownBy(() -> stacks.init(
                            folder, NewStack.from("shop").input("name", "demo").input("ANGEE_ROOT", root)))
                    .isInstanceOf(AngeeException.class);
        }
        assertThat(top.resolve("out")).doesNotExist();
    }

    @Test
    void a_root_that_was_made_by_hand_is_not_updated() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("angee.yaml"), "name: x\n");
        assertThatThrownBy(() -> stacks.update(folder, TemplateUpdate.standard()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(".copier-answers.yml");
    }

    @Test
    void answers_of_the_go_operator_are_understood() throws IOException {
        stacks.init(folder, NewStack.from("shop").input("name", "demo"));
        Files.delete(folder.resolve("run/template-state/stack.json"));
        Files.writeString(folder.resolve(".copier-answers.yml"), """
                # Changes here will be overwritten
                _commit: abc
                _src_path: shop
                name: demo
                now: 2026-01-01T00:00:00Z
                make_secret: x
                """);
        assertThat(stacks.update(folder, TemplateUpdate.standard()).changes())
                .allMatch(change -> change.kind() == RenderChange.Kind.ADOPT);
        assertThat(Files.readString(folder.resolve(".copier-answers.yml"))).doesNotContain("make_secret");
    }

    private void template(String name, String metadata, Map<String, String> files) throws IOException {
        Path template = Files.createDirectories(top.resolve("templates/stacks").resolve(name));
        Files.writeString(template.resolve("copier.yml"), metadata);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path place = template.resolve(file.getKey());
            Files.createDirectories(place.resolveSibling("."));
            Files.writeString(place, file.getValue());
        }
    }

    private void replace(String file, String from, String to) throws IOException {
        Path place = top.resolve("templates/stacks/shop").resolve(file);
        Files.writeString(place, Files.readString(place).replace(from, to));
    }

    /** Puts inputs in the place of their names. */
    private static final class Names implements TemplateRenderer {
        @Override
        public String suffix() {
            return ".jinja";
        }

        @Override
        public String render(TemplateText template, Map<String, ?> values, TemplateIncludes includes) {
            String text = template.text();
            for (Map.Entry<String, ?> value : values.entrySet()) {
                text = text.replace("{{ " + value.getKey() + " }}", String.valueOf(value.getValue()));
            }
            return text;
        }
    }
}
