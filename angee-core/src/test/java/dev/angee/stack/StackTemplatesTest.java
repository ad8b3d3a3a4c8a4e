package dev.angee.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.contract.InMemorySecretStore;
import dev.angee.document.InvalidDocumentException;
import dev.angee.internal.FileLocks;
import dev.angee.internal.change.FileChange;
import dev.angee.internal.change.FileChanges;
import dev.angee.internal.change.FileContent;
import dev.angee.internal.change.Fingerprint;
import dev.angee.internal.change.Steps;
import dev.angee.render.OnConflict;
import dev.angee.render.RenderChange;
import dev.angee.render.RenderPlan;
import dev.angee.render.TemplateUpdate;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretStore;
import dev.angee.secret.SecretValue;
import dev.angee.template.DirectoryTemplates;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateRenderer;
import dev.angee.template.TemplateText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
        stacks = stacks(store);
    }

    private StackTemplates stacks(SecretStore secrets) {
        return written().with(StackContext.of(List.of()).secretStore(secrets));
    }

    @Test
    void a_stack_is_made_in_a_folder_that_is_not_there() throws IOException {
        NewStack wanted = NewStack.from("shop").input("name", "demo");
        RenderPlan preview = stacks.previewInit(folder, wanted);
        assertThat(preview.changes())
                .extracting(RenderChange::path)
                .containsExactly(".copier-answers.yml", "README.md", "angee.yaml");
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
                .allMatch(change -> change.kind() == RenderChange.Kind.ADOPT
                        || change.path().equals(".copier-answers.yml"));
        assertThat(Files.readString(folder.resolve(".copier-answers.yml"))).doesNotContain("make_secret");
    }

    @Test
    void a_secret_that_the_manifest_uses_and_does_not_declare_is_declared_S7() throws IOException {
        template(
                "bare",
                "_angee: { kind: stack }\ntoken: { type: str, secret: true }\n",
                Map.of("angee.yaml.jinja", """
                name: bare
                # {{ token }}
                services:
                  web: { runtime: container, image: x, env: { T: "{{ token }}" } }
                """));
        stacks.init(folder, NewStack.from("bare").input("token", CANARY));
        assertThat(Files.readString(folder.resolve("angee.yaml"))).contains("secrets:\n  token: {}\n");
        assertThat(stacks.update(folder, TemplateUpdate.standard()).isChange()).isFalse();
    }

    @Test
    void a_secret_that_nobody_was_asked_for_has_to_be_declared() throws IOException {
        template(
                "bare",
                "_angee: { kind: stack }\ntoken: { type: str, secret: true }\n",
                Map.of("angee.yaml.jinja", """
                name: bare
                services:
                  web: { runtime: container, image: x, env: { T: "{{ token }}", U: "${secret.typo}" } }
                """));
        assertThatThrownBy(() -> stacks.init(folder, NewStack.from("bare").input("token", CANARY)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("stacks/bare/angee.yaml:")
                .hasMessageContaining("'secret.typo' is not declared");
        assertThat(store.get(new SecretName("token"))).isEmpty();
    }

    @Test
    void what_a_chained_template_makes_up_or_keeps_secret_is_kept_by_the_stack_C10_S7() throws IOException {
        chained();
        stacks.init(folder, NewStack.from("outer").input("pw", CANARY));
        String inner = Files.readString(folder.resolve("db/angee.yaml"));
        assertThat(inner)
                .contains("PW: \"${secret.pw}\"", "MADE: \"${secret.made}\"")
                .doesNotContain("KEY: \"\"");
        assertThat(stacks.update(folder, TemplateUpdate.standard()).isChange()).isFalse();
        assertThat(folder.resolve("db/angee.yaml")).hasContent(inner);
        assertThat(Files.readString(folder.resolve(".copier-answers.yml")))
                .contains("pw: \"${secret.pw}\"")
                .doesNotContain(CANARY);
    }

    @Test
    void a_stack_can_be_made_over_one_with_secrets_that_were_made_up() throws IOException {
        chained();
        stacks.init(folder, NewStack.from("outer").input("pw", CANARY));
        String made = store.get(new SecretName("made")).orElseThrow().reveal();
        stacks.init(folder, NewStack.from("outer").input("pw", CANARY).with(OnConflict.OVERWRITE));
        assertThat(store.get(new SecretName("made")).map(SecretValue::reveal)).contains(made);
        assertThatThrownBy(() -> stacks.init(
                        folder, NewStack.from("outer").input("pw", "el5e").with(OnConflict.OVERWRITE)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("pw")
                .hasMessageNotContaining(CANARY)
                .hasMessageNotContaining("el5e");
    }

    @Test
    void a_secret_that_the_go_operator_kept_in_clear_is_stored_and_not_lost_S7() throws IOException {
        stacks.init(folder, NewStack.from("shop").input("name", "demo"));
        Files.writeString(
                folder.resolve(".copier-answers.yml"), "_src_path: stacks/shop\nname: demo\ntoken: " + CANARY + "\n");
        stacks.update(folder, TemplateUpdate.standard());
        assertThat(store.get(new SecretName("token")).map(SecretValue::reveal)).contains(CANARY);
        assertThat(Files.readString(folder.resolve(".copier-answers.yml"))).doesNotContain(CANARY);
    }

    @Test
    void another_template_is_followed_from_then_on_whatever_the_manifest_said_at_first() throws IOException {
        replace("{{ ANGEE_ROOT }}/angee.yaml.jinja", "secrets:", "template: { active: stacks/shop }\nsecrets:");
        stacks.init(folder, NewStack.from("shop").input("name", "demo"));
        Path two = Files.createDirectories(top.resolve("templates/stacks/two"));
        Files.writeString(two.resolve("copier.yml"), "name: { type: str }\n_angee: { kind: stack }\n");
        Files.writeString(two.resolve("angee.yaml.jinja"), "name: {{ name }}\ntemplate: { active: stacks/shop }\n");
        Files.writeString(two.resolve("TWO.md"), "two");
        stacks.update(folder, TemplateUpdate.standard().template("two"));
        assertThat(folder.resolve("TWO.md")).exists();
        stacks.update(folder, TemplateUpdate.standard());
        assertThat(folder.resolve("TWO.md")).exists();
        Path manifest = folder.resolve("angee.yaml");
        Files.writeString(manifest, Files.readString(manifest).replace("active: stacks/shop", "active: shop"));
        stacks.update(folder, TemplateUpdate.standard());
        assertThat(folder.resolve("TWO.md"))
                .as("what was written by hand since")
                .doesNotExist();
    }

    @Test
    void an_answers_file_of_somebody_else_is_not_taken() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(".copier-answers.yml"), "_src_path: elsewhere\n");
        NewStack wanted = NewStack.from("shop").input("name", "demo").input("ANGEE_ROOT", ".angee");
        assertThat(stacks.previewInit(folder, wanted).conflicts())
                .singleElement()
                .satisfies(c -> assertThat(c.path()).isEqualTo(".copier-answers.yml"));
        assertThatThrownBy(() -> stacks.init(folder, wanted)).isInstanceOf(ConflictException.class);
        assertThat(folder.resolve(".copier-answers.yml")).hasContent("_src_path: elsewhere");
        assertThat(folder.resolve(".angee")).doesNotExist();
    }

    @Test
    void a_root_further_down_and_answers_of_another_name_are_found() throws IOException {
        replace("copier.yml", "_angee:", "_answers_file: .mine.yml\n_angee:");
        Path root =
                stacks.init(folder, NewStack.from("shop").input("name", "demo").input("ANGEE_ROOT", "deploy/angee"));
        assertThat(root).isEqualTo(folder.resolve("deploy/angee"));
        assertThat(stacks.update(root, TemplateUpdate.standard().input("name", "other"))
                        .isChange())
                .isTrue();
        assertThat(Files.readString(folder.resolve(".mine.yml"))).contains("name: \"other\"");
    }

    @Test
    void two_updates_at_once_are_one_after_the_other() throws Exception {
        stacks.init(folder, NewStack.from("shop").input("name", "demo"));
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 10; i++) {
                String value = "v" + i;
                Future<?> one = workers.submit(
                        () -> stacks.update(folder, TemplateUpdate.standard().input("name", value)));
                Future<?> two = workers.submit(
                        () -> stacks.update(folder, TemplateUpdate.standard().input("code", value)));
                one.get();
                two.get();
                assertThat(Files.readString(folder.resolve("angee.yaml")))
                        .contains("name: " + value, "CODE: \"" + value + "\"");
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void no_lock_is_held_while_a_secret_is_stored() throws IOException {
        List<Boolean> free = new ArrayList<>();
        SecretStore watched = mock(SecretStore.class, delegatesTo(store));
        doAnswer(call -> {
                    try (FileLocks.Held held =
                            FileLocks.take(folder.resolve("run/manifest.lock"), "test", Duration.ZERO)) {
                        held.check();
                        free.add(true);
                    }
                    return store.putIfAbsent(call.getArgument(0), call.getArgument(1));
                })
                .when(watched)
                .putIfAbsent(any(), any());
        StackTemplates watchedStacks = stacks(watched);
        watchedStacks.init(folder, NewStack.from("shop").input("name", "demo"));
        watchedStacks.update(folder, TemplateUpdate.standard().input("token", CANARY));
        assertThat(free).containsExactly(true);
        assertThat(store.get(new SecretName("token"))).isPresent();
    }

    @Test
    void what_a_death_has_left_is_found_from_the_root_wherever_the_folder_is() throws IOException {
        Path root =
                stacks.init(folder, NewStack.from("shop").input("name", "demo").input("ANGEE_ROOT", "deploy/angee"));
        for (String step : List.of("after writing the journal", "after going on to MOVING")) {
            FileChanges dying = Steps.of(folder, root.resolve("run/changes"), label -> {
                if (label.equals(step)) {
                    throw new LinkageError("a death");
                }
            });
            Fingerprint before = dying.look("README.md");
            byte[] after = step.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> dying.apply(
                            "stack-2", List.of(FileChange.write("README.md", before, FileContent.file(after, 0644)))))
                    .isInstanceOf(LinkageError.class);
            boolean isMade = step.endsWith("MOVING");
            assertThat(StackTemplates.recover(root))
                    .singleElement()
                    .satisfies(end -> assertThat(end.made()).isEqualTo(isMade));
            assertThat(folder.resolve("README.md")).hasContent(isMade ? step : "# demo");
            assertThat(StackTemplates.recover(root)).isEmpty();
        }
    }

    @Test
    void a_template_does_not_render_over_the_secrets_of_the_stack() throws IOException {
        StackTemplates own = new StackTemplates(
                new TemplateCatalog(List.of(new DirectoryTemplates(top.resolve("templates")))),
                new TemplateEngine(List.of(new Names())),
                StackContext.of(List.of()));
        template(
                "own",
                "pw: { type: str, secret: true, generated: true }\n_angee: { kind: stack }\n",
                Map.of("angee.yaml", "name: own\nsecrets: { pw: {} }\n", ".env", "A=1\n"));
        NewStack wanted = NewStack.from("own").with(OnConflict.OVERWRITE);
        assertThatThrownBy(() -> own.previewInit(folder, wanted))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("stacks/own: '.env'")
                .hasMessageContaining("'.env.example'");
        assertThatThrownBy(() -> own.init(folder, wanted)).isInstanceOf(InvalidInputException.class);
        assertThat(folder).as("nothing was stored").doesNotExist();

        Files.delete(top.resolve("templates/stacks/own/.env"));
        own.init(folder, wanted);
        String secrets = Files.readString(folder.resolve(".env"));
        assertThat(secrets).contains("ANGEE_SECRET_PW");
        Files.writeString(top.resolve("templates/stacks/own/.env"), "A=1\n");
        TemplateUpdate update = TemplateUpdate.standard().with(OnConflict.OVERWRITE);
        assertThatThrownBy(() -> own.previewUpdate(folder, update)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> own.update(folder, update)).isInstanceOf(InvalidInputException.class);
        assertThat(folder.resolve(".env")).hasContent(secrets);
    }

    @Test
    void where_the_host_keeps_the_secrets_an_env_file_is_like_any_other() throws IOException {
        Files.writeString(top.resolve("templates/stacks/shop/.env"), "A=1\n");
        stacks.init(folder, NewStack.from("shop").input("name", "demo"));
        assertThat(folder.resolve(".env")).hasContent("A=1");
    }

    @Test
    void a_manifest_that_cannot_be_read_is_named_with_its_place_on_disk() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("angee.yaml"), "name: [\n");
        NewStack wanted = NewStack.from("shop").input("name", "demo").with(OnConflict.OVERWRITE);
        assertThatThrownBy(() -> stacks.init(folder, wanted))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageStartingWith(folder.resolve("angee.yaml") + ":2:1");
        Files.delete(folder.resolve("angee.yaml"));
        chained();
        stacks.init(folder, NewStack.from("outer").input("pw", CANARY));
        Files.writeString(folder.resolve("db/angee.yaml"), "name: [\n");
        assertThatThrownBy(() -> stacks.update(folder, TemplateUpdate.standard()))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageStartingWith(folder.resolve("db/angee.yaml") + ":2:1");
        Files.write(folder.resolve("db/angee.yaml"), new byte[] {'a', ':', (byte) 0xff});
        assertThatThrownBy(() -> stacks.update(folder, TemplateUpdate.standard()))
                .hasMessageStartingWith(folder.resolve("db/angee.yaml") + " is not UTF-8");
    }

    @Test
    void what_is_no_folder_and_should_be_one_is_named() throws IOException {
        NewStack wanted = NewStack.from("shop").input("name", "demo");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("run"), "");
        requireNoFolder(folder.resolve("run"), () -> stacks.init(folder, wanted));
        requireNoFolder(folder.resolve("run"), () -> StackTemplates.recover(folder));
        Files.delete(folder.resolve("run"));
        Files.delete(folder);
        Files.createSymbolicLink(folder, Path.of("nowhere"));
        requireNoFolder(folder, () -> stacks.init(folder, wanted));
        Files.delete(folder);
        Files.writeString(folder, "");
        for (ThrowingCallable work : List.<ThrowingCallable>of(
                () -> stacks.init(folder, wanted),
                () -> stacks.init(folder.resolve("below"), wanted),
                () -> stacks.previewInit(folder, wanted))) {
            assertThatThrownBy(work)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(folder + " is a file, and no folder; name a folder");
        }
    }

    private static void requireNoFolder(Path path, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("'" + path + "': is no folder; move it away");
    }

    @Test
    void in_a_root_that_was_emptied_a_stack_is_made_anew() throws IOException {
        NewStack wanted = NewStack.from("shop").input("name", "demo").input("ANGEE_ROOT", "in");
        Path root = stacks.init(folder, wanted);
        Files.delete(root.resolve("angee.yaml"));
        Files.delete(folder.resolve("README.md"));
        assertThat(stacks.previewInit(folder, wanted).changes())
                .extracting(RenderChange::path)
                .containsExactly("README.md", "in/angee.yaml");
        replace("README.md.jinja", "#", "##");
        replace("{{ ANGEE_ROOT }}/angee.yaml.jinja", "web:1", "web:2");
        stacks.init(folder, wanted);
        assertThat(root.resolve("angee.yaml")).content().contains("web:2");
        assertThat(folder.resolve("README.md")).hasContent("## demo");

        Files.delete(root.resolve("angee.yaml"));
        Files.writeString(folder.resolve("README.md"), "mine");
        assertThatThrownBy(() -> stacks.init(folder, wanted))
                .as("what is still there is not replaced")
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("README.md: something else is there");
    }

    private void chained() throws IOException {
        template("db", """
                pw: { type: str, secret: true }
                made: { type: str, secret: true, generated: true }
                key: { type: str, generated: true }
                _angee: { kind: stack }
                """, Map.of("angee.yaml.jinja", """
                name: db
                secrets: { pw: {}, made: {} }
                services:
                  db: { runtime: container, image: db, env: { PW: "{{ pw }}", MADE: "{{ made }}", KEY: "{{ key }}" } }
                """));
        template(
                "outer",
                "_angee: { kind: stack, chain: [{ template: stacks/db, root: db }] }\n",
                Map.of("angee.yaml", "name: outer\nsecrets: { pw: {}, made: {} }\n"));
    }

    private void template(String name, String metadata, Map<String, String> files) throws IOException {
        written().write(name, metadata, files);
    }

    private WrittenStacks written() {
        return new WrittenStacks(top.resolve("templates"), new Names());
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

    @Test
    void a_root_that_is_a_file_or_below_one_is_refused_and_says_so() throws IOException {
        Files.writeString(top.resolve("file"), "");
        NewStack wanted = NewStack.from("shop").input("name", "demo");
        for (String below : List.of("file", "file/root", "file/a/root")) {
            for (NewStack each : List.of(wanted, wanted.with(OnConflict.OVERWRITE))) {
                assertThatThrownBy(() -> stacks.init(top.resolve(below), each))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageStartingWith("folder: " + top.resolve("file") + " is a file");
                assertThatThrownBy(() -> stacks.previewInit(top.resolve(below), each))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageStartingWith("folder: " + top.resolve("file") + " is a file");
            }
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("sub"), "");
        assertThatThrownBy(() ->
                        stacks.init(folder, wanted.with(OnConflict.OVERWRITE).input("ANGEE_ROOT", "sub/root")))
                .hasMessageStartingWith("ANGEE_ROOT: " + folder.resolve("sub") + " is a file");
        assertThat(top.resolve("file")).isEmptyFile();
    }
}
