package dev.angee.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.angee.ConflictException;
import dev.angee.internal.FileLocks;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.ManifestEditor;
import dev.angee.operation.Journal;
import dev.angee.port.PortLedger;
import dev.angee.port.PortProbe;
import dev.angee.render.RenderPlan;
import dev.angee.render.SteppedReconciler;
import dev.angee.render.TemplateUpdate;
import dev.angee.resolve.StackLayout;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.source.CredentialSource;
import dev.angee.source.SourceControl;
import dev.angee.stack.StackContext;
import dev.angee.stack.Stacks;
import dev.angee.template.BracesRenderer;
import dev.angee.template.DirectoryTemplates;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an update of a workspace needs besides its files, when its files are changed only half, or by the next process. */
class WorkspaceRefreshTest {
    private static final SecretName TOKEN = new SecretName("x-tok");

    @TempDir
    private Path folder;

    private WorkspaceContext context;

    @BeforeEach
    void make() throws IOException {
        Path root = Files.createDirectories(folder.toRealPath().resolve("root"));
        context = context(root);
        Files.writeString(
                root.resolve("angee.yaml"), "name: test\noperator: { port_pool: { web: { range: 42300-42399 } } }\n");
        write("stacks/s/copier.yml", "_templates_suffix: .tpl\n_angee: { kind: stack }\n");
        write("stacks/s/angee.yaml.tpl", """
                name: inner
                services:
                  web: { runtime: container, image: "web:1", env: { PORT: "{{ port }}" } }
                """);
        template("0", "");
        new Workspaces(context).create(WorkspaceRequest.named("x").template("t"));
        template("${alloc.web}", "tok: { type: secret, generated: true }\n");
        write("workspaces/t/out.tpl", "{{ tok }}");
    }

    @AfterEach
    void close() {
        context.stacks().close();
    }

    private WorkspaceContext context(Path root) {
        StackLayout layout = StackLayout.of(root);
        PortLedger ledger = PortLedger.in(
                root.resolveSibling(root.getFileName() + "-state"), Clock.systemUTC(), PortProbe.binding());
        return new WorkspaceContext(
                layout,
                mock(SourceControl.class),
                mock(CredentialSource.class),
                new TemplateCatalog(List.of(new DirectoryTemplates(root.resolve("templates")))),
                new TemplateEngine(List.of(new BracesRenderer())),
                ledger,
                new Journal(layout.journal(), Clock.systemUTC()),
                new Stacks(StackContext.of(List.of()).ports(ledger)));
    }

    private void template(String port, String questions) throws IOException {
        write("workspaces/t/copier.yml", """
                _templates_suffix: .tpl
                _angee:
                  kind: workspace
                  chain_root: .angee
                  chain: [{ template: stacks/s, inputs: { port: "%s" } }]
                """.formatted(port) + questions);
    }

