package dev.angee.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.manifest.ManifestEditor;
import dev.angee.render.OnConflict;
import dev.angee.render.TemplateUpdate;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.stack.ServiceStatus;
import dev.angee.stack.Stack;
import dev.angee.workspace.DestroyOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What belongs to people, to other services or to workspaces stays theirs, and there is always a way out. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ServiceSafetyTest {
    private static final String TOKEN = "token: { type: str, secret: true }\n";
    private static final String MADE = "token: { type: str, secret: true, generated: true }\n";

    @TempDir
    Path folder;

    private ServiceRoot root;

    /** What no program catches: the change stays as it is. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void open() throws Exception {
        root = new ServiceRoot(folder.toRealPath());
    }

    @AfterEach
    void close() {
        root.close();
    }

    private Services services() {
        return root.services();
    }

    private void declare(String name, Map<String, ?> entry) {
        var unused = ManifestEditor.edit(
                root.root.resolve("angee.yaml"), editor -> editor.put(List.of("services", name), entry));
    }

    private void declareUser() {
        declare("api", Map.of("runtime", "container", "image", "busybox", "depends_on", List.of("web")));
    }

    private void init(String name) {
        var unused =
                services().init(ServiceRequest.of(name, ServiceFields.none().image("x")));
    }

    private void create() {
        var unused = services().create(ServiceRoot.WEB);
    }

    @Test
    void a_service_template_renders_an_env_file_and_not_over_the_secrets_of_the_root() throws Exception {
        root.service();
        root.template("own.env", "A=1\n");
        root.edit("operator:", "secrets_backend: { path: services/web/own.env }\noperator:");
        root.template("copier.yml", ServiceRoot.QUESTIONS + MADE);
        root.template("x.tpl", "{{ token }}");
        Map<String, String> before = root.tree();
        assertThatThrownBy(() -> services().create(ServiceRoot.WEB))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("services/web: 'own.env'");
        assertThat(root.tree()).isEqualTo(before);
        root.edit("services/web/own.env", "other.env");
        create();
        assertThat(root.read("services/web/own.env")).isEqualTo("A=1\n");
    }

    private void destroy(String name) throws Exception {
        services().destroy(name, ServiceRemoval.leaving());
    }

    /** Its JVM dies when the manifest is written and the files are not. */
    private void dieMaking(ServiceFromTemplate wanted) {
        Services dying = root.stepped(step -> {
            throw new Death();
        });
        assertThatThrownBy(() -> dying.create(wanted)).isInstanceOf(Death.class);
    }

    private String answers(String name, String text) throws Exception {
        Path file = Files.createDirectories(root.root.resolve("services").resolve(name))
                .resolve(".copier-answers.yml");
        Files.writeString(file, text);
        Files.writeString(file.resolveSibling("work"), "not committed");
        return "services/" + name + "/work";
    }

    @Test
    void a_project_that_copier_made_where_a_service_lies_is_not_the_services() throws Exception {
        init("mine");
        String work = answers("mine", "_src_path: gh:x/y\nproject: p\n");
        destroy("mine");
        assertThat(root.read(work)).isEqualTo("not committed");
        init("mine");
        answers("mine", "- no answers\n- at all: [\n");
        destroy("mine");
        assertThat(root.read(work)).isEqualTo("not committed");
        assertThat(services().list()).isEmpty();
    }

    @Test
    void what_the_go_operator_made_goes_with_its_folder() throws Exception {
        init("mine");
        String work = answers("mine", "_src_path: services/web\nworkspace_name: feat\n");
        destroy("mine");
        assertThat(root.root.resolve(work).getParent()).doesNotExist();
    }

    @Test
    void nothing_is_deleted_through_a_link_in_place_of_the_folder_of_services() throws Exception {
        root.service();
        create();
        Path elsewhere = root.root.resolveSibling("elsewhere");
        Files.move(root.root.resolve("services"), elsewhere);
        Files.createSymbolicLink(root.root.resolve("services"), elsewhere);
        String before = root.manifest();
        assertThatThrownBy(() -> destroy("web"))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining(root.root.resolve("services").toString());
        assertThat(elsewhere.resolve("web")).exists();
        assertThat(root.manifest()).isEqualTo(before);
        init("abc");
        answers("abc", "_src_path: services/web\nworkspace_name: feat\n");
        assertThatThrownBy(() -> destroy("abc")).isInstanceOf(AngeeException.class);
        assertThat(elsewhere.resolve("abc/work")).exists();
        Files.delete(root.root.resolve("services"));
        Files.move(elsewhere, root.root.resolve("services"));
        destroy("web");
        assertThat(root.root.resolve("services/web")).doesNotExist();
    }

    @Test
    void fields_of_a_half_made_service_are_those_of_none() throws Exception {
        root.service("env: { A: one }");
        dieMaking(ServiceRoot.WEB);
        assertThatThrownBy(() -> services().update("web", ServiceFields.none().env(Map.of("A", "two"))))
                .isInstanceOf(NotFoundException.class);
        assertThat(root.manifest()).isEqualTo(ServiceRoot.MANIFEST);
        dieMaking(ServiceRoot.WEB);
        init("web");
        assertThat(root.reopen().recovered().undone()).isEmpty();
        assertThat(root.manifest()).contains("image: \"x\"").doesNotContain("busybox");
        assertThat(root.root.resolve("run/services/web.json")).doesNotExist();
    }

    @Test
    void a_service_whose_update_cannot_be_taken_back_can_be_destroyed() throws Exception {
        root.template("copier.yml", ServiceRoot.QUESTIONS + MADE);
        root.service("env: { A: one }");
        create();
        root.service("env: { A: two, T: \"{{ token }}\" }", "ports: [\"127.0.0.1:{{ alloc_web }}:80\"]");
        boolean[] failed = {false};
        Services failing = root.stepped(step -> {
            if (!failed[0]) {
                failed[0] = true;
                edit("A: \"two\"", "A: \"mine\"");
                throw new IllegalStateException("the disk is full");
            }
        });
        assertThatThrownBy(() -> failing.updateFromTemplate("web", TemplateUpdate.standard()))
                .hasMessage("the disk is full")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThatThrownBy(() -> services().updateFromTemplate("web", TemplateUpdate.standard()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("destroy");
        destroy("web");
        assertThat(services().list()).isEmpty();
        assertThat(root.leases()).isEmpty();
        assertThat(root.read(".env")).doesNotContain("WEB_TOKEN");
        assertThat(root.root.resolve("services/web")).doesNotExist();
        assertThat(root.root.resolve("run/services/web.json")).doesNotExist();
        assertThat(root.reopen().recovered().failed()).isEmpty();
    }

    private void edit(String from, String to) {
        try {
            root.edit(from, to);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_service_of_a_name_whose_destruction_was_cut_off_has_nothing_of_the_old_one() throws Exception {
        root.service();
        create();
        Path record = root.root.resolve("run/services/web.json");
        Files.writeString(
                record,
                Files.readString(record)
                        .replace(
                                "\"pending\" : null",
                                "\"pending\" : {\"work\":\"REMOVING\",\"secrets\":[],\"pools\":[]}"));
        var unused = ManifestEditor.edit(
                root.root.resolve("angee.yaml"), editor -> editor.remove(List.of("services", "web")));
        init("web");
        assertThat(services().origin("web")).isEmpty();
        assertThat(root.root.resolve("services/web")).doesNotExist();
        assertThat(record).doesNotExist();
    }

    @Test
    void what_would_leave_the_manifest_unsound_is_not_taken_back_and_is_said() throws Exception {
        root.service("env: { A: one }");
        dieMaking(ServiceRoot.WEB);
        declareUser();
        String before = root.manifest();
        assertThat(root.reopen().recovered().failed())
                .singleElement()
                .asString()
                .contains("service web", "services.api");
        assertThat(root.manifest()).isEqualTo(before);
        assertThat(services().list()).extracting(Service::name).containsExactly("api", "web");
        destroy("api");
        assertThat(root.reopen().recovered().undone()).containsExactly("service web");
        assertThat(services().list()).isEmpty();
    }

    @Test
    void a_service_that_is_needed_goes_on_running_when_its_destruction_is_refused() throws Exception {
        root.service("command: [sleeps]");
        create();
        Stack stack = root.angee().stack();
        stack.up(UpOptions.defaults());
        Map<String, ServiceStatus> running = stack.status().services();
        declareUser();
        assertThatThrownBy(() -> services().destroy("web", ServiceRemoval.stopping()))
                .isInstanceOf(InvalidDocumentException.class);
        assertThat(stack.status().services()).containsAllEntriesOf(running);
    }

    @Test
    void a_secret_that_somebody_has_set_after_a_death_stays_and_is_said() throws Exception {
        root.template("copier.yml", ServiceRoot.QUESTIONS + TOKEN);
        root.service("env: { T: \"{{ token }}\" }");
        SecretName name = new SecretName("web-token");
        dieMaking(ServiceRoot.WEB.input("token", "c4n4ry-first"));
        assertThat(root.read("run/services/web.json")).contains("web-token").doesNotContain("c4n4ry");
        root.angee().stack().secrets().set(name, SecretValue.of("c4n4ry-by-hand"));
        assertThat(root.reopen().recovered().settled())
                .singleElement()
                .asString()
                .contains("web-token")
                .doesNotContain("c4n4ry");
        assertThat(root.angee().stack().secrets().value(name).reveal()).isEqualTo("c4n4ry-by-hand");
        assertThat(root.reopen().recovered().settled()).isEmpty();
        root.angee().stack().secrets().delete(name);
        dieMaking(ServiceRoot.WEB.input("token", "c4n4ry-first"));
        assertThat(root.reopen().recovered().undone()).containsExactly("service web");
        assertThat(root.angee().stack().secrets().get(name).hasValue()).isFalse();
    }

    @Test
    void a_service_does_not_share_the_secret_of_a_workspace_or_of_another_service() throws Exception {
        root.template("copier.yml", ServiceRoot.QUESTIONS + MADE);
        root.service("env: { T: \"{{ token }}\" }");
        Files.writeString(
                root.root.resolve("run/workspaces/feat.json"),
                root.read("run/workspaces/feat.json")
                        .replace("\"slots\": []", "\"slots\": [], \"secrets\": [\"feat-token\"]"));
        root.angee().stack().secrets().set(new SecretName("feat-token"), SecretValue.of("of the workspace"));
        Map<String, String> before = root.tree();
        assertThatThrownBy(() -> services().create(ServiceRoot.WEB.named("feat")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("workspace 'feat'");
        assertThat(root.tree()).isEqualTo(before);
        services().create(ServiceRoot.WEB.named("web-api"));
        assertThatThrownBy(() -> services().create(ServiceRoot.WEB.named("web_api")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("web-api-token");
        services().create(ServiceRoot.WEB.named("other").input("token", "${secret.feat-token}"));
        destroy("other");
        assertThat(root.read(".env")).contains("of the workspace");
    }

    @Test
    void no_message_of_a_conflict_holds_a_value_S7() throws Exception {
        root.template("copier.yml", ServiceRoot.QUESTIONS + TOKEN);
        root.service("env: { T: \"{{ token }}\" }");
        declare("web", Map.of("runtime", "container", "image", "busybox", "env", Map.of("T", "c4n4ry-token")));
        answers("web", "_src_path: services/web\nworkspace_name: feat\ntoken: c4n4ry-token\n");
        assertThat(services().preview("web", TemplateUpdate.standard()).toString())
                .contains("services.web.env.T")
                .doesNotContain("c4n4ry");
        assertThatThrownBy(() -> services().updateFromTemplate("web", TemplateUpdate.standard()))
                .hasMessageContaining("services.web.env.T")
                .message()
                .doesNotContain("c4n4ry");
    }

    @Test
    void no_message_of_a_recovery_holds_a_value_S7() throws Exception {
        root.service("env: { A: one }");
        dieMaking(ServiceRoot.WEB);
        root.edit("A: one", "A: c4n4ry");
        assertThat(root.reopen().recovered().failed())
                .singleElement()
                .asString()
                .contains("services.web")
                .doesNotContain("c4n4ry");
    }

    @Test
    void a_workspace_that_services_declared_is_declared_no_more_when_the_last_of_them_goes() throws Exception {
        root.edit("workspaces:\n  feat: { template: dev } # the only one\n", "");
        root.service("mounts: [\"workspace://feat:/work\"]");
        create();
        services().create(ServiceRoot.WEB.named("second"));
        destroy("web");
        assertThat(root.manifest()).contains("feat:");
        assertThatThrownBy(() -> root.angee().workspaces().destroy("feat", DestroyOptions.keepingWork()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("second of");
        destroy("second");
        assertThat(root.manifest()).doesNotContain("feat");
        root.angee().workspaces().destroy("feat", DestroyOptions.keepingWork());
        assertThat(root.angee().workspaces().list()).isEmpty();
    }

    @Test
    void a_workspace_that_a_person_declared_stays_declared() throws Exception {
        root.service("mounts: [\"workspace://feat:/work\"]");
        create();
        destroy("web");
        assertThat(root.manifest()).contains("feat: { template: dev } # the only one");
        root.edit("feat: { template: dev } # the only one", "other: { template: dev }");
        create();
        root.edit("template: \"dev\"", "template: \"dev\"\n    # noted by hand\n    inputs: { a: b }");
        destroy("web");
        assertThat(root.manifest()).contains("noted by hand");
    }

    @Test
    void a_template_sees_the_service_and_its_workspace_in_its_defaults_and_may_ask_for_them() throws Exception {
        root.template("copier.yml", ServiceRoot.QUESTIONS + """
                service_name: { type: str, required: true }
                data: { type: str, default: "{{ service_name }} of {{ workspace_name }} in {{ workspace_path }}" }
                """);
        root.service("env: { D: \"{{ data }}\" }");
        create();
        String path = root.root.resolve("workspaces/feat").toString();
        assertThat(root.manifest()).contains("web of feat in " + path);
        assertThat(root.read("services/web/.copier-answers.yml")).doesNotContain("workspace_path");
        assertThat(services()
                        .updateFromTemplate("web", TemplateUpdate.standard())
                        .isChange())
                .isFalse();
        assertThatThrownBy(() -> ServiceRoot.WEB.input("service_name", "x")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void what_the_go_operator_remembers_keeps_its_types() throws Exception {
        root.template("copier.yml", ServiceRoot.QUESTIONS + "opts: { type: json, default: {} }\n");
        root.service("env: { O: '{{ opts }}' }");
        init("web");
        answers("web", """
                _src_path: services/web
                workspace_name: feat
                opts: { debug: false, ports: [80, 0.5], no: null, text: "80" }
                """);
        services().updateFromTemplate("web", TemplateUpdate.standard().with(OnConflict.OVERWRITE));
        assertThat(root.manifest())
                .contains("{debug=false, ports=[80, 0.5], no=")
                .contains(", text=80}");
        assertThat(root.read("services/web/.copier-answers.yml"))
                .contains("\"{\\\"debug\\\":false,\\\"ports\\\":[80,0.5],\\\"no\\\":null,\\\"text\\\":\\\"80\\\"}\"");
    }

    @Test
    void a_word_like_a_port_is_none_unless_there_is_such_a_pool_or_it_shows() throws Exception {
        root.service();
        root.template("src/memory.c.tpl", "void *alloc_buffer(int n);\n");
        create();
        assertThat(root.read("services/web/src/memory.c")).contains("alloc_buffer");
        root.template("src/memory.c.tpl", "{{ alloc_buffer }}\n");
        assertThatThrownBy(() -> services().create(ServiceRoot.WEB.named("other")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("port_pool.buffer");
    }

    @Test
    void an_input_may_be_called_as_one_that_the_go_operator_makes_up() throws Exception {
        root.template("copier.yml", ServiceRoot.QUESTIONS + "now: { type: str, default: later }\n");
        root.service("env: { N: \"{{ now }}\" }");
        services().create(ServiceRoot.WEB.input("now", "given"));
        assertThat(services()
                        .updateFromTemplate("web", TemplateUpdate.standard())
                        .isChange())
                .isFalse();
        assertThat(root.manifest()).contains("given");
    }

    @Test
    void a_port_that_the_template_dropped_is_free_again_unless_the_service_has_it_still() throws Exception {
        String port = "ports: [\"127.0.0.1:{{ alloc_web }}:80\"]";
        root.service(port);
        create();
        root.service();
        root.edit(
                "name: test",
                "name: test # " + root.angee().ports().leases(root.root).get(0).port());
        services().updateFromTemplate("web", TemplateUpdate.standard());
        assertThat(root.leases()).isEmpty();
        root.service(port);
        services().updateFromTemplate("web", TemplateUpdate.standard());
        int leased = root.angee().ports().leases(root.root).get(0).port();
        root.edit("    image: busybox", "    image: busybox\n    env: { PORT: \"" + leased + "\" }");
        root.service();
        services().updateFromTemplate("web", TemplateUpdate.standard());
        assertThat(root.leases()).containsExactly("service/web/web");
    }

    @Test
    void a_port_that_was_dropped_before_a_death_is_released_after_it() throws Exception {
        root.service("ports: [\"127.0.0.1:{{ alloc_web }}:80\"]");
        create();
        Path record = root.root.resolve("run/services/web.json");
        Files.writeString(
                record,
                Files.readString(record)
                        .replaceFirst("\\{", "{ \"dropped\": [\"web\"],")
                        .replace("\"dropped\" : [ ],", ""));
        assertThat(root.reopen().recovered().failed()).isEmpty();
        assertThat(root.leases()).isEmpty();
        assertThat(root.read("run/services/web.json")).doesNotContain("\"web\"");
    }
}
