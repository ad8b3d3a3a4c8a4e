package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.gitops.LandOptions;
import dev.angee.instance.Angee;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.workspace.DestroyOptions;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.WorkspaceRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the README, run; {@link DocumentsTest} compares it with what the README prints. */
class EmbeddingIT {
    @TempDir
    Path folder;

    @Test
    void the_readmes_program_runs() throws Exception {
        Path instance = Files.createDirectories(folder.toRealPath().resolve("instance"));
        Path repository = Repositories.small(folder.toRealPath().resolve("app"));
        Repositories.git(folder, "clone", "-q", "--bare", repository.toString(), "app.git");
        Files.writeString(
                instance.resolve("angee.yaml"),
                "name: demo\nsources: { app: { kind: git, repo: \"" + folder.toRealPath() + "/app.git\" } }\n");
        Map<String, String> inputs =
                Map.of("serve", "[\"sleep\", \"600\"]", "check", "[\"git\", \"--version\"]", "health_path", "/");
        Path templates = Files.createDirectories(instance.resolve("templates/stacks/dev"));
        Files.writeString(templates.resolve("copier.yml"), "_templates_suffix: .ftl\n_angee: { kind: stack }\n");
        Files.writeString(templates.resolve("angee.yaml.ftl"), """
                name: inner
                services: { web: { runtime: local, command: [=serve] } }
                jobs: { check: { runtime: local, command: [=check] } }
                """);

        // region embedding
        try (Angee angee = Angee.open(instance)) { // finds backends, git and templates on the class path
            Workspace featX = angee.workspaces()
                    .create(WorkspaceRequest.named("feat-x").template("dev").inputs(inputs));
            featX.stack().up(UpOptions.defaults()); // blocks until healthy, or says why not
            ExitStatus check = featX.stack().run("check", RunOptions.defaults());
            if (check.succeeded()) {
                angee.gitops().land("feat-x", LandOptions.into("main")).throwIfConflicted(); // push, merge
            }
            featX.stack().down(DownOptions.defaults());
        }
        // endregion

        try (Angee angee = Angee.open(instance)) {
            assertThat(angee.workspaces().get("feat-x").exists()).isTrue();
            angee.workspaces().destroy("feat-x", DestroyOptions.keepingWork());
            assertThat(angee.ports().leases(instance)).isEmpty();
        }
    }
}