    private void write(String path, String text) throws IOException {
        Path file = context.layout().root().resolve("templates").resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    private RenderPlan update(Consumer<String> step) {
        try (FileLocks.Held held =
                FileLocks.take(context.layout().workspaceLock("x"), "test", Duration.ofSeconds(10))) {
            return refresh(step).run(held);
        }
    }

    private WorkspaceRefresh refresh(Consumer<String> step) {
        return new WorkspaceRefresh(
                context,
                record(context),
                TemplateUpdate.standard(),
                new WorkspaceFiles(context.layout(), "x", target -> SteppedReconciler.of(target, step)));
    }

    private static WorkspaceRecord record(WorkspaceContext context) {
        return new WorkspaceStore(context.layout()).read("x").orElseThrow();
    }

    private static boolean hasToken(WorkspaceContext context) {
        return new WorkspaceSecrets(context).find(TOKEN).isPresent();
    }

    private int leases() {
        return context.ledger().leases(context.layout().root()).size();
    }

    private boolean isNoted() {
        return new WorkspaceStore(context.layout()).inTheMaking().contains("x");
    }

    private Path path(String path) {
        return context.layout().workspace("x").resolve(path);
    }

    /** Fails at a step, and at every one after it but for those of a recovery, if that is to work. */
    private static Consumer<String> failing(String from, boolean always, Runnable failure) {
        boolean[] begun = {false};
        return label -> {
            begun[0] |= label.startsWith(from);
            if (begun[0] && (always || !isRecovering())) {
                failure.run();
            }
        };
    }

    private static boolean isRecovering() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("recover")
                        && frame.getClassName().endsWith(".FileChanges")));
    }

    private static void error() {
        throw new StackOverflowError("for the test");
    }

    private static void exception() {
        throw new IllegalStateException("for the test");
    }

    private void requireMade() {
        assertThat(path("out")).hasContent("${secret.x-tok}");
        assertThat(record(context).allocations()).containsKey("web");
        assertThat(record(context).secrets()).containsExactly("x-tok");
        assertThat(leases()).isEqualTo(1);
        assertThat(hasToken(context)).isTrue();
        assertThat(isNoted()).isFalse();
    }

    private void requireNothing() {
        assertThat(path("out")).doesNotExist();
        assertThat(record(context).secrets()).isEmpty();
        assertThat(leases()).isZero();
        assertThat(hasToken(context)).isFalse();
        assertThat(isNoted()).isFalse();
    }

    @Test
    void what_files_refer_to_stays_when_they_are_changed_in_spite_of_an_error() {
        assertThatThrownBy(() -> update(failing("after going on to MOVING", false, WorkspaceRefreshTest::error)))
                .isInstanceOf(StackOverflowError.class);
        requireMade();
    }

    @Test
    void an_update_whose_taking_back_fails_too_goes_on_where_that_is_possible() {
        update(failing("after going on to MOVING", false, WorkspaceRefreshTest::exception));
        requireMade();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void all_is_taken_back_where_the_files_are(boolean isError) {
        Runnable failure = isError ? WorkspaceRefreshTest::error : WorkspaceRefreshTest::exception;
        assertThatThrownBy(() -> update(failing("after writing the journal", false, failure)))
                .isInstanceOf(Throwable.class);
        requireNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothing_is_taken_back_while_nobody_knows_and_the_next_to_work_on_it_sees_to_all(boolean isMade)
            throws InterruptedException {
        String from = isMade ? "after going on to MOVING" : "after writing the journal";
        assertThatThrownBy(() -> update(failing(from, true, WorkspaceRefreshTest::error)))
                .isInstanceOf(StackOverflowError.class);
        assertThat(leases()).isEqualTo(1);
        assertThat(hasToken(context)).isTrue();
        assertThat(isNoted()).isTrue();
        Workspaces workspaces = new Workspaces(context);
        assertThat(workspaces.recover().failed()).isEmpty();
        assertThat(isNoted()).isFalse();
        assertThat(record(context).secrets()).containsExactly("x-tok");
        workspaces.update("x", TemplateUpdate.standard());
        requireMade();
        workspaces.destroy("x", DestroyOptions.discardingWork());
        assertThat(hasToken(context)).isFalse();
        assertThat(leases()).isZero();
    }

    @Test
    void a_lock_that_was_lost_takes_nothing_back() {
        FileLocks.Held lost = FileLocks.take(context.layout().workspaceLock("x"), "test", Duration.ofSeconds(10));
        lost.close();
        assertThatThrownBy(() -> refresh(label -> {}).run(lost)).isInstanceOf(IllegalStateException.class);
        requireMade();
    }

    @ParameterizedTest
    @ValueSource(strings = {"recover", "update", "destroy"})
    void a_secret_of_an_update_whose_JVM_died_goes_with_the_workspace_S7(String next)
            throws IOException, InterruptedException {
        Path left = folder.toRealPath().resolve("left");
        update(label -> {
            if (label.equals("before writing the journal")) {
                copy(context.layout().root(), left);
            }
        });
        WorkspaceContext later = context(left);
        try {
            assertThat(record(later).secrets()).isEmpty();
            assertThat(hasToken(later)).isTrue();
            Workspaces workspaces = new Workspaces(later);
            if (next.equals("recover")) {
                assertThat(workspaces.recover().failed()).isEmpty();
                assertThat(record(later).secrets()).containsExactly("x-tok");
            } else if (next.equals("update")) {
                workspaces.update("x", TemplateUpdate.standard());
                assertThat(record(later).secrets()).containsExactly("x-tok");
            }
            workspaces.destroy("x", DestroyOptions.discardingWork());
            assertThat(hasToken(later)).isFalse();
            assertThat(new WorkspaceStore(later.layout()).inTheMaking()).isEmpty();
        } finally {
            later.stacks().close();
        }
    }

    @Test
    void what_was_noted_and_never_stored_is_not_the_workspaces() throws InterruptedException {
        new WorkspaceStore(context.layout()).write("x", Making.nothing().withSecrets(List.of("x-other")));
        Workspaces workspaces = new Workspaces(context);
        assertThat(workspaces.recover().failed()).isEmpty();
        assertThat(isNoted()).isFalse();
        assertThat(record(context).secrets()).isEmpty();
        new WorkspaceSecrets(context)
                .store(java.util.Map.of(new SecretName("x-other"), SecretValue.of("of the user")), names -> {});
        workspaces.destroy("x", DestroyOptions.discardingWork());
        assertThat(new WorkspaceSecrets(context).find(new SecretName("x-other")))
                .isPresent();
    }

    @Test
    void an_editor_of_the_inner_manifest_waits_for_an_update() {
        Path manifest = path(".angee/angee.yaml");
        EditOptions impatient = new EditOptions(
                EditOptions.defaults().check(), EditOptions.defaults().limits(), Duration.ZERO);
        boolean[] looked = {false};
        update(label -> {
            if (!looked[0]) {
                looked[0] = true;
                assertThatThrownBy(() -> ManifestEditor.edit(
                                manifest, impatient, editor -> editor.put(List.of("name"), "other")))
                        .isInstanceOf(ConflictException.class);
            }
        });
        assertThat(looked[0]).isTrue();
        assertThat(manifest).content().contains("name: inner", "PORT: \"42");
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path each : walk.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_misspelt_input_of_a_workspace_is_refused_at_first_and_at_an_update() throws IOException {
        template("0", "debug: { type: bool, default: false }\n");
        Workspaces workspaces = new Workspaces(context);
        assertThatThrownBy(() -> workspaces.create(
                        WorkspaceRequest.named("y").template("t").input("debgu", "true")))
                .hasMessageStartingWith("debgu: ")
                .hasMessageContaining("Did you mean 'debug'?");
        assertThat(context.layout().workspace("y")).doesNotExist();
        assertThatThrownBy(
                        () -> workspaces.update("x", TemplateUpdate.standard().input("debgu", "true")))
                .hasMessageContaining("Did you mean 'debug'?");
        workspaces.update("x", TemplateUpdate.standard().input("nobody", "asks"));
    }
}
