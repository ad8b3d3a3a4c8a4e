package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.instance.Angee;
import dev.angee.instance.AngeeBuilder;
import dev.angee.render.OnConflict;
import dev.angee.render.RenderPlan;
import dev.angee.render.TemplateUpdate;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.SecretName;
import dev.angee.service.Service;
import dev.angee.service.ServiceFromTemplate;
import dev.angee.service.ServiceRemoval;
import dev.angee.source.GitUrl;
import dev.angee.stack.NewStack;
import dev.angee.workspace.DestroyOptions;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.WorkspaceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The templates that docs/writing-templates.md prints: what they make, run; and how it follows them when they change. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FirstTemplatesIT {
    static final Path TEMPLATES = Path.of("src/test/resources/first-templates");

    private static final String SERVER = "exec '%s' -Xmx64m -cp '%s' dev.angee.examples.FileServer \"$PORT\" it .";

    @TempDir
    Path folder;

    private Path here;
    private Path instance;
    private String repository;
    private String serve;

    @BeforeEach
    void prepare() throws Exception {
        folder = folder.toRealPath();
        here = Files.createDirectories(folder.resolve("here"));
        instance = folder.resolve("instance");
        copy(here.resolve("templates"));
        repository = Repositories.small(folder.resolve("app")).toString();
        Path classes = Path.of(FileServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        serve = SERVER.formatted(Path.of(System.getProperty("java.home"), "bin", "java"), classes);
    }

    /** Whatever a test leaves running. */
    @AfterEach
    void takeDown() throws Exception {
        if (Files.exists(instance.resolve("angee.yaml"))) {
            try (Angee left = builder().build()) {
                left.stack().down(DownOptions.defaults());
                for (Workspace workspace : left.workspaces().list()) {
                    left.workspaces().destroy(workspace.name(), DestroyOptions.discardingWork());
                }
            }
        }
    }

    @Test
    void the_three_templates_make_a_stack_a_workspace_and_a_service_and_these_run() throws Exception {
        // region make
        try (Angee shop = Angee.builder(instance)
                .workingFolder(here) // the folder that templates/ is in
                .init(NewStack.from("page").input("name", "shop").input("serve", serve))) {
            Workspace fix = shop.workspaces()
                    .create(WorkspaceRequest.of("page")
                            .input("task", "Fix the header")
                            .input("repository", repository)
                            .input("serve", serve));
            fix.stack().up(UpOptions.defaults()); // blocks until the page answers
            ExitStatus check = fix.stack().run("check", RunOptions.defaults());
            Service listing = shop.services()
                    .create(ServiceFromTemplate.of("listing", fix.name()).input("serve", serve));
            shop.stack().up(UpOptions.defaults()); // runs its job first
            System.out.println(fix.path() + ": " + check.state() + "; " + listing.name());
        }
        // endregion

        Path workspace = instance.resolve("workspaces/fix-the-header");
        try (Angee shop = builder().build()) {
            Workspace fix = shop.workspaces().get("fix-the-header");
            assertThat(fix.path()).isEqualTo(workspace);
            assertThat(fix.stack().run("check", RunOptions.defaults()).succeeded())
                    .isTrue();
            int port = fix.allocations().getOrDefault("page", 0);
            assertThat(port).isBetween(8471, 8499);
            assertThat(workspace.resolve("README.md"))
                    .content()
                    .contains("# fix-the-header\n\nFix the header\n", "<http://127.0.0.1:" + port + "/>");
            assertThat(workspace.resolve("uploads")).isEmptyDirectory();
            new WebPage().require("http://127.0.0.1:" + port + "/app/README.md", "# Small");
            assertThat(Repositories.git(workspace.resolve("app"), "branch", "--show-current"))
                    .isEqualTo("workspace/fix-the-header\n");
            assertThat(shop.services().list())
                    .extracting(Service::name)
                    .containsExactly("fix-the-header-listing", "page");
            String listed = Files.readString(instance.resolve("services/fix-the-header-listing/public/files.txt"));
            assertThat(listed.lines())
                    .contains(workspace.resolve("app/README.md").toString());
            assertSecretsAreOnlyInTheStore(shop);
            assertGitSeesNoSecret();

            shop.services().destroy("fix-the-header-listing", ServiceRemoval.stopping());
            shop.workspaces().destroy("fix-the-header", DestroyOptions.keepingWork());
            assertThat(workspace).doesNotExist();
            assertThat(shop.ports().leases(instance)).isEmpty();
        }
    }

    private void assertSecretsAreOnlyInTheStore(Angee shop) throws IOException {
        for (String name : List.of("token", "fix-the-header-token")) {
            String value =
                    shop.secrets().find(new SecretName(name)).orElseThrow().reveal();
            assertThat(value).hasSize(32);
            try (Stream<Path> files = Files.walk(instance)) {
                assertThat(files.filter(Files::isRegularFile).filter(file -> holds(file, value)))
                        .containsExactly(instance.resolve(".env"));
            }
        }
    }

    private void assertGitSeesNoSecret() throws Exception {
        Repositories.git(instance, "init", "-q");
        Repositories.git(instance, "add", "-A");
        assertThat(Repositories.git(instance, "ls-files").lines())
                .contains(".gitignore", "angee.yaml")
                .noneMatch(file -> file.contains(".env") || file.matches("(.*/)?run/.*"));
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void what_is_made_from_templates_follows_them() throws Exception {
        String registry = registry();

        // region update
        try (Angee shop = Angee.builder(instance)
                .workingFolder(here)
                .templateRegistry(GitUrl.of(registry))
                .init(NewStack.from("page").input("name", "shop"))) { // a stack, and opens it
            shop.workspaces()
                    .create(WorkspaceRequest.named("feat-x").template("page").input("repository", repository));
            RenderPlan plan = shop.workspaces().previewUpdate("feat-x", TemplateUpdate.standard()); // writes nothing
            plan.conflicts().forEach(System.out::println);
            shop.workspaces().update("feat-x", TemplateUpdate.standard().with(OnConflict.OVERWRITE));
            shop.templates().refresh("stacks/page@v2"); // the only line that uses the network for templates
            shop.stackTemplates().update(shop.root(), TemplateUpdate.standard().template("page@v2"));
        }
        // endregion

        assertThat(instance.resolve("angee.yaml")).content().contains("name: \"shop\"", "400ms");
        assertThat(instance.resolve("workspaces/feat-x/.angee/angee.yaml"))
                .content()
                .contains("name: \"feat-x\"", "interval: 200ms");
    }

    /** A repository with the templates in {@code templates/}, of which {@code v2} is a tag. */
    private String registry() throws Exception {
        Path registry = folder.resolve("registry");
        copy(registry.resolve("templates"));
        Repositories.git(registry, "init", "-q", "-b", "main");
        Repositories.commit(registry, "first");
        Path manifest = registry.resolve("templates/stacks/page/angee.yaml.jinja");
        Files.writeString(manifest, Files.readString(manifest).replace("interval: 200ms", "interval: 400ms"));
        Repositories.commit(registry, "second");
        Repositories.git(registry, "tag", "v2");
        return registry.toString();
    }

    private AngeeBuilder builder() {
        return Angee.builder(instance).workingFolder(here);
    }

    private static void copy(Path to) throws IOException {
        try (Stream<Path> files = Files.walk(TEMPLATES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(TEMPLATES.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
