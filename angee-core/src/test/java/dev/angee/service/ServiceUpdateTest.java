package dev.angee.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.manifest.ManifestReader;
import dev.angee.render.OnConflict;
import dev.angee.render.RenderChange;
import dev.angee.render.RenderConflict;
import dev.angee.render.TemplateUpdate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services that follow their template. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ServiceUpdateTest {
    private static final TemplateUpdate REFUSE = TemplateUpdate.standard();
    private static final TemplateUpdate OVERWRITE = REFUSE.with(OnConflict.OVERWRITE);
    private static final List<String> KEY = List.of("services", "web", "env", "K");

    @TempDir
    Path folder;

    private ServiceRoot root;

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

    private void rendering(String key) throws Exception {
        root.service("env:", "  FIXED: \"1\"", key.equals("-") ? "  # no key" : "  K: \"" + key + "\"");
    }

    /** Makes it from base, and leaves ours here and theirs in the template. */
    private void given(String base, String ours, String theirs) throws Exception {
        rendering(base);
        services().create(ServiceRoot.WEB);
        String text = root.manifest().replaceAll("\n *K: [^\n]*", "");
        Files.writeString(
                root.root.resolve("angee.yaml"),
                ours.equals("-")
                        ? text
                        : text.replaceFirst("(\n *)(FIXED: [^\n]*)", "$1$2$1K: \"" + ours + "\" # mine"));
        rendering(theirs);
    }

    private String key() throws Exception {
        Map<String, ?> env = new ManifestReader()
                .read(root.root.resolve("angee.yaml"))
                .services()
                .get("web")
                .env();
        Object value = env.get("K");
        return value == null ? "-" : value.toString();
    }

    @ParameterizedTest(name = "base {0}, ours {1}, theirs {2}: {3}, overwritten {4}")
    @CsvSource(textBlock = """
            -, -, t, t, t
            -, o, -, o, o
            -, o, o, o, o
            -, o, t, conflict, t
            b, -, -, -, -
            b, -, b, -, -
            b, -, t, conflict, t
            b, b, -, -, -
            b, o, -, conflict, -
            b, b, t, t, t
            b, o, b, o, o
            b, t, t, t, t
            b, b, b, b, b
            b, o, t, conflict, t
            """)
    void a_field_is_merged_by_what_was_rendered_what_is_here_and_what_is_rendered_now(
            String base, String ours, String theirs, String merged, String overwritten) throws Exception {
        given(base, ours, theirs);
        Map<String, String> before = root.tree();
        ServiceDiff preview = services().preview("web", REFUSE);
        assertThat(root.tree()).as("a preview changes nothing").isEqualTo(before);
        if (merged.equals("conflict")) {
            assertThat(preview.conflicts())
                    .extracting(each -> each.entry().orElseThrow().path())
                    .containsExactly(KEY);
            assertThat(preview.conflicts())
                    .extracting(RenderConflict::reason)
                    .containsExactly(RenderConflict.Reason.LOCALLY_MODIFIED);
            assertThatThrownBy(() -> services().updateFromTemplate("web", REFUSE))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("services.web.env.K");
            assertThat(root.tree()).as("nothing is written").isEqualTo(before);
            assertThat(services().updateFromTemplate("web", OVERWRITE)).isEqualTo(diff(services(), overwritten, ours));
            assertThat(key()).isEqualTo(overwritten);
        } else {
            assertThat(preview).isEqualTo(diff(services(), merged, ours));
            assertThat(services().updateFromTemplate("web", REFUSE)).isEqualTo(preview);
            assertThat(key()).isEqualTo(merged);
        }
        Map<String, String> after = root.tree();
        assertThat(services().updateFromTemplate("web", REFUSE).isChange())
                .as("the second time")
                .isFalse();
        assertThat(root.tree()).isEqualTo(after);
    }

    private static ServiceDiff diff(Services services, String now, String ours) {
        RenderChange.Kind kind = now.equals("-")
                ? RenderChange.Kind.DELETE
                : ours.equals("-") ? RenderChange.Kind.ADD : RenderChange.Kind.MODIFY;
        List<RenderChange> changes = now.equals(ours) ? List.of() : List.of(new RenderChange("angee.yaml", KEY, kind));
        return new ServiceDiff(services.get("web"), changes, List.of());
    }

    @Test
    void a_list_is_one_value_and_an_edit_beside_a_change_of_the_template_stays_R26() throws Exception {
        root.service("command: [a]", "workdir: /one");
        services().create(ServiceRoot.WEB);
        root.edit("    workdir: /one", "    workdir: /one # why\n    user: \"7\"");
        root.service("command: [b, c]", "workdir: /two");
        services().updateFromTemplate("web", REFUSE);
        assertThat(root.manifest()).contains("workdir: /two # why", "user: \"7\"", "command: [b, c]");
        root.edit("command: [b, c]", "command: [b, c, mine]");
        root.service("command: [b]", "workdir: /two");
        assertThat(services().preview("web", REFUSE).conflicts())
                .extracting(each -> String.join(".", each.entry().orElseThrow().path()))
                .containsExactly("services.web.command");
    }

    @Test
    void jobs_come_change_and_go_with_the_template() throws Exception {
        String one = "services: { {{ service_name }}: { runtime: container, image: x } }\n";
        String job = "jobs: { {{ service_name }}-a: { runtime: local, command: [%s] } }\n";
        root.template("service.yaml.tpl", one);
        services().create(ServiceRoot.WEB);
        root.template("service.yaml.tpl", one + job.formatted("one"));
        services().updateFromTemplate("web", REFUSE);
        assertThat(services().origin("web").orElseThrow().jobs()).containsExactly("web-a");
        root.template("service.yaml.tpl", one + job.formatted("two"));
        assertThat(services().updateFromTemplate("web", REFUSE).changes())
                .containsExactly(
                        new RenderChange("angee.yaml", List.of("jobs", "web-a", "command"), RenderChange.Kind.MODIFY));
        root.template("service.yaml.tpl", one);
        services().updateFromTemplate("web", REFUSE);
        assertThat(root.manifest()).doesNotContain("web-a");
    }

    @Test
    void files_and_entry_change_together_or_not_at_all() throws Exception {
        root.service("workdir: /one");
        root.template("conf", "one\n");
        root.template("gone", "x\n");
        services().create(ServiceRoot.WEB);
        Files.writeString(root.root.resolve("services/web/conf"), "mine\n");
        root.service("workdir: /two");
        root.template("conf", "two\n");
        root.template("gone", "");
        root.template("new", "n\n");
        Map<String, String> before = root.tree();
        assertThat(services().preview("web", REFUSE).conflicts())
                .extracting(RenderConflict::path)
                .containsExactly("conf");
        assertThatThrownBy(() -> services().updateFromTemplate("web", REFUSE))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("conf");
        assertThat(root.tree()).isEqualTo(before);
        ServiceDiff made = services().updateFromTemplate("web", OVERWRITE);
        assertThat(made.changes())
                .extracting(each -> each.path() + String.join(".", each.entry()) + " " + each.kind())
                .containsExactly("conf MODIFY", "gone DELETE", "new ADD", "angee.yamlservices.web.workdir MODIFY");
        assertThat(root.read("services/web/conf")).isEqualTo("two\n");
        assertThat(root.root.resolve("services/web/gone")).doesNotExist();
        assertThat(root.manifest()).contains("workdir: /two");
    }

    @Test
    void inputs_are_those_of_the_last_time_unless_others_are_given_and_secrets_stay_by_reference_C10()
            throws Exception {
        root.template(
                "copier.yml",
                ServiceRoot.QUESTIONS
                        + "size: { type: str, default: small }\ncolour: { type: str, default: red }\n"
                        + "made: { type: str, secret: true, generated: true }\nid: { type: str, generated: true }\n");
        root.service("env: { S: \"{{ size }} {{ colour }} {{ id }}\", M: \"{{ made }}\" }");
        services().create(ServiceRoot.WEB.input("size", "large"));
        String secrets = root.read(".env");
        String manifest = root.manifest();
        assertThat(services().updateFromTemplate("web", REFUSE).isChange()).isFalse();
        services().updateFromTemplate("web", REFUSE.input("colour", "blue"));
        assertThat(root.manifest()).isEqualTo(manifest.replace("large red", "large blue"));
        assertThat(root.read(".env")).isEqualTo(secrets);
    }

    @Test
    void a_port_is_kept_and_another_is_leased_when_the_template_asks_for_it() throws Exception {
        root.service("ports: [\"127.0.0.1:{{ alloc_web }}:80\"]");
        services().create(ServiceRoot.WEB);
        int port = root.angee().ports().leases(root.root).get(0).port();
        root.service("ports: [\"127.0.0.1:{{ alloc_web }}:80\", \"127.0.0.1:{{ alloc_other }}:81\"]");
        Map<String, String> before = root.tree();
        services().preview("web", REFUSE);
        assertThat(root.tree()).isEqualTo(before);
        services().updateFromTemplate("web", REFUSE);
        assertThat(root.leases()).containsExactly("service/web/other", "service/web/web");
        assertThat(root.manifest()).contains("127.0.0.1:" + port + ":80");
    }

    @Test
    void what_no_template_made_is_refused_and_so_is_what_has_lost_its_workspace() throws Exception {
        services().init(ServiceRequest.of("plain", ServiceFields.none().image("x")));
        assertThatThrownBy(() -> services().updateFromTemplate("plain", REFUSE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("template");
        assertThatThrownBy(() -> services().updateFromTemplate("none", REFUSE)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> services().updateFromTemplate("../x", REFUSE))
                .isInstanceOf(InvalidInputException.class);
        root.service();
        services().create(ServiceRoot.WEB);
        root.edit("workspaces:\n  feat: { template: dev } # the only one\n", "");
        Files.delete(root.root.resolve("run/workspaces/feat.json"));
        assertThatThrownBy(() -> services().updateFromTemplate("web", REFUSE)).isInstanceOf(NotFoundException.class);
    }

    /** As a Go operator leaves it. */
    private void legacy(String template, String entry) throws Exception {
        Files.writeString(root.root.resolve("angee.yaml"), ServiceRoot.MANIFEST + "services:\n  web: " + entry + "\n");
        Path answers =
                Files.createDirectories(root.root.resolve("services/web")).resolve(".copier-answers.yml");
        Files.writeString(answers, """
                # Changes here will be overwritten by Copier
                _src_path: %s
                alloc_web: 8123
                make_secret: abc
                now: 2026-01-01
                service_name: web
                size: large
                token: c4n4ry-of-go
                workspace_name: feat
                workspace_path: /elsewhere/feat
                """.formatted(template));
    }

    @Test
    void a_service_of_the_go_operator_is_taken_over_by_its_answers_and_its_secrets_are_stored_C22_S7()
            throws Exception {
        root.template(
                "copier.yml",
                ServiceRoot.QUESTIONS + "size: { type: str, default: small }\ntoken: { type: str, secret: true }\n");
        root.service("env: { S: \"{{ size }}\" }");
        legacy(
                "/cache/of/somebody/templates/services/web",
                "{ runtime: container, image: busybox, env: { S: large } }");
        assertThatThrownBy(() -> services().updateFromTemplate("web", REFUSE))
                .as("a template of the same last names may be another")
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("/cache/of/somebody");
        assertThat(services()
                        .updateFromTemplate("web", REFUSE.template("services/web"))
                        .changes())
                .containsExactly(
                        new RenderChange(".copier-answers.yml", List.of(), RenderChange.Kind.MODIFY),
                        new RenderChange("angee.yaml", List.of("services", "web"), RenderChange.Kind.ADOPT));
        assertThat(root.read("services/web/.copier-answers.yml"))
                .contains("_src_path: \"services/web\"", "${secret.web-token}")
                .doesNotContain("c4n4ry", "/elsewhere", "/cache", "make_secret");
        assertThat(root.read(".env")).contains("c4n4ry-of-go");
        assertThat(services().origin("web").orElseThrow().template()).isEqualTo("services/web");
    }

    @Test
    void of_an_unknown_base_what_differs_is_a_conflict_and_is_replaced_as_a_whole_if_that_is_asked_for()
            throws Exception {
        root.service("env: { S: new }");
        legacy("services/web", "{ runtime: container, image: busybox, env: { S: old }, workdir: /mine }");
        assertThat(services().preview("web", REFUSE).conflicts())
                .extracting(RenderConflict::reason)
                .containsExactly(RenderConflict.Reason.UNTRACKED_DIFFERENT);
        services().updateFromTemplate("web", OVERWRITE);
        assertThat(root.manifest()).contains("new").doesNotContain("/mine", "old");
    }

    @Test
    void a_template_that_is_remembered_by_a_path_and_not_found_by_it_is_asked_for_C22() throws Exception {
        root.service();
        legacy("/cache/x/services/moved", "{ runtime: container, image: busybox }");
        assertThatThrownBy(() -> services().updateFromTemplate("web", REFUSE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("/cache/x/services/moved");
        services().updateFromTemplate("web", REFUSE.template("services/web"));
        assertThat(services().origin("web").orElseThrow().template()).isEqualTo("services/web");
    }

    @Test
    void what_a_go_operator_remembers_of_a_rendering_is_gone_on_from() throws Exception {
        root.service("env: { S: new }");
        legacy("/cache/services/web", "{ runtime: container, image: busybox, env: { S: old }, workdir: /mine }");
        String rendered = "services: { web: { runtime: container, image: busybox, env: { S: old } } }\n";
        Path state = root.root.resolve("run/template-state/services/web.json");
        Files.createDirectories(state.getParent());
        Files.writeString(
                state, """
                {"version": 1, "layers": [{"name": "service", "template": "/cache/services/web", "dest_root": ".",
                 "answers_file": ".copier-answers.yml"}], "files": {}, "documents": {"service.yaml": "%s"}}
                """.formatted(Base64.getEncoder().encodeToString(rendered.getBytes(StandardCharsets.UTF_8))));
        services().updateFromTemplate("web", REFUSE.template("services/web"));
        assertThat(root.manifest()).contains("new", "/mine");
        assertThat(root.read("run/template-state/services/web.json")).doesNotContain("/cache");
        assertThat(root.root.resolve("services/web/service.yaml")).doesNotExist();
    }
}
