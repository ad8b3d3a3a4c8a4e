package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.manifest.ManifestReader;
import dev.angee.operation.Progress;
import dev.angee.secret.SecretInfo;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import dev.angee.template.BracesRenderer;
import dev.angee.workspace.DestroyOptions;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.WorkspaceRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a template asks for, ensures and brings with it, when a workspace is made of it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WorkspaceTemplatesTest {
    private static final String CANARY = "canary-5b1e";
    private static final WorkspaceRequest NEW = WorkspaceRequest.named("feat-x").template("t");

    @TempDir
    Path folder;

    private MemoryInstance instance;

    @BeforeEach
    void open() throws IOException {
        instance = new MemoryInstance(folder.toRealPath(), "a");
        instance.reopen(instance.builder().renderer(new BracesRenderer()));
    }

    @AfterEach
    void close() {
        instance.close();
    }

    private void template(String angee, String questions) throws IOException {
        file(
                "workspaces/t/copier.yml",
                "_templates_suffix: .tpl\n_angee:\n  kind: workspace\n" + angee.indent(2) + questions);
    }

    private void file(String path, String text) throws IOException {
        Path file = instance.root.resolve("templates").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void stack(String questions, String manifest) throws IOException {
        file(
                "stacks/s/copier.yml",
                "_templates_suffix: .tpl\n" + (questions.contains("_angee") ? "" : "_angee: { kind: stack }\n")
                        + questions);
        file("stacks/s/angee.yaml.tpl", "name: inner\n" + manifest);
    }

    private Workspace create(WorkspaceRequest request) {
        return instance.angee().workspaces().create(request);
    }

    private String manifest() throws IOException {
        return Files.readString(instance.root.resolve("angee.yaml"));
    }

    private String made(String path) throws IOException {
        return Files.readString(instance.root.resolve("workspaces/feat-x").resolve(path));
    }

    /** Every file below the root that holds a text. */
    private List<String> holding(String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.toRealPath())) {
            for (Path file : files.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(folder.toRealPath().relativize(file).toString());
                }
            }
        }
        return found;
    }

    private boolean has(String secret) {
        return instance.angee().secrets().get(new SecretName(secret)).hasValue();
    }

    private void destroy(String name) throws InterruptedException {
        instance.angee().workspaces().destroy(name, DestroyOptions.discardingWork());
    }

    // secrets

    @Test
    void a_secret_is_in_the_store_and_in_no_file_and_goes_with_the_workspace_S7() throws Exception {
        template(
                "sources: { a: {} }",
                "token: { type: secret, validator: 'token !~ canary-.*: no' }\nplain: '{{ token }}'");
        file("workspaces/t/out.env.tpl", "TOKEN={{ token }} PLAIN={{ plain }} CHAINED={{ chained }}");
        List<Progress> told = new ArrayList<>();
        instance.angee().workspaces().create(NEW.input("token", CANARY), told::add);
        assertThat(made("out.env")).isEqualTo("TOKEN=${secret.feat-x-token} PLAIN=${secret.feat-x-token} CHAINED=");
        assertThat(holding(CANARY)).containsExactly("root/.env");
        assertThat(told.toString()).doesNotContain(CANARY);
        assertThat(Files.readString(instance.root.resolve("run/workspaces/feat-x.json")))
                .contains("${secret.feat-x-token}");
        destroy("feat-x");
        assertThat(holding(CANARY)).isEmpty();
    }

    @Test
    void a_secret_of_a_service_is_not_shared_S7() throws IOException {
        template("", "token: { type: secret }");
        Path services = Files.createDirectories(instance.root.resolve("run/services"));
        Files.writeString(services.resolve("feat.json"), "{\"secrets\": [\"feat-x-token\"]}");
        assertThatThrownBy(() -> create(NEW.input("token", CANARY)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("service 'feat'");
        assertThat(holding(CANARY)).isEmpty();
    }

    @Test
    void what_only_a_chained_template_calls_a_secret_is_one_in_every_file_S7() throws IOException {
        template("""
                chain_root: .angee
                chain: [{ template: stacks/s, inputs: { other: "${inputs.mine}" } }]
                """, "mine: { type: str }");
        file("workspaces/t/out.tpl", "{{ token }} {{ mine }}");
        stack("""
                token: { type: secret, required: true }
                other: { type: secret }
                made: { type: secret, generated: true }
                """, "# {{ token }} {{ other }} {{ made }}\n");
        create(NEW.input("token", CANARY + "-1").input("mine", CANARY + "-2"));
        assertThat(made("out")).isEqualTo("${secret.feat-x-token} ${secret.feat-x-mine}");
        assertThat(made(".angee/angee.yaml"))
                .contains("# ${secret.feat-x-token} ${secret.feat-x-mine} ${secret.feat-x-made}");
        assertThat(holding(CANARY)).containsExactly("root/.env");
    }

    @Test
    void an_inner_stack_has_the_secrets_that_its_templates_asked_for_and_no_others_S7() throws Exception {
        template("""
                chain_root: .angee
                chain: [{ template: stacks/s, inputs: { other: "${inputs.mine}" } }]
                """, "mine: { type: str }");
        stack("""
                token: { type: secret, required: true }
                other: { type: secret }
                shared: { type: secret }
                """, """
                secrets: { root-only: {} }
                services:
                  web:
                    runtime: container
                    image: web
                    env: { TOKEN: "{{ token }}", OTHER: "{{ other }}", SHARED: "{{ shared }}", ROOT: "${secret.root-only}" }
                """);
        set("root-only", CANARY + "-root");
        set("team", CANARY + "-team");
        Workspace workspace = create(
                NEW.input("token", CANARY + "-1").input("mine", CANARY + "-2").input("shared", "${secret.team}"));
        assertThat(made(".angee/angee.yaml"))
                .as("declared, as nobody had done it")
                .contains("feat-x-token: {}", "feat-x-mine: {}", "team: {}");
        Secrets inner = workspace.stack().secrets();
        assertThat(inner.value(new SecretName("feat-x-token")).reveal()).isEqualTo(CANARY + "-1");
        assertThat(inner.value(new SecretName("feat-x-mine")).reveal()).isEqualTo(CANARY + "-2");
        assertThat(inner.resolve(Set.of(new SecretName("team")))).isNotNull();
        assertThat(inner.find(new SecretName("root-only"))).isEmpty();
        assertThat(inner.list().stream().filter(SecretInfo::hasValue))
                .extracting(each -> each.name().value())
                .containsExactly("feat-x-mine", "feat-x-token", "team");
        assertThat(holding(CANARY)).as("no copy of them").containsExactly("root/.env");

        set("feat-x-token", CANARY + "-3");
        assertThat(inner.value(new SecretName("feat-x-token")).reveal()).isEqualTo(CANARY + "-3");
        inner.set(new SecretName("feat-x-token"), SecretValue.of("its own"));
        assertThat(inner.value(new SecretName("feat-x-token")).reveal()).isEqualTo("its own");
        assertThat(instance.angee()
                        .secrets()
                        .value(new SecretName("feat-x-token"))
                        .reveal())
                .isEqualTo(CANARY + "-3");
        inner.delete(new SecretName("feat-x-token"));
        assertThat(inner.value(new SecretName("feat-x-token")).reveal()).isEqualTo(CANARY + "-3");

        destroy("feat-x");
        set("feat-x-token", CANARY + "-4");
        assertThat(inner.find(new SecretName("feat-x-token")))
                .as("of the next one")
                .isEmpty();
    }

    @Test
    void what_a_chained_template_ensures_is_in_the_manifest_of_its_stack() throws IOException {
        template("chain_root: .angee\nchain: [{ template: stacks/s }]\n", "");
        stack("_angee: { kind: stack, ensure: { operator.port_pool.web.range: 20000-20010 } }\n", "");
        Workspace workspace = create(NEW);
        assertThat(new ManifestReader()
                        .read(workspace.stack().root().resolve("angee.yaml"))
                        .pools())
                .containsKey("web");
        assertThat(manifest()).doesNotContain("20000");
    }

    @Test
    void a_workspace_is_not_destroyed_under_what_stands_in_it() throws Exception {
        template("", "");
        create(NEW);
        create(WorkspaceRequest.named("feat").template("t"));
        String plain = manifest();
        for (String use : List.of("workdir: workspace://feat-x/app", "mounts: [\"workspace://feat-x:/work\"]")) {
            Files.writeString(
                    instance.root.resolve("angee.yaml"),
                    plain
                            + "workspaces: { feat-x: { template: t } }\nservices:\n  agent: { runtime: container, image: a, "
                            + use + " }\n");
            assertThatThrownBy(() -> destroy("feat-x"))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("agent of " + instance.root.resolve("angee.yaml"));
            assertThat(instance.root.resolve("workspaces/feat-x")).exists();
        }
        destroy("feat");
        Files.writeString(instance.root.resolve("angee.yaml"), plain);
        destroy("feat-x");
        assertThat(instance.root.resolve("workspaces/feat-x")).doesNotExist();
    }

    private void set(String secret, String value) {
        instance.angee().secrets().set(new SecretName(secret), SecretValue.of(value));
    }

    @Test
    void a_chained_secret_is_passed_on_as_a_whole_S7() throws IOException {
        template("""
                chain_root: .angee
                chain: [{ template: stacks/s, inputs: { token: "Bearer ${inputs.mine}" } }]
                """, "");
        stack("token: { type: secret }", "");
        assertThatThrownBy(() -> create(NEW.input("mine", CANARY)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("pass a secret on as a whole")
                .hasMessageNotContaining(CANARY);
        assertThat(holding(CANARY)).isEmpty();
    }

    @Test
    void secrets_are_taken_back_when_making_fails_S7() throws IOException {
        template("sources: { a: {} }", "token: { type: secret }\nmade: { type: secret, generated: true }");
        List<Boolean> stored = new ArrayList<>();
        instance.control.failBefore("fetch a", () -> {
            stored.add(has("feat-x-token"));
            return MemorySourceControl.unreachable();
        });
        assertThatThrownBy(() -> create(NEW.input("token", CANARY)))
                .isInstanceOf(AngeeException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
        assertThat(stored).as("before anything refers to it").containsExactly(true);
        assertThat(holding(CANARY)).isEmpty();
        assertThat(has("feat-x-made")).isFalse();
    }

    @Test
    void the_secret_of_another_is_neither_replaced_nor_used_nor_removed_S7() throws Exception {
        template("", "token: { type: secret }\nb-token: { type: secret }");
        instance.angee().secrets().set(new SecretName("feat-x-token"), SecretValue.of("of the user"));
        assertThatThrownBy(() -> create(NEW.input("token", CANARY)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("has another value already")
                .hasMessageNotContaining("of the user")
                .hasMessageNotContaining(CANARY);
        create(NEW);
        destroy("feat-x");
        assertThat(has("feat-x-token")).as("what was there before").isTrue();

        create(WorkspaceRequest.named("a").template("t").input("b-token", CANARY)); // a-b-token
        assertThatThrownBy(
                        () -> create(WorkspaceRequest.named("a-b").template("t").input("token", CANARY)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is one of workspace 'a'");
        assertThatThrownBy(() -> create(WorkspaceRequest.named("a-b").template("t")))
                .isInstanceOf(ConflictException.class);
        assertThat(has("a-b-token")).isTrue();
    }

    @Test
    void a_workspace_in_the_making_has_its_secrets_already_S7() throws Exception {
        template("sources: { a: {} }", "token: { type: secret }\nb-token: { type: secret }");
        List<String> refused = new ArrayList<>();
        instance.control.onCall(call -> {
            if (call.startsWith("fetch a") && refused.isEmpty()) {
                refused.add("begun");
                assertThatThrownBy(() -> create(
                                WorkspaceRequest.named("a-b").template("t").input("token", CANARY)))
                        .isInstanceOf(ConflictException.class)
                        .satisfies(e -> refused.add(String.valueOf(e.getMessage())));
            }
        });
        create(WorkspaceRequest.named("a").template("t").input("b-token", CANARY));
        assertThat(refused).hasSize(2).last().asString().contains("is one of workspace 'a'");
        assertThat(has("a-b-token")).isTrue();
        destroy("a");
        assertThat(holding(CANARY)).isEmpty();
    }

    @Test
    void of_two_made_at_once_no_more_than_one_has_a_secret_S7() throws Exception {
        template("", "token: { type: secret }\nb-token: { type: secret }");
        WorkspaceRequest one = WorkspaceRequest.named("a").template("t").input("b-token", CANARY);
        WorkspaceRequest other = WorkspaceRequest.named("a-b").template("t").input("token", CANARY);
        for (int round = 0; round < 10; round++) {
            var made = Stream.of(one, other).parallel().filter(this::isMade).toList();
            assertThat(made).hasSizeLessThan(2);
            for (var each : made) {
                destroy(each.name().orElseThrow());
            }
            assertThat(holding(CANARY)).isEmpty();
        }
    }

    private boolean isMade(WorkspaceRequest request) {
        try {
            create(request);
            return true;
        } catch (ConflictException e) {
            return false;
        }
    }

    @Test
    void a_name_is_made_of_nothing_that_only_a_chained_template_calls_a_secret_S7() throws IOException {
        template("""
                instance_naming: { pattern: "ws-${inputs.pin}" }
                chain_root: .angee
                chain: [{ template: stacks/s }]
                """, "pin: { type: str }\ncopy: { type: str, default: '{{ pin }}' }");
        stack("pin: { type: secret }", "");
        WorkspaceRequest request = WorkspaceRequest.of("t").input("pin", CANARY);
        assertThatThrownBy(() -> create(request))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("inputs.pin")
                .hasMessageNotContaining(CANARY);
        template("""
                instance_naming: { pattern: "ws-${inputs.copy | slug}" }
                chain_root: .angee
                chain: [{ template: stacks/s }]
                """, "pin: { type: str }\ncopy: { type: str, default: '{{ pin }}' }");
        assertThat(create(request).name()).doesNotContain(CANARY);
        assertThat(holding(CANARY)).containsExactly("root/.env");
    }

    @Test
    void no_template_is_looked_for_by_what_a_chained_one_calls_a_secret_S7() throws IOException {
        template("""
                chain_root: .angee
                chain: [{ template: "stacks/${inputs.pin}", root: other }, { template: stacks/s }]
                """, "pin: { type: str }");
        stack("pin: { type: secret }", "");
        assertThatThrownBy(() -> create(NEW.input("pin", CANARY)))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("inputs.pin")
                .hasMessageNotContaining(CANARY);
    }

    @Test
    void what_is_wrong_with_an_input_is_found_before_anything_is_made_C9() throws IOException {
        template("inputs: { id: { required: true } }", "id: { type: str }\nport: { type: int }");
        assertThatThrownBy(() -> create(NEW)).hasMessageContaining("needs a value for: id");
        assertThatThrownBy(() -> create(NEW.input("id", "1").input("port", "x")))
                .hasMessageContaining("'x' is no whole number");
        assertThat(instance.root.resolve("run/journal")).doesNotExist();
    }

    @Test
    void what_was_generated_is_kept_in_the_record_C10() throws IOException {
        template("", "key: { type: str, generated: true, length: 9 }");
        file("workspaces/t/key.tpl", "{{ key }}");
        create(NEW);
        assertThat(made("key")).hasSize(9);
        assertThat(Files.readString(instance.root.resolve("run/workspaces/feat-x.json")))
                .contains("\"key\" : \"" + made("key") + "\"");
    }

    @Test
    void a_path_of_a_chained_stack_is_seen_from_its_root_and_kept_as_it_was_given_C31() throws IOException {
        template(
                "chain_root: .angee\nchain: [{ template: stacks/s, inputs: { src: \"${inputs.src}\" } }]",
                "src: { type: path }");
        file("workspaces/t/out.tpl", "{{ src }}");
        stack("src: { type: path }\nANGEE_ROOT: inner", "# {{ src }}\n");
        create(NEW.input("src", "code"));
        assertThat(made("out")).isEqualTo("code");
        assertThat(made(".angee/angee.yaml")).contains("# ../code\n");
        assertThat(Files.readString(instance.root.resolve("run/workspaces/feat-x.json")))
                .contains("\"src\" : \"code\"");
    }

    // names

    @Test
    void a_workspace_without_a_name_gets_one_from_its_template_C20() throws IOException {
        template(
                "instance_naming: { pattern: \"${inputs.branch | slug}\", fallback: \"ws-${inputs.n}\" }",
                "branch: ''\nn: '1'");
        WorkspaceRequest request = WorkspaceRequest.of("t");
        assertThat(create(request.input("branch", "Feat/X")).name()).isEqualTo("feat-x");
        assertThat(create(request).name()).isEqualTo("ws-1");
        assertThatThrownBy(() -> create(request))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("'ws-1': already exists");
        assertThatThrownBy(() -> create(request.input("n", "!"))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void nothing_is_stored_for_a_workspace_whose_template_renders_over_secrets() throws IOException {
        template("chain_root: .angee\nchain: [{ template: stacks/s }]\n", "token: { type: secret, default: made }");
        stack("", "");
        file("stacks/s/.env", "A=1");
        assertThatThrownBy(() -> create(NEW.input("token", CANARY)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("stacks/s: '.angee/.env'")
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
        assertThat(instance.root.resolve(".env")).as("not even for a moment").doesNotExist();
        assertThat(instance.root.resolve("workspaces/feat-x")).doesNotExist();
    }

    // taken back

    @Test
    void what_could_not_be_taken_back_at_once_is_no_workspace_and_goes_the_next_time() throws IOException {
        template("sources: { a: {} }", "");
        instance.control.failBefore("delete workspace/feat-x", MemorySourceControl::unreachable);
        assertThatThrownBy(() -> instance.angee().workspaces().create(NEW, progress -> {
                    if (progress instanceof Progress.Rendered) { // its record is there by then
                        throw new IllegalStateException("enough");
                    }
                }))
                .hasMessage("enough")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(instance.angee().workspaces().made()).isEmpty();
        instance.control.heal();
        instance.reopen(instance.builder().renderer(new BracesRenderer()));
        assertThat(instance.angee().recovered().undone()).containsExactly("feat-x");
        assertThat(instance.root.resolve("workspaces/feat-x")).doesNotExist();
        assertThat(create(NEW).slots()).hasSize(1);
    }

    // persist

    @Test
    void persist_folders_are_made_and_remembered() throws IOException {
        template("persist: { data: { subpath: var/data, scope: any } }", "");
        Workspace workspace = create(NEW);
        Path data = workspace.path().resolve("var/data");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwxr-xr-x");
        assertThat(workspace.persistPaths()).isEqualTo(Map.of("data", data));
        assertThat(instance.angee().workspaces().get("feat-x").persistPaths()).isEqualTo(Map.of("data", data));
    }

    @Test
    void a_persist_folder_lies_behind_no_link_and_outside_of_every_worktree() throws IOException {
        Files.createDirectories(instance.root.resolve("elsewhere"));
        for (String subpath : List.of("../up", "/abs", "link/data", "a/data", "a", "link/../link/x")) {
            template(
                    "sources: { a: {}, link: { path: elsewhere } }\npersist: { data: { subpath: \"" + subpath
                            + "\" } }",
                    "");
            assertThatThrownBy(() -> create(NEW)).as(subpath).isInstanceOf(AngeeException.class);
            assertThat(instance.root.resolve("workspaces/feat-x")).doesNotExist();
            assertThat(instance.root.resolve("elsewhere")).isEmptyDirectory();
        }
        template("sources: { link: { path: elsewhere } }\npersist: { data: { subpath: link } }", "");
        assertThat(create(NEW).persistPaths()).containsOnlyKeys("data");
    }

    @Test
    void however_a_persist_folder_is_spelled_nothing_is_rendered_in_its_place() throws IOException {
        file("workspaces/t/var/data", "x");
        for (String subpath :
                List.of("var/data", "./var/data", "var/data/", "var//data", "var/./data", "x/../var/data")) {
            template("persist: { data: { subpath: \"" + subpath + "\" } }", "");
            assertThatThrownBy(() -> create(NEW))
                    .as(subpath)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("folder of data");
        }
    }

    // answers

    @Test
    void an_answers_file_is_not_written_into_a_worktree_either() throws IOException {
        template("sources: { a: {} }", "who: { type: str }\n_answers_file: a/.answers.yml");
        file("workspaces/t/a/.answers.yml.tpl", "who: {{ who }}\n");
        assertThatThrownBy(() -> create(NEW.input("who", "me")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("a/.answers.yml")
                .hasMessageContaining("slot 'a'");
        assertThat(instance.root.resolve("workspaces/feat-x")).doesNotExist();
    }

    // ensure

    @Test
    void what_a_template_ensures_is_in_the_manifest_and_a_pool_of_it_is_leased_from() throws IOException {
        template("""
                ensure:
                  operator.port_pool.web: { range: "38100-38199" }
                  secrets.shared.generated: true
                sources: { a: { subpath: "a-${alloc.web}" } }
                """, "");
        Files.writeString(instance.root.resolve("angee.yaml"), "# mine\n" + manifest());
        String before = manifest();
        Workspace workspace = create(NEW);
        assertThat(workspace.allocations().get("web")).isBetween(38100, 38199);
        assertThat(manifest()).startsWith(before).contains("38100-38199").contains("shared:");
        assertThat(instance.angee().secrets().list()).hasSize(1);
        String after = manifest();
        create(WorkspaceRequest.named("second").template("t"));
        assertThat(manifest()).isEqualTo(after);
    }

    @Test
    void what_is_ensured_and_is_something_else_is_a_conflict_and_nothing_is_made() throws IOException {
        template("ensure: { \"operator.port_pool.web\": { range: \"38100-38199\" } }", "");
        Files.writeString(
                instance.root.resolve("angee.yaml"),
                manifest() + "operator: { port_pool: { web: { range: 1000-1001 } } }\n");
        String before = manifest();
        assertThatThrownBy(() -> create(NEW))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("1000-1001");
        assertThat(manifest()).isEqualTo(before);
        assertThat(instance.root.resolve("workspaces/feat-x")).doesNotExist();
    }

    // sources

    @Test
    void a_source_that_the_template_knows_is_declared_with_the_workspace() throws IOException {
        Path lib = Files.createDirectories(instance.cache("lib"));
        instance.control.remote(lib, "main", "README", "first");
        template("sources: { lib: { repo: \"${inputs.from}\", default_ref: main } }", "from: ''");
        String before = manifest();
        instance.control.failBefore("fetch lib", MemorySourceControl::unreachable);
        assertThatThrownBy(() -> create(NEW.input("from", lib.toString()))).hasMessageContaining("does not answer");
        assertThat(manifest()).isEqualTo(before);

        instance.control.heal();
        assertThatThrownBy(() -> instance.angee().workspaces().create(NEW.input("from", lib.toString()), progress -> {
                    if (progress instanceof Progress.Rendered) {
                        throw new IllegalStateException("enough");
                    }
                }))
                .hasMessage("enough")
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
        assertThat(manifest()).isEqualTo(before);
        assertThat(instance.control.worktrees(lib))
                .as("also of a cache that nobody declares")
                .isEmpty();

        assertThat(create(NEW.input("from", lib.toString())).slot("lib").source())
                .isEqualTo("lib");
        assertThat(manifest()).contains("lib:").contains(lib.toString());
    }

    @Test
    void an_optional_slot_is_left_out_if_nobody_knows_its_source_but_a_failing_fetch_is_an_error() throws IOException {
        template("sources: { a: { optional: true }, none: { optional: true } }", "");
        instance.control.failBefore("fetch a", MemorySourceControl::unreachable);
        assertThatThrownBy(() -> create(NEW)).hasMessageContaining("does not answer");
        instance.control.heal();
        assertThat(create(NEW).slots()).extracting(slot -> slot.name()).containsExactly("a");
        template("sources: { none: {} }", "");
        assertThatThrownBy(() -> create(WorkspaceRequest.named("other").template("t")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("needs source 'none'");
    }

    @Test
    void a_local_source_is_a_relative_link_to_what_must_be_there() throws Exception {
        template("sources: { data: { path: ../shared, subpath: in/data } }", "");
        assertThatThrownBy(() -> create(NEW))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nothing is");
        Path shared = Files.createDirectories(folder.toRealPath().resolve("shared"));
        Files.writeString(shared.resolve("x"), "x");
        Workspace workspace = create(NEW);
        Path link = workspace.path().resolve("in/data");
        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("../../../../shared"));
        assertThat(Files.readString(link.resolve("x"))).isEqualTo("x");
        assertThat(manifest()).contains("kind: \"local\"");
        destroy("feat-x");
        assertThat(shared.resolve("x")).exists();
        file("workspaces/t/in/data/planted", "x");
        assertThatThrownBy(() -> create(NEW)).isInstanceOf(ConflictException.class);
        assertThat(shared.resolve("planted")).doesNotExist();
    }

    @Test
    void a_template_clones_nothing_out_of_the_root() throws IOException {
        template("sources: { lib: { repo: /srv/lib, cache_path: ../out } }", "");
        assertThatThrownBy(() -> create(NEW)).isInstanceOf(AngeeException.class).hasMessageContaining("leads out of");
    }
}
