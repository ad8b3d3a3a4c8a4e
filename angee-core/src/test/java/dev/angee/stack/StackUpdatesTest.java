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
import dev.angee.render.OnConflict;
import dev.angee.render.RenderChange;
import dev.angee.render.RenderConflict;
import dev.angee.render.RenderPlan;
import dev.angee.render.TemplateUpdate;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretStore;
import dev.angee.secret.SecretValue;
import dev.angee.template.BracesRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stays from one update of a stack to the next, above all where it chains templates. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class StackUpdatesTest {
    private static final TemplateUpdate STANDARD = TemplateUpdate.standard();
    private static final String CHAIN = "_angee: { kind: stack, chain: [{ template: stacks/db, root: db }] }\n";
    private static final String STACK = "_angee: { kind: stack }\n";
    private static final SecretName PW = new SecretName("pw");

    @TempDir
    private Path top;

    private final InMemorySecretStore store = new InMemorySecretStore();
    private Path folder;
    private StackTemplates stacks;

    @BeforeEach
    void begin() throws IOException {
        top = top.toRealPath();
        folder = top.resolve("project");
        stacks = stacks(StackContext.of(List.of()).secretStore(store));
    }

    private StackTemplates stacks(StackContext context) {
        return new WrittenStacks(top.resolve("templates"), new BracesRenderer()).with(context);
    }

    private void template(String name, String metadata, Map<String, String> files) throws IOException {
        new WrittenStacks(top.resolve("templates"), new BracesRenderer())
                .write(name, "_templates_suffix: .tpl\n" + metadata, files);
    }

    private String read(String path) throws IOException {
        return Files.readString(folder.resolve(path));
    }

    private void outer(String chain) throws IOException {
        template("outer", chain, Map.of("angee.yaml", "name: outer\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth: { type: bool, default: true }\nkey: { type: str, generated: true, when: '{{ auth }}' }\n",
                "given: { type: str, default: '' }\nkey: { type: str, generated: true, default: '{{ given }}' }\n",
                "key: { type: str, generated: true, default: '' }\n",
                "key: { type: str, generated: true }\n"
            })
    void what_a_chained_template_makes_up_stays_C10(String questions) throws IOException {
        template("db", questions + STACK, Map.of("key.txt.tpl", "{{ key }}"));
        outer(CHAIN);
        stacks.init(folder, NewStack.from("outer"));
        String made = read("db/key.txt");
        assertThat(made).hasSize(32);
        assertThat(stacks.update(folder, STANDARD).isChange()).isFalse();
        assertThat(read("db/key.txt")).isEqualTo(made);
    }

    @Test
    void what_is_given_as_nothing_by_the_chain_does_not_replace_what_was_made_up_C10() throws IOException {
        template("db", "key: { type: str, generated: true }\n" + STACK, Map.of("key.txt.tpl", "{{ key }}"));
        outer("mykey: { type: str, default: '' }\n"
                + CHAIN.replace("root: db", "root: db, inputs: { key: '${inputs.mykey}' }"));
        stacks.init(folder, NewStack.from("outer"));
        String made = read("db/key.txt");
        stacks.update(folder, STANDARD);
        assertThat(read("db/key.txt")).hasSize(32).isEqualTo(made);
        stacks.update(folder, STANDARD.input("mykey", "mine"));
        assertThat(read("db/key.txt")).isEqualTo("mine");
    }

    @Test
    void what_is_immutable_to_a_chained_template_is_so_to_the_stack_C10() throws IOException {
        template(
                "db",
                "size: { type: str, default: '10', immutable: true }\n" + STACK,
                Map.of("size.txt.tpl", "{{ size }}"));
        outer(CHAIN);
        stacks.init(folder, NewStack.from("outer"));
        assertThatThrownBy(() -> stacks.update(folder, STANDARD.input("size", "20")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("it is immutable, and was '10'");
        assertThat(read("db/size.txt")).isEqualTo("10");
    }

    @Test
    void what_only_a_chained_template_asks_for_is_remembered_whatever_answers_file_is_rendered() throws IOException {
        template("db", "size: { type: str, default: '10' }\n" + STACK, Map.of("size.txt.tpl", "{{ size }}"));
        template(
                "outer", CHAIN, Map.of("sub/angee.yaml", "name: outer\n", ".copier-answers.yml", "_src_path: outer\n"));
        NewStack wanted = NewStack.from("outer").input("size", "99").input("ANGEE_ROOT", "sub");
        Path root = stacks.init(folder, wanted);
        assertThat(root).isEqualTo(folder.resolve("sub"));
        assertThat(stacks.update(root, STANDARD).isChange()).isFalse();
        assertThat(read("db/size.txt")).isEqualTo("99");
        Files.writeString(folder.resolve(".copier-answers.yml"), "_src_path: outer\nsize: 7\n");
        stacks.update(root, STANDARD);
        assertThat(read("db/size.txt")).as("what somebody has written there").isEqualTo("7");
        Files.delete(folder.resolve(".copier-answers.yml"));
        stacks.update(root, STANDARD);
        assertThat(read("db/size.txt")).isEqualTo("7");
    }

    @Test
    void the_answers_of_a_chained_template_are_not_those_of_the_stack() throws IOException {
        template("db", STACK, Map.of(".copier-answers.yml", "_src_path: db\n", "db.txt", "db\n"));
        template("outer", """
                name: { type: str, default: x }
                ANGEE_ROOT: { type: str, default: .angee }
                _angee: { kind: stack, chain: [{ template: stacks/db, root: .angee }] }
                """, Map.of("{{ ANGEE_ROOT }}/angee.yaml.tpl", "name: {{ name }}\n"));
        Path root = stacks.init(folder, NewStack.from("outer").input("name", "shop"));
        Files.writeString(top.resolve("templates/stacks/outer/NEW.md"), "new\n");
        assertThat(stacks.update(root, STANDARD).changes())
                .singleElement()
                .isEqualTo(new RenderChange("NEW.md", List.of(), RenderChange.Kind.ADD));
        assertThat(folder.resolve("NEW.md")).exists();
        assertThat(read(".angee/angee.yaml")).contains("name: shop");

        Files.delete(root.resolve("run/stack-template.json")); // as the Go operator leaves it
        Files.writeString(top.resolve("templates/stacks/outer/NEW2.md"), "new\n");
        stacks.update(root, STANDARD);
        assertThat(folder.resolve("NEW2.md")).exists();
    }

    @Test
    void an_update_follows_the_template_that_was_asked_for_last() throws IOException {
        for (String version : List.of("v1", "v2", "v3")) {
            template(
                    version,
                    STACK,
                    Map.of("angee.yaml", "name: outer\ntemplate: { active: stacks/v1 }\n", "v.txt", version));
        }
        stacks.init(folder, NewStack.from("v1"));
        Path manifest = folder.resolve("angee.yaml");
        Files.writeString(manifest, Files.readString(manifest).replace("stacks/v1", "stacks/v2"));
        stacks.update(folder, STANDARD);
        assertThat(read("v.txt")).isEqualTo("v2");
        stacks.update(folder, STANDARD.template("v3"));
        stacks.update(folder, STANDARD);
        assertThat(read("v.txt")).isEqualTo("v3");
    }

    @Test
    void each_conflict_can_be_resolved_by_itself() throws IOException {
        String manifest = "name: outer\nservices:\n  web: { runtime: container, image: \"web:1\" }\n";
        template("outer", STACK, Map.of("angee.yaml", manifest, "f.txt", "f1", "g.txt", "g1", "h.txt", "h1"));
        stacks.init(folder, NewStack.from("outer"));
        for (String file : List.of("f.txt", "g.txt", "h.txt")) {
            Files.writeString(folder.resolve(file), "mine");
        }
        Path root = folder.resolve("angee.yaml");
        Files.writeString(root, read("angee.yaml").replace("web:1", "web:mine"));
        template(
                "outer", STACK, Map.of("angee.yaml", manifest.replace("web:1", "web:2"), "f.txt", "f2", "g.txt", "g2"));
        RenderPlan plan = stacks.previewUpdate(folder, STANDARD);
        assertThat(plan.conflicts()).extracting(RenderConflict::path).containsExactly("angee.yaml", "f.txt", "g.txt");
        assertThat(plan.rendered("f.txt")).as("to look at").contains("f2");

        TemplateUpdate some = STANDARD.with("f.txt", OnConflict.KEEP).with("g.txt", OnConflict.OVERWRITE);
        assertThatThrownBy(() -> stacks.update(folder, some))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("services.web.image")
                .hasMessageContaining("or keep it");
        assertThat(read("g.txt")).isEqualTo("mine");
        stacks.update(folder, some.with("angee.yaml", OnConflict.KEEP));
        assertThat(read("f.txt")).isEqualTo("mine");
        assertThat(read("g.txt")).isEqualTo("g2");
        assertThat(read("h.txt")).as("whose template is as it was").isEqualTo("mine");
        assertThat(read("angee.yaml")).contains("web:mine");

        assertThat(stacks.update(folder, STANDARD).isChange())
                .as("they are edits from now on")
                .isFalse();
        assertThatThrownBy(() -> stacks.update(folder, STANDARD.with("f.tx", OnConflict.KEEP)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'f.tx' is nothing that the template renders")
                .hasMessageContaining("f.txt");
    }

    @Test
    void what_changes_in_a_manifest_is_told_as_what_it_is() throws IOException {
        String a = "  a: { runtime: container, image: a }\n";
        template("outer", STACK, Map.of("angee.yaml", "name: outer\nservices:\n" + a + a.replace("a:", "b:")));
        stacks.init(folder, NewStack.from("outer"));
        template(
                "outer",
                STACK,
                Map.of(
                        "angee.yaml",
                        "name: outer\nservices:\n" + a.replace("image: a", "image: x") + a.replace("a:", "c:")));
        assertThat(stacks.previewUpdate(folder, STANDARD).changes())
                .containsExactly(
                        new RenderChange("angee.yaml", List.of("services", "a", "image"), RenderChange.Kind.MODIFY),
                        new RenderChange("angee.yaml", List.of("services", "b"), RenderChange.Kind.DELETE),
                        new RenderChange("angee.yaml", List.of("services", "c"), RenderChange.Kind.ADD));
    }

    @Test
    void an_answers_file_that_has_another_name_now_does_not_stay_S7() throws IOException {
        outer(STACK);
        stacks.init(folder, NewStack.from("outer"));
        outer("_answers_file: .answers.yml\n" + STACK);
        stacks.update(folder, STANDARD);
        assertThat(folder.resolve(".answers.yml")).exists();
        assertThat(folder.resolve(".copier-answers.yml")).doesNotExist();
        assertThat(stacks.update(folder, STANDARD).isChange()).isFalse();
    }

    @Test
    void the_manifest_of_a_chained_stack_is_checked_too() throws IOException {
        String a = "  a: { runtime: container, image: a }\n";
        template("db", STACK, Map.of("angee.yaml", "name: db\nservices:\n" + a + a.replace("a:", "b:")));
        outer(CHAIN);
        stacks.init(folder, NewStack.from("outer"));
        String edited = read("db/angee.yaml") + "  mine: { runtime: container, image: m, depends_on: [b] }\n";
        Files.writeString(folder.resolve("db/angee.yaml"), edited);
        template("db", STACK, Map.of("angee.yaml", "name: db\nservices:\n" + a, "new.txt", "new"));
        assertThatThrownBy(() -> stacks.update(folder, STANDARD))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining(folder.resolve("db/angee.yaml").toString())
                .hasMessageContaining("'b' is not declared");
        assertThat(read("db/angee.yaml")).isEqualTo(edited);
        assertThat(folder.resolve("db/new.txt")).doesNotExist();
    }

    @Test
    void no_template_is_looked_for_by_what_a_chained_one_calls_a_secret_S7() throws IOException {
        template("db", "token: { type: str, secret: true }\n" + STACK, Map.of("a", ""));
        outer("_angee: { kind: stack, chain: [{ template: stacks/db, root: db },"
                + " { template: 'stacks/${inputs.token}', root: x }] }\n");
        assertThatThrownBy(() -> stacks.init(folder, NewStack.from("outer").input("token", "canary-5ecret")))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("'inputs.token' is not known here")
                .hasMessageNotContaining("canary");
        assertThat(folder).doesNotExist();
    }

    @Test
    void secrets_go_along_when_the_manifest_names_another_store() throws IOException {
        StackTemplates own = stacks(StackContext.of(List.of()));
        String questions = "pw: { type: str, secret: true, generated: true }\n";
        template("outer", questions + STACK, Map.of("angee.yaml", "name: outer\nsecrets: { pw: {}, other: {} }\n"));
        own.init(folder, NewStack.from("outer"));
        Files.writeString(folder.resolve(".env"), read(".env") + "ANGEE_SECRET_OTHER=\"set\"\n");
        template(
                "outer",
                questions + STACK,
                Map.of(
                        "angee.yaml",
                        "name: outer\nsecrets: { pw: {}, other: {} }\nsecrets_backend: { type: env-file, path: sec.env }\n"));
        own.update(folder, STANDARD);
        assertThat(read("sec.env").lines())
                .containsExactlyInAnyOrderElementsOf(read(".env").lines().toList());
        assertThat(own.update(folder, STANDARD).isChange()).isFalse();
    }

    @Test
    void who_comes_second_takes_back_no_secret_of_the_first() throws Exception {
        template(
                "outer",
                "pw: { type: str, secret: true }\n" + STACK,
                Map.of("angee.yaml", "name: outer\nsecrets: { pw: {} }\n"));
        NewStack wanted = NewStack.from("outer").input("pw", "same");
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread second = new Thread(() -> {
            try {
                stacks.init(folder, wanted);
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        SecretStore watched = mock(SecretStore.class, delegatesTo(store));
        doAnswer(call -> {
                    SecretValue value = store.putIfAbsent(call.getArgument(0), call.getArgument(1));
                    second.start();
                    while (second.isAlive() && second.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait(); // until it has made the stack, or waits until this one has
                    }
                    return value;
                })
                .when(watched)
                .putIfAbsent(any(), any());
        stacks(StackContext.of(List.of()).secretStore(watched)).init(folder, wanted);
        second.join();
        assertThat(failure.get()).isInstanceOf(ConflictException.class).hasMessageContaining("is not empty");
        assertThat(store.get(PW).map(SecretValue::reveal)).contains("same");
    }

    @Test
    void a_misspelt_input_is_refused_at_first_and_at_an_update() throws IOException {
        template("db", "region: { type: str, default: eu }\n" + STACK, Map.of("region.txt.tpl", "{{ region }}"));
        outer("debug: { type: bool, default: false }\n" + CHAIN);
        for (String name : List.of("debgu", "regoin")) {
            assertThatThrownBy(() -> stacks.init(folder, NewStack.from("outer").input(name, "true")))
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.field()).isEqualTo(name))
                    .hasMessageContaining("Did you mean '");
        }
        assertThat(folder).doesNotExist();
        stacks.init(folder, NewStack.from("outer").input("region", "us").input("nobody", "asks"));
        assertThat(read("db/region.txt")).isEqualTo("us");
        assertThatThrownBy(() -> stacks.update(folder, STANDARD.input("regoin", "eu")))
                .hasMessageContaining("Did you mean 'region'?");
        assertThatThrownBy(() -> stacks.previewUpdate(folder, STANDARD.input("regoin", "eu")))
                .hasMessageContaining("Did you mean 'region'?");
        outer("debug: { type: bool, default: false }\n"
                + CHAIN.replace("root: db", "root: db, inputs: { regoin: eu }"));
        assertThatThrownBy(() -> stacks.init(top.resolve("other"), NewStack.from("outer")))
                .hasMessageContaining(
                        "_angee.chain[0].inputs.regoin is not asked for by 'stacks/db'. Did you mean 'region'?");
    }

    @Test
    void a_choice_that_was_left_open_stays_open_at_an_update_also_of_a_chained_template() throws IOException {
        String mode = "mode: { type: str, choices: [x, y] }\n";
        template("db", mode + STACK, Map.of("mode.txt.tpl", "{{ mode }}."));
        outer(mode + CHAIN);
        stacks.init(folder, NewStack.from("outer"));
        assertThat(read("db/mode.txt")).isEqualTo(".");
        assertThat(stacks.update(folder, STANDARD).isChange()).isFalse();
        stacks.update(folder, STANDARD.input("mode", "y"));
        assertThat(read("db/mode.txt")).isEqualTo("y.");
    }
}
