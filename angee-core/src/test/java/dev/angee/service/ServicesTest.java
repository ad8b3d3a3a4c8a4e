package dev.angee.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.RuntimeKind;
import dev.angee.document.InvalidDocumentException;
import dev.angee.render.TemplateUpdate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
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

/** Services that are declared field by field and from templates. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ServicesTest {
    private static final ServiceFromTemplate WEB = ServiceRoot.WEB;

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

    @Test
    void a_service_is_declared_by_its_fields_and_runs_where_these_say() throws Exception {
        assertThat(services().init(ServiceRequest.of("db", ServiceFields.none().image("postgres:17"))))
                .isEqualTo(new Service("db", RuntimeKind.CONTAINER));
        assertThat(services()
                        .init(ServiceRequest.of("Tool.x", ServiceFields.none().command(List.of("make", "all")))))
                .isEqualTo(new Service("Tool.x", RuntimeKind.LOCAL));
        assertThat(root.manifest()).startsWith(ServiceRoot.MANIFEST);
        assertThat(services().list()).extracting(Service::name).containsExactly("Tool.x", "db");
        assertThatThrownBy(() -> ServiceRequest.of("none", ServiceFields.none().workdir("/")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("image");
        assertThatThrownBy(() -> services()
                        .init(ServiceRequest.of("db", ServiceFields.none().image("x"))))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void what_would_not_be_sound_is_refused_and_nothing_is_written() throws Exception {
        ServiceFields broken = ServiceFields.none().image("x").env(Map.of("A", "${secret.none}"));
        assertThatThrownBy(() -> services().init(ServiceRequest.of("db", broken)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("none");
        assertThat(root.manifest()).isEqualTo(ServiceRoot.MANIFEST);
    }

    @Test
    void fields_are_changed_and_cleared_and_what_is_not_named_stays_with_its_comments() throws Exception {
        Files.writeString(root.root.resolve("angee.yaml"), ServiceRoot.MANIFEST + """
                services:
                  db:
                    runtime: container
                    image: postgres:16 # pinned
                    env:
                      A: one # first
                      B: two
                    workdir: /data
                """);
        Map<String, String> env = new LinkedHashMap<>();
        env.put("A", "one");
        env.put("C", "three");
        services()
                .update(
                        "db",
                        ServiceFields.none()
                                .image("postgres:17")
                                .env(env)
                                .clear(ServiceField.WORKDIR)
                                .clear(ServiceField.PORTS));
        assertThat(root.manifest()).isEqualTo(ServiceRoot.MANIFEST + """
                services:
                  db:
                    runtime: container
                    image: "postgres:17" # pinned
                    env:
                      A: one # first
                      C: "three"
                """);
        assertThatThrownBy(() -> services()
                        .update(
                                "no",
                                env.isEmpty()
                                        ? ServiceFields.none()
                                        : ServiceFields.none().image("x")))
                .isInstanceOf(NotFoundException.class);
        String before = root.manifest();
        assertThatThrownBy(() -> services().update("db", ServiceFields.none().clear(ServiceField.IMAGE)))
                .isInstanceOf(InvalidDocumentException.class);
        assertThat(root.manifest()).isEqualTo(before);
    }

    @Test
    void a_template_makes_an_entry_files_jobs_and_answers_and_leases_only_the_ports_that_show() throws Exception {
        root.template("copier.yml", ServiceRoot.QUESTIONS + "size: { type: str, default: small }\n");
        root.template("service.yaml.tpl", """
                version: 1
                kind: stack
                name: whatever
                services:
                  {{ service_name }}:
                    runtime: container
                    build: ./services/{{ service_name }}/image
                    # how it is reached; alloc_other does not show
                    ports: ["127.0.0.1:{{ alloc_web }}:80"]
                    mounts: ["workspace://{{ workspace_name }}:/work"]
                    depends_on: { {{ service_name }}-build: { condition: completed } }
                jobs:
                  {{ service_name }}-build: { runtime: local, command: [make] }
                """);
        root.template("image/Dockerfile", "FROM scratch\n");
        root.template("hello.txt.tpl", "{{ size }} in {{ workspace_path }}\n");
        Files.setPosixFilePermissions(root.root.resolve("angee.yaml"), PosixFilePermissions.fromString("rw-rw-r--"));
        assertThat(services().create(WEB)).isEqualTo(new Service("web", RuntimeKind.CONTAINER));
        int port = root.angee().ports().leases(root.root).get(0).port();
        assertThat(root.leases()).containsExactly("service/web/web");
        assertThat(root.manifest())
                .startsWith(ServiceRoot.MANIFEST)
                .contains("# how it is reached; alloc_other does not show", "127.0.0.1:" + port + ":80", "web-build:");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.root.resolve("angee.yaml"))))
                .isEqualTo("rw-rw-r--");
        assertThat(root.root.resolve("services/web/service.yaml")).doesNotExist();
        assertThat(root.read("services/web/image/Dockerfile")).isEqualTo("FROM scratch\n");
        assertThat(root.read("services/web/hello.txt"))
                .isEqualTo("small in " + root.root.resolve("workspaces/feat") + "\n");
        assertThat(root.read("services/web/.copier-answers.yml"))
                .contains(
                        "_src_path: \"services/web\"",
                        "workspace_name: \"feat\"",
                        "size: \"small\"",
                        "service_name: \"web\"");
        assertThat(services().origin("web")).contains(new ServiceOrigin("services/web", "feat", List.of("web-build")));
        assertThat(root.angee().stack().plan().workloads()).hasSize(2);
    }

    @Test
    void what_is_remembered_names_the_template_and_not_a_path_C22() throws Exception {
        root.service();
        services().create(WEB);
        assertThat(root.read("run/template-state/services/web.json"))
                .contains("\"services/web\"")
                .doesNotContain(root.root.toString());
        assertThat(root.read("services/web/.copier-answers.yml")).doesNotContain(root.root.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                              | agent-feat
            'name_pattern: "${workspace.name}-Web"'         | feat-web
            'name_pattern: "x-${name}"'                     | x-feat
            'name_pattern: "${inputs.who | slug}"'          | jo-doe
            'instance_naming: { pattern: "n-${inputs.who | slug}", max_length: 4 }' | n-jo
            """)
    void a_name_comes_from_the_template_if_nobody_gives_one(String written, String name) throws Exception {
        root.template(
                "copier.yml",
                "_templates_suffix: .tpl\n_angee:\n  kind: service\n  " + written
                        + "\nwho: { type: str, default: Jo Doe }\n");
        root.service();
        assertThat(services()
                        .create(ServiceFromTemplate.of("services/web", "feat"))
                        .name())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"Web", "-web", "a.b", "../x", "''", "a/b"})
    void a_name_that_could_not_be_a_folder_is_refused(String name) {
        assertThatThrownBy(() -> WEB.named(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("name");
    }

    @ParameterizedTest
    @CsvSource({"service_name", "workspace_name", "workspace_path", "alloc_web"})
    void inputs_of_the_library_cannot_be_given(String input) {
        assertThatThrownBy(() -> WEB.input(input, "x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(input);
        assertThatThrownBy(() -> services()
                        .updateFromTemplate("web", TemplateUpdate.standard().input(input, "x")))
                .isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            services: { {{ service_name }}: { runtime: container, image: x }, second: { runtime: container, image: x } }   | has to have one
            services: { other: { runtime: container, image: x } }                                      | has to have one
            services: {}                                                           | has to have one
            services: [a]                                                          | than a map
            '{services: { {{ service_name }}: { runtime: container, image: x } }, volumes: {}}'        | has 'volumes'
            '{services: { {{ service_name }}: { runtime: container, image: x } }, jobs: { build: { runtime: container, image: x, command: [a] } }}' | has job 'build'
            services: { {{ service_name }}: { runtime: container, build: /etc } }                      | the context has to be
            services: { {{ service_name }}: { runtime: container, build: . } }                         | the context has to be
            services: { {{ service_name }}: { runtime: container, build: services/web/../../x } }      | the context has to be
            services: { {{ service_name }}: { runtime: container, build: { context: services/webx } } } | the context has to be
            services: { {{ service_name }}: { runtime: container, image: x, env: { A: '${alloc_web}' } } } | ${alloc.web}
            services: { {{ service_name }}: { runtime: container, image: x, imagine: x } }                       | imagine
            services: { {{ service_name }}: { runtime: container, image: x, ports: ["{{ alloc_nope }}:1"] } } | port_pool.nope
            """)
    void what_is_not_this_services_is_refused_and_nothing_is_left_C20(String document, String why) throws Exception {
        root.template("service.yaml.tpl", document + "\n");
        root.template("file", "x");
        Map<String, String> before = root.tree();
        assertThatThrownBy(() -> services().create(WEB))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining(why);
        assertThat(root.tree()).isEqualTo(before);
    }

    @Test
    void nothing_that_is_there_is_taken_by_a_new_service() throws Exception {
        root.template("service.yaml.tpl", """
                services: { {{ service_name }}: { runtime: container, image: x } }
                jobs: { {{ service_name }}-job: { runtime: container, image: x, command: [a] } }
                """);
        Path kept = Files.createDirectories(root.root.resolve("services/web")).resolve("mine");
        Files.writeString(kept, "mine");
        assertThatThrownBy(() -> services().create(WEB))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("not empty");
        Files.delete(kept);
        services().init(ServiceRequest.of("web", ServiceFields.none().image("x")));
        assertThatThrownBy(() -> services().create(WEB)).isInstanceOf(ConflictException.class);
        Files.writeString(
                root.root.resolve("angee.yaml"),
                ServiceRoot.MANIFEST + "jobs: { web-job: { runtime: local, command: [b] } }\n");
        Map<String, String> before = root.tree();
        assertThatThrownBy(() -> services().create(WEB))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("jobs.web-job");
        assertThat(root.tree()).isEqualTo(before);
    }

    @Test
    void a_template_a_workspace_or_an_input_that_is_not_there_is_said() throws Exception {
        root.template(
                "copier.yml",
                ServiceRoot.QUESTIONS.replace(
                        "service }", "service, inputs: { key: { type: str, required: true } } }"));
        root.service();
        Map<String, String> before = root.tree();
        assertThatThrownBy(() -> services().create(ServiceFromTemplate.of("none", "feat")))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> services().create(ServiceFromTemplate.of("web", "none")))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> services().create(WEB))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("key");
        assertThat(root.tree()).isEqualTo(before);
        assertThat(services().create(WEB.input("key", "k")).name()).isEqualTo("web");
    }

    @Test
    void what_the_template_makes_sure_of_is_in_the_manifest_and_what_contradicts_it_is_refused() throws Exception {
        root.template(
                "copier.yml",
                ServiceRoot.QUESTIONS.replace(
                        "service }", "service, ensure: { operator.port_pool.new: { range: \"38300-38399\" } } }"));
        root.service("ports: [\"127.0.0.1:{{ alloc_new }}:80\"]");
        services().create(WEB);
        assertThat(root.manifest()).contains("38300-38399");
        assertThat(root.leases()).containsExactly("service/web/new");
        root.edit("38300-38399", "38300-38398");
        assertThatThrownBy(() -> services().create(WEB.named("other"))).isInstanceOf(ConflictException.class);
        assertThat(root.leases()).containsExactly("service/web/new");
    }

    @Test
    void a_workspace_that_was_made_and_is_not_declared_is_declared_with_the_service() throws Exception {
        root.edit("workspaces:\n  feat: { template: dev } # the only one\n", "");
        root.service("mounts: [\"workspace://feat:/work\"]");
        services().create(WEB);
        assertThat(root.manifest()).contains("feat:", "template: \"dev\"");
    }

    @Test
    void the_value_of_a_secret_is_in_the_store_and_nowhere_else_S7() throws Exception {
        root.template(
                "copier.yml",
                ServiceRoot.QUESTIONS
                        + "token: { type: str, secret: true }\nmade: { type: str, secret: true, generated: true }\n");
        root.service("env: { TOKEN: \"{{ token }}\", MADE: \"{{ made }}\", KEY: \"${secret.shared-key}\" }");
        root.template("notes.tpl", "it is {{ token }}\n");
        ServiceFromTemplate request = WEB.input("token", "c4n4ry-secret");
        assertThat(request.toString()).doesNotContain("c4n4ry");
        services().create(request);
        assertThat(root.manifest()).contains("${secret.web-token}", "web-token: {}", "web-made: {}", "shared-key: {}");
        assertThat(root.read("services/web/notes")).isEqualTo("it is ${secret.web-token}\n");
        Map<String, String> tree = root.tree();
        assertThat(tree.remove(".env")).contains("c4n4ry-secret");
        assertThat(tree.values()).noneMatch(text -> text.contains("c4n4ry"));
        assertThatThrownBy(() -> services()
                        .updateFromTemplate("web", TemplateUpdate.standard().input("token", "c4n4ry-other")))
                .isInstanceOf(AngeeException.class)
                .message()
                .doesNotContain("c4n4ry");
        services().destroy("web", ServiceRemoval.leaving());
        assertThat(root.read(".env")).doesNotContain("c4n4ry", "WEB_MADE");
        assertThat(root.manifest()).contains("shared-key").doesNotContain("web-token", "web-made");
    }

    @Test
    void a_destroyed_service_leaves_nothing_and_one_that_is_needed_stays() throws Exception {
        root.template("service.yaml.tpl", """
                services: { {{ service_name }}: { runtime: container, image: x, ports: ["127.0.0.1:{{ alloc_web }}:80"] } }
                jobs: { {{ service_name }}-job: { runtime: container, image: x, command: [a] } }
                """);
        root.template("file", "x");
        Map<String, String> before = root.tree();
        services().create(WEB);
        Files.writeString(root.root.resolve("services/web/more"), "of a person");
        services().init(ServiceRequest.of("user", ServiceFields.none().image("x")));
        root.edit("  user:\n", "  user:\n    depends_on: [web]\n");
        Map<String, String> made = root.tree();
        assertThatThrownBy(() -> services().destroy("web", ServiceRemoval.stopping()))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("web");
        assertThat(root.tree()).isEqualTo(made);
        services().destroy("user", ServiceRemoval.stopping());
        services().destroy("web", ServiceRemoval.stopping());
        assertThat(root.root.resolve("services/web")).doesNotExist();
        Map<String, String> after = root.tree();
        assertThat(after.remove("angee.yaml")).doesNotContain("web-job", "image");
        before.remove("angee.yaml");
        assertThat(after).isEqualTo(before);
        assertThatThrownBy(() -> services().destroy("web", ServiceRemoval.stopping()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> services().get("web")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void the_folder_of_a_service_that_no_template_made_is_not_ours() throws Exception {
        services().init(ServiceRequest.of("db", ServiceFields.none().image("x")));
        Path own = Files.createDirectories(root.root.resolve("services/db")).resolve("Dockerfile");
        Files.writeString(own, "FROM scratch");
        services().destroy("db", ServiceRemoval.leaving());
        assertThat(own).exists();
        assertThat(services().list()).isEmpty();
    }

    @Test
    void a_service_that_is_there_is_told_to_be_there() throws Exception {
        root.service();
        root.template("file", "x");
        services().create(WEB);
        Map<String, String> before = root.tree();
        assertThatThrownBy(() -> services().create(WEB))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("service 'web': already exists")
                .hasMessageNotContaining("not empty");
        assertThat(root.tree()).isEqualTo(before);
    }

    @Test
    void a_fault_of_the_rendered_service_is_told_where_the_template_has_it() throws Exception {
        root.template("service.yaml.tpl", """
                services:
                  {{ service_name }}:
                    runtime: container
                    image: x
                    comand: [a]
                jobs:
                  {{ service_name }}-job: { runtime: container, image: x, command: [a], privileged: true }
                """);
        Map<String, String> before = root.tree();
        assertThatThrownBy(() -> services().create(WEB))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(dev.angee.ErrorCode.INVALID))
                .hasMessageContaining("services/web/service.yaml:5:5  services.web.comand")
                .hasMessageContaining("services/web/service.yaml:7:")
                .hasMessageNotContaining("angee.yaml:");
        assertThat(root.tree()).isEqualTo(before);
        root.template("service.yaml.tpl", """
                services: { {{ service_name }}: { runtime: container, image: x, depends_on: [nope] } }
                """);
        assertThatThrownBy(() -> services().create(WEB))
                .as("what only the whole manifest can tell")
                .hasMessageContaining("angee.yaml:");
    }

    @Test
    void a_misspelt_input_is_refused_and_what_nobody_asks_for_is_passed_on() throws Exception {
        root.template(
                "copier.yml",
                ServiceRoot.QUESTIONS + "debug: { type: bool, default: false }\nlabel: { type: str, default: a }\n");
        root.service("labels: { seen: \"{{ lebal }}\" }");
        Map<String, String> before = root.tree();
        assertThatThrownBy(() -> services().create(WEB.input("debgu", "true")))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("debgu"))
                .hasMessageContaining("Did you mean 'debug'?");
        assertThat(root.tree()).isEqualTo(before);
        services().create(WEB.input("lebal", "a file of the template sees it").input("other", "x"));
        assertThat(root.manifest()).contains("a file of the template sees it");
        TemplateUpdate misspelt = TemplateUpdate.standard().input("lable", "b");
        assertThatThrownBy(() -> services().updateFromTemplate("web", misspelt))
                .hasMessageContaining("Did you mean 'label'?");
        assertThatThrownBy(() -> services().preview("web", misspelt)).hasMessageContaining("Did you mean 'label'?");
        services().updateFromTemplate("web", TemplateUpdate.standard().input("lebal", "b"));
    }
}
