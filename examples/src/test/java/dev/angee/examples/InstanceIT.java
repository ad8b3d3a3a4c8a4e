package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.MoreFiles;
import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.git.JGitSourceControl;
import dev.angee.gitops.JointOutcome;
import dev.angee.gitops.LandOptions;
import dev.angee.gitops.SlotResult;
import dev.angee.instance.Angee;
import dev.angee.operation.Progress;
import dev.angee.runtime.RunOptions;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.source.Author;
import dev.angee.source.SlotState;
import dev.angee.workspace.DestroyOptions;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.WorkspaceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workspaces and gitops on real repositories, with the real git as judge. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class InstanceIT {
    private static final Author ADA = new Author("Ada", "ada@example.org");

    @TempDir
    Path folder;

    private Path root;
    private Path remote;
    private Path elsewhere;
    private Angee angee;

    @BeforeEach
    void open() throws Exception {
        folder = folder.toRealPath();
        Path repository = Repositories.small(folder.resolve("repository"));
        Repositories.git(folder, "clone", "-q", "--bare", repository.toString(), "remote.git");
        remote = folder.resolve("remote.git");
        Repositories.git(folder, "clone", "-q", remote.toString(), "elsewhere");
        elsewhere = folder.resolve("elsewhere");
        root = Files.createDirectories(folder.resolve("instance"));
        writeManifest("range: 21000-21009");
        template("workspaces/t", "copier.yml", """
                _templates_suffix: .ftl
                _angee:
                  kind: workspace
                  inputs: { greeting: { required: true }, source: { default: app } }
                  sources: { app: { source: "${inputs.source}" } }
                  chain_root: .angee
                  chain: [ { template: stacks/t, inputs: { port: "${alloc.web}" } } ]
                """);
        template("workspaces/t", "HELLO.md.ftl", "[=greeting] from [=workspace_name]\n");
        template("stacks/t", "copier.yml", "_templates_suffix: .ftl\n_angee: { kind: stack }\n");
        template("stacks/t", "angee.yaml.ftl", "name: inner\nports: { web: { value: [=port] } }\n");
        angee = openInstance();
    }

    @AfterEach
    void close() {
        angee.close();
    }

    @Test
    void a_workspace_has_its_branch_its_port_and_its_rendered_files() throws Exception {
        Workspace workspace = create("feat-x");
        Path app = workspace.slot("app").worktree().path();
        assertThat(workspace.path().resolve("HELLO.md")).hasContent("hi from feat-x");
        assertThat(app.resolve("src/Main.java")).exists();
        assertThat(Repositories.git(app, "branch", "--show-current")).isEqualTo("workspace/feat-x\n");
        assertThat(Repositories.git(app, "status", "--porcelain")).isEmpty();
        assertThat(workspace.allocations().get("web")).isBetween(21000, 21009);
        assertThat(workspace.stack().status().name()).isEqualTo("inner");
        try (Angee again = openInstance()) {
            assertThat(again.workspaces().get("feat-x").slots()).isEqualTo(workspace.slots());
        }
    }

    @Test
    void real_git_agrees_with_the_whole_way_round() throws Exception {
        create("feat-x");
        Workspace featY = create("feat-y");
        Path x = angee.workspaces().get("feat-x").slot("app").worktree().path();
        Files.writeString(x.resolve("README.md"), "# Changed\n");
        assertThat(state("feat-x")).isEqualTo(SlotState.DIRTY);
        angee.gitops().commit("feat-x", "change", ADA);
        assertThat(state("feat-x")).isEqualTo(SlotState.AHEAD);
        assertThat(angee.gitops().land("feat-x", LandOptions.into("main")).succeeded())
                .isTrue();
        assertThat(state("feat-y")).isEqualTo(SlotState.BEHIND);
        angee.gitops().syncBase("feat-y");
        assertThat(state("feat-y")).isEqualTo(SlotState.CLEAN);
        assertThat(featY.slot("app").worktree().path().resolve("README.md")).hasContent("# Changed");
        Path cache = root.resolve("sources/app");
        assertThat(Repositories.git(cache, "worktree", "list")).contains("[workspace/feat-x]", "[workspace/feat-y]");
        assertThat(Repositories.git(cache, "worktree", "prune", "--dry-run", "-v"))
                .isEmpty();
        assertThat(Repositories.git(cache, "fsck", "--strict")).doesNotContain("error", "missing");
        assertThat(Repositories.git(remote, "fsck", "--strict")).doesNotContain("error", "missing");
        assertThat(Repositories.git(remote, "log", "--format=%s|%an", "-1", "main"))
                .isEqualTo("Merge branch 'workspace/feat-x' into main|angee\n");
        assertThat(Repositories.git(remote, "log", "--format=%s|%an", "-1", "main^2"))
                .isEqualTo("change|Ada\n");
        for (Path worktree : List.of(x, featY.slot("app").worktree().path())) {
            assertThat(Repositories.git(worktree, "status", "--porcelain")).isEmpty();
        }
    }

    @Test
    void a_new_workspace_begins_at_what_the_remote_has_now_C1() throws Exception {
        create("feat-x");
        Files.writeString(elsewhere.resolve("NEW.md"), "new\n");
        Repositories.commit(elsewhere, "new");
        Repositories.git(elsewhere, "push", "-q", "origin", "main");
        assertThat(create("feat-y").slot("app").worktree().path().resolve("NEW.md"))
                .exists();
    }

    @Test
    void a_conflict_is_an_answer_and_changes_nothing() throws Exception {
        Path x = create("feat-x").slot("app").worktree().path();
        Files.writeString(x.resolve("README.md"), "# Mine\n");
        angee.gitops().commit("feat-x", "mine", ADA);
        Files.writeString(elsewhere.resolve("README.md"), "# Theirs\n");
        Repositories.commit(elsewhere, "theirs");
        Repositories.git(elsewhere, "push", "-q", "origin", "main");
        String before = Repositories.git(remote, "rev-parse", "main");
        JointOutcome landing = angee.gitops().land("feat-x", LandOptions.into("main"));
        assertThat(landing.succeeded()).isFalse();
        assertThatThrownBy(landing::throwIfConflicted)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("README.md");
        assertThat(Repositories.git(remote, "rev-parse", "main")).isEqualTo(before);
        assertThat(angee.gitops().syncBase("feat-x").slots()).satisfiesExactly(slot -> {
            assertThat(slot.became()).isEqualTo(SlotResult.Became.CONFLICT);
            assertThat(slot.conflicts()).containsExactly("README.md");
        });
        assertThat(x.resolve("README.md")).hasContent("# Mine");
        assertThat(Repositories.git(x, "status", "--porcelain")).isEmpty();
    }

    @Test
    void work_that_is_nowhere_else_is_not_destroyed_C8() throws Exception {
        Path x = create("feat-x").slot("app").worktree().path();
        Files.writeString(x.resolve("wip.txt"), "wip\n");
        assertThatThrownBy(() -> angee.workspaces().destroy("feat-x", DestroyOptions.keepingWork()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("wip.txt");
        angee.gitops().commit("feat-x", "wip", ADA);
        assertThatThrownBy(() -> angee.workspaces().destroy("feat-x", DestroyOptions.keepingWork()))
                .hasMessageContaining("1 commits on workspace/feat-x that are nowhere else");
        Repositories.git(x, "switch", "-q", "--detach", "origin/main");
        assertThatThrownBy(() -> angee.workspaces().destroy("feat-x", DestroyOptions.keepingWork()))
                .as("what the worktree shows is not what the branch has")
                .hasMessageContaining("1 commits on workspace/feat-x that are nowhere else");
        Repositories.git(x, "switch", "-q", "workspace/feat-x");
        assertThat(x.resolve("wip.txt")).exists();
        angee.gitops().push("feat-x");
        angee.workspaces().destroy("feat-x", DestroyOptions.keepingWork());
        assertNothingIsLeft();
        assertThat(Repositories.git(remote, "branch", "--list", "workspace/*")).contains("workspace/feat-x");
        assertThat(create("feat-x").slot("app").worktree().path().resolve("wip.txt"))
                .as("the pushed branch is taken up again (C2)")
                .exists();
    }

    @Test
    void commits_are_kept_also_when_the_worktree_is_gone() throws Exception {
        Path x = create("feat-x").slot("app").worktree().path();
        Files.writeString(x.resolve("wip.txt"), "wip\n");
        angee.gitops().commit("feat-x", "wip", ADA);
        MoreFiles.deleteRecursively(x);
        assertThatThrownBy(() -> angee.workspaces().destroy("feat-x", DestroyOptions.keepingWork()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("nowhere else");
        angee.workspaces().destroy("feat-x", DestroyOptions.discardingWork());
        assertNothingIsLeft();
    }

    @Test
    void a_workspace_can_be_destroyed_when_its_cache_is_gone() throws Exception {
        create("feat-x");
        MoreFiles.deleteRecursively(root.resolve("sources/app"));
        angee.workspaces().destroy("feat-x", DestroyOptions.discardingWork());
        assertNothingIsLeft();
    }

    @Test
    void an_interrupt_while_a_workspace_is_made_leaves_nothing() throws Exception {
        WorkspaceRequest request = request("feat-x");
        assertThatThrownBy(() -> angee.workspaces().create(request, progress -> {
                    if (progress instanceof Progress.WorktreeAdded) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .isInstanceOf(AngeeException.class);
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertNothingIsLeft();
        assertThat(create("feat-x").exists()).isTrue();
    }

    @Test
    void a_failure_on_another_base_than_the_default_leaves_no_branch() throws Exception {
        Repositories.git(elsewhere, "switch", "-q", "-c", "develop");
        Files.writeString(elsewhere.resolve("DEV.md"), "dev\n");
        Repositories.commit(elsewhere, "dev");
        Repositories.git(elsewhere, "push", "-q", "origin", "develop");
        Files.writeString(
                root.resolve("angee.yaml"),
                Files.readString(root.resolve("angee.yaml")).replace("kind: git,", "kind: git, default_ref: develop,"));
        template("stacks/t", "angee.yaml.ftl", "name: inner\ncolour: red\n");
        assertThatThrownBy(() -> create("feat-x")).hasMessageContaining("colour");
        assertNothingIsLeft();
    }

    @Test
    void what_cannot_be_taken_back_does_not_keep_an_instance_from_opening() throws Exception {
        create("feat-y");
        Files.createDirectories(root.resolve("run/journal"));
        Files.writeString(
                root.resolve("run/journal/feat-x.json"),
                "{\"operation\": \"create workspace\", \"subject\": \"feat-x\", \"since\": \"2026-01-01T00:00:00Z\"}");
        String manifest = Files.readString(root.resolve("angee.yaml"));
        Files.writeString(root.resolve("angee.yaml"), "broken: [");
        try (Angee opened = openInstance()) {
            assertThat(opened.recovered().failed())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("feat-x");
            assertThat(opened.gitops().topology().links()).hasSize(1);
            assertThat(opened.workspaces().get("feat-y").exists()).isTrue();
        }
        Files.writeString(root.resolve("angee.yaml"), manifest);
        try (Angee opened = openInstance()) {
            assertThat(opened.recovered().undone()).containsExactly("feat-x");
        }
    }

    @Test
    void a_declared_workspace_is_made_by_its_name_and_cannot_be_landed_before() throws Exception {
        Files.writeString(
                root.resolve("angee.yaml"),
                Files.readString(root.resolve("angee.yaml"))
                        + "workspaces: { feat-x: { template: t, inputs: { greeting: declared } } }\n");
        assertThatThrownBy(() -> angee.gitops().land("feat-x", LandOptions.into("main")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("not made yet");
        Workspace made = angee.workspaces().create(WorkspaceRequest.named("feat-x"));
        assertThat(made.path().resolve("HELLO.md")).hasContent("declared from feat-x");
    }

    @Test
    void an_inner_stack_stands_apart_from_what_an_agent_can_write() throws Exception {
        for (String chainRoot : List.of("app", "app/.angee", "../../..", ".")) {
            template("workspaces/t", "copier.yml", """
                    _templates_suffix: .ftl
                    _angee:
                      kind: workspace
                      sources: { app: {} }
                      chain_root: "%s"
                      chain: [ { template: stacks/t, inputs: { port: "1" } } ]
                    """.formatted(chainRoot));
            assertThatThrownBy(() -> create("feat-x")).as(chainRoot).isInstanceOf(AngeeException.class);
            assertNothingIsLeft();
        }
    }

    @Test
    void what_an_inner_stack_runs_has_the_secrets_that_its_workspace_was_made_with_S7() throws Exception {
        template("workspaces/t", "copier.yml", """
                token: { type: secret, required: true }
                _angee: { kind: workspace, chain_root: .angee, chain: [ { template: stacks/t } ] }
                """);
        template("stacks/t", "copier.yml", """
                _templates_suffix: .ftl
                token: { type: secret }
                _angee: { kind: stack }
                """);
        template("stacks/t", "angee.yaml.ftl", """
                name: inner
                jobs:
                  check: { runtime: local, command: [sh, -c, 'test "$TOKEN" = canary-8f'], env: { TOKEN: "[=token]" } }
                """);
        Workspace workspace = angee.workspaces()
                .create(WorkspaceRequest.named("feat-x").template("t").input("token", "canary-8f"));
        assertThat(workspace.stack().run("check", RunOptions.defaults()).succeeded())
                .isTrue();
        angee.secrets().set(new SecretName("feat-x-token"), SecretValue.of("another"));
        assertThat(workspace.stack().run("check", RunOptions.defaults()).succeeded())
                .as("the value of the root")
                .isFalse();
    }

    @Test
    void a_damaged_or_newer_state_file_is_named() throws Exception {
        create("feat-x");
        Path record = root.resolve("run/workspaces/feat-x.json");
        String sound = Files.readString(record);
        for (String damaged : List.of("{}", "null", "[", sound.replace("\"version\" : 1", "\"version\" : 99"))) {
            Files.writeString(record, damaged);
            assertThatThrownBy(() -> angee.workspaces().get("feat-x"))
                    .as(damaged)
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                    .hasMessageContaining(record.toString());
        }
    }

    @Test
    void a_lease_is_released_whatever_spelling_the_root_is_opened_by() throws Exception {
        create("feat-x");
        Path link = Files.createSymbolicLink(folder.resolve("link"), root);
        try (Angee other =
                Angee.builder(link).stateFolder(folder.resolve("state")).build()) {
            other.workspaces().destroy("feat-x", DestroyOptions.discardingWork());
        }
        assertThat(angee.ports().leases(root)).isEmpty();
    }

    @Test
    void work_can_be_thrown_away_in_so_many_words_and_the_name_is_free_again_C7() throws Exception {
        Path x = create("feat-x").slot("app").worktree().path();
        Files.writeString(x.resolve("wip.txt"), "wip\n");
        angee.gitops().commit("feat-x", "wip", ADA);
        angee.workspaces().destroy("feat-x", DestroyOptions.discardingWork());
        assertNothingIsLeft();
        assertThat(create("feat-x").slot("app").worktree().path().resolve("wip.txt"))
                .doesNotExist();
    }

    @Test
    void a_workspace_that_cannot_be_made_leaves_nothing() throws Exception {
        assertThatThrownBy(() -> angee.workspaces()
                        .create(WorkspaceRequest.named("feat-x").template("t")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("greeting");
        assertThatThrownBy(() -> angee.workspaces().create(request("feat-x").input("source", "apq")))
                .hasMessageContaining("needs source 'apq'");
        assertThatThrownBy(() -> angee.workspaces().create(request("feat-x").template("nope")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("workspaces/t");
        template("stacks/t", "angee.yaml.ftl", "name: inner\ncolour: red\n");
        assertThatThrownBy(() -> angee.workspaces().create(request("feat-x"))).hasMessageContaining("colour");
        template("stacks/t", "angee.yaml.ftl", "name: [=nope]\n");
        assertThatThrownBy(() -> angee.workspaces().create(request("feat-x"))).hasMessageContaining("nope");
        assertNothingIsLeft();
        writeManifest("range: 21000-21000");
        template("stacks/t", "angee.yaml.ftl", "name: inner\n");
        create("feat-x");
        assertThatThrownBy(() -> create("feat-y"))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(angee.workspaces().list()).extracting(Workspace::name).containsExactly("feat-x");
    }

    @Test
    void a_name_or_a_folder_that_is_taken_is_a_conflict_and_stays_as_it_is() throws Exception {
        create("feat-x");
        assertThatThrownBy(() -> create("feat-x")).isInstanceOf(ConflictException.class);
        Path mine = Files.createDirectories(root.resolve("workspaces/feat-y"));
        Files.writeString(mine.resolve("mine.txt"), "mine\n");
        assertThatThrownBy(() -> create("feat-y"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is not empty");
        assertThat(mine.resolve("mine.txt")).hasContent("mine");
    }

    @Test
    void a_name_that_would_lead_elsewhere_is_refused_S5() {
        for (String name : List.of("..", "../run", "a/b", "-x", "", ".git", "a..b", "x".repeat(64))) {
            assertThatThrownBy(() -> WorkspaceRequest.named(name)).as(name).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> angee.workspaces().destroy(name, DestroyOptions.discardingWork()))
                    .isInstanceOf(NotFoundException.class);
        }
        assertThat(root.resolve("angee.yaml")).exists();
    }

    @Test
    void many_at_once_get_branches_and_ports_of_their_own() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Workspace>> creations = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "feat-" + i;
                creations.add(() -> create(name));
            }
            List<Integer> ports = new ArrayList<>();
            for (Future<Workspace> each : threads.invokeAll(creations)) {
                ports.add(each.get().allocations().get("web"));
            }
            assertThat(ports).doesNotHaveDuplicates().hasSize(8);
        } finally {
            threads.shutdownNow();
        }
        Path cache = root.resolve("sources/app");
        assertThat(Repositories.git(cache, "worktree", "list").lines().count()).isEqualTo(9);
        assertThat(Repositories.git(cache, "fsck", "--strict")).doesNotContain("error");
    }

    @Test
    void one_bad_slot_does_not_hide_the_others() throws Exception {
        create("feat-x");
        create("feat-y");
        create("feat-z");
        Path x = angee.workspaces().get("feat-x").slot("app").worktree().path();
        MoreFiles.deleteRecursively(x);
        Repositories.git(angee.workspaces().get("feat-y").slot("app").worktree().path(), "switch", "-q", "-c", "other");
        assertThat(state("feat-x")).isEqualTo(SlotState.MISSING);
        assertThat(state("feat-y")).isEqualTo(SlotState.BRANCH_MISMATCH);
        assertThat(state("feat-z")).isEqualTo(SlotState.CLEAN);
        assertThatThrownBy(() -> angee.gitops().push("feat-y"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("other");
    }

    private void assertNothingIsLeft() throws Exception {
        assertThat(angee.ports().leases(root)).isEmpty();
        assertThat(root.resolve("workspaces/feat-x")).doesNotExist();
        assertThat(angee.workspaces().list()).isEmpty();
        Path cache = root.resolve("sources/app");
        if (Files.exists(cache)) {
            assertThat(new JGitSourceControl().worktrees(cache)).isEmpty();
            assertThat(Repositories.git(cache, "branch", "--list", "workspace/*"))
                    .isEmpty();
        }
        try (Stream<Path> journal =
                Files.exists(root.resolve("run/journal")) ? Files.list(root.resolve("run/journal")) : Stream.empty()) {
            assertThat(journal).isEmpty();
        }
    }

    private Workspace create(String name) {
        return angee.workspaces().create(request(name));
    }

    private static WorkspaceRequest request(String name) {
        return WorkspaceRequest.named(name).template("t").input("greeting", "hi");
    }

    private SlotState state(String workspace) {
        return angee.gitops().topology().link(workspace, "app").orElseThrow().state();
    }

    private Angee openInstance() {
        return Angee.builder(root).stateFolder(folder.resolve("state")).build();
    }

    private void writeManifest(String pool) throws IOException {
        Files.writeString(
                root.resolve("angee.yaml"),
                "name: instance\noperator: { port_pool: { web: { " + pool + " } } }\n"
                        + "sources: { app: { kind: git, repo: \"" + remote + "\" } }\n");
    }

    private void template(String ref, String file, String text) throws IOException {
        Path place = Files.createDirectories(root.resolve("templates").resolve(ref));
        Files.writeString(place.resolve(file), text);
    }
}
