package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.port.PortLease;
import dev.angee.render.OnConflict;
import dev.angee.render.RenderChange;
import dev.angee.render.RenderPlan;
import dev.angee.render.TemplateUpdate;
import dev.angee.template.BracesRenderer;
import dev.angee.workspace.DestroyOptions;
import dev.angee.workspace.WorkspaceRequest;
import dev.angee.workspace.Workspaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a workspace when its template has changed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WorkspaceUpdateTest {
    private static final TemplateUpdate STANDARD = TemplateUpdate.standard();

    @TempDir
    private Path folder;

    private MemoryInstance instance;

    @BeforeEach
    void make() throws IOException {
        instance = new MemoryInstance(folder.toRealPath(), "a");
        instance.reopen(instance.builder().renderer(new BracesRenderer()));
        template("");
        file("workspaces/t/notes.md.tpl", "{{ who }} {{ code }}\n");
        file("stacks/s/copier.yml", """
                _templates_suffix: .tpl
                _angee: { kind: stack }
                key: { type: str, generated: true }
                """);
        file("stacks/s/angee.yaml.tpl", """
                name: inner
                services:
                  web: { runtime: container, image: "web:1", env: { KEY: "{{ key }}", WHO: "{{ who }}" } }
                """);
        workspaces().create(WorkspaceRequest.named("x").template("t").input("who", "me"));
    }

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void nothing_changes_where_the_template_has_not_C10_C31() throws IOException {
        SortedMap<String, String> before = tree();
        assertThat(workspaces().previewUpdate("x", STANDARD).changes()).isEmpty();
        assertThat(workspaces().update("x", STANDARD).changes()).isEmpty();
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void what_the_template_changed_is_taken_and_what_was_edited_stays_R26_C12() throws IOException {
        Path manifest = path(".angee/angee.yaml");
        String mine = "  more: { runtime: container, image: \"more:1\" } # ours\n";
        Files.writeString(manifest, Files.readString(manifest).replace("services:\n", "services:\n" + mine));
        file("workspaces/t/new.md", "new\n");
        replace("stacks/s/angee.yaml.tpl", "web:1", "web:2");
        SortedMap<String, String> before = tree();
        assertThat(workspaces().previewUpdate("x", STANDARD).changes())
                .extracting(RenderChange::path)
                .containsExactly(".angee/angee.yaml", "new.md");
        assertThat(tree()).as("looking changes nothing").isEqualTo(before);
        workspaces().update("x", STANDARD);
        assertThat(Files.readString(manifest)).contains("web:2", mine);
        assertThat(path("new.md")).hasContent("new");
        assertThat(workspaces().update("x", STANDARD).isChange()).isFalse();
    }

    @Test
    void a_conflict_is_data_and_an_update_with_one_changes_nothing() throws IOException {
        Files.writeString(path("notes.md"), "mine\n");
        replace("workspaces/t/notes.md.tpl", "{{ who }}", "dear {{ who }}");
        replace("stacks/s/angee.yaml.tpl", "web:1", "web:2");
        SortedMap<String, String> before = tree();
        RenderPlan preview = workspaces().previewUpdate("x", STANDARD.input("who", "you"));
        assertThat(preview.conflicts())
                .singleElement()
                .satisfies(c -> assertThat(c.path()).isEqualTo("notes.md"));
        assertThatThrownBy(() -> workspaces().update("x", STANDARD.input("who", "you")))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.kind()).isEqualTo("workspace-template"))
                .hasMessageContaining("notes.md");
        assertThat(tree()).isEqualTo(before);
        workspaces().update("x", STANDARD.input("who", "you").with(OnConflict.OVERWRITE));
        assertThat(path("notes.md")).hasContent("dear you ");
        assertThat(Files.readString(path(".angee/angee.yaml"))).contains("web:2", "WHO: \"you\"");
        assertThat(workspaces().update("x", STANDARD).isChange())
                .as("what was told is kept")
                .isFalse();
    }

    @Test
    void what_the_template_asks_for_now_is_added() throws IOException {
        template("""
                ensure: { operator.port_pool.web: { range: 42100-42199 } }
                persist: { data: { subpath: data } }
                chain_root: .angee
                chain: [{ template: stacks/s, inputs: { who: "port ${alloc.web}" } }]
                """);
        SortedMap<String, String> before = tree();
        String preview = workspaces()
                .previewUpdate("x", STANDARD)
                .text(".angee/angee.yaml")
                .orElseThrow();
        assertThat(tree()).as("looking leases nothing").isEqualTo(before);
        workspaces().update("x", STANDARD);
        int port = workspaces().get("x").allocations().get("web");
        assertThat(Files.readString(path(".angee/angee.yaml")))
                .contains("WHO: \"port " + port + "\"")
                .isEqualTo(preview);
        assertThat(path("data")).isEmptyDirectory();
        assertThat(Files.readString(instance.root.resolve("angee.yaml"))).contains("42100-42199");
        assertThat(instance.angee().ports().leases(instance.root))
                .extracting(PortLease::port)
                .contains(port);
        assertThat(workspaces().update("x", STANDARD).isChange()).isFalse();
    }

    @Test
    void what_is_not_sound_is_taken_back_with_all_that_was_made_for_it() throws IOException {
        template("""
                ensure: { operator.port_pool.web: { range: 42100-42199 } }
                persist: { data: { subpath: data } }
                chain_root: .angee
                chain: [{ template: stacks/s, inputs: { who: "port ${alloc.web}" } }]
                """);
        replace("stacks/s/angee.yaml.tpl", "runtime: container", "runtime: boat");
        SortedMap<String, String> before = tree();
        assertThatThrownBy(() -> workspaces().update("x", STANDARD))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("boat");
        assertThat(tree()).isEqualTo(before);
        assertThat(instance.angee().ports().leases(instance.root)).isEmpty();
    }

    @Test
    void what_must_not_change_is_refused_C9() throws IOException {
        SortedMap<String, String> before = tree();
        assertThatThrownBy(() -> workspaces().update("x", STANDARD.input("code", "2")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("code");
        assertThatThrownBy(() -> workspaces().update("y", STANDARD)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> workspaces().update("../x", STANDARD)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> workspaces().update("x", STANDARD.template("nowhere")))
                .isInstanceOf(NotFoundException.class);
        template("chain_root: elsewhere\nchain: [{ template: stacks/s }]\n");
        assertThatThrownBy(() -> workspaces().update("x", STANDARD))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("elsewhere");
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void an_update_may_follow_another_template_from_then_on() throws IOException {
        file(
                "workspaces/u/copier.yml",
                "_templates_suffix: .tpl\n_angee: { kind: workspace, chain_root: .angee, chain: [{ template: stacks/s }] }\n");
        file("workspaces/u/other.md", "other\n");
        workspaces().update("x", STANDARD.template("u"));
        assertThat(path("other.md")).hasContent("other");
        assertThat(path("notes.md")).doesNotExist();
        assertThat(workspaces().get("x").template()).isEqualTo("workspaces/u");
        assertThat(workspaces().get("x").slots()).as("its slots stay").hasSize(1);
    }

    @Test
    void what_was_made_up_for_a_chained_template_stays_with_it_wherever_it_stands_in_the_chain_C10()
            throws IOException {
        String before = Files.readString(path(".angee/angee.yaml"));
        file(
                "stacks/u/copier.yml",
                "_templates_suffix: .tpl\n_angee: { kind: stack }\nkey: { type: str, generated: true }\n");
        file("stacks/u/u.txt.tpl", "{{ key }}");
        template("chain_root: .angee\nchain: [{ template: stacks/u, root: u }, { template: stacks/s }]\n");
        workspaces().update("x", STANDARD);
        assertThat(Files.readString(path(".angee/angee.yaml"))).isEqualTo(before);
        String made = Files.readString(path("u/u.txt"));
        assertThat(made).isNotBlank();
        assertThat(before).doesNotContain(made);
        template("chain_root: .angee\nchain: [{ template: stacks/s }, { template: stacks/u, root: u }]\n");
        workspaces().update("x", STANDARD);
        assertThat(Files.readString(path(".angee/angee.yaml"))).isEqualTo(before);
        assertThat(path("u/u.txt")).hasContent(made);
    }

    @Test
    void however_a_persist_folder_is_spelled_it_stays() throws IOException {
        for (String subpath : List.of("data/", "./data", "./d//e/", "d/./e")) {
            String folder = subpath.contains("e") ? "d/e" : "data";
            template("persist: { data: { subpath: \"" + subpath + "\" } }");
            file("workspaces/t/" + folder + "/seed", "x");
            workspaces().update("x", STANDARD);
            Files.delete(instance.root.resolve("templates/workspaces/t/" + folder + "/seed"));
            workspaces().update("x", STANDARD);
            assertThat(path(folder)).as(subpath).isEmptyDirectory();
        }
    }

    @Test
    void an_answers_file_is_not_written_into_a_worktree_either() throws IOException {
        file("workspaces/t/a/.copier-answers.yml", "who: me\n");
        replace("workspaces/t/copier.yml", "_angee:", "_answers_file: a/.copier-answers.yml\n_angee:");
        assertThatThrownBy(() -> workspaces().update("x", STANDARD))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("slot 'a'");
        assertThat(path("a/.copier-answers.yml")).doesNotExist();
    }

    @Test
    void secrets_of_the_inner_stack_are_not_rendered_over() throws IOException {
        file("stacks/s/.env", "A=1\n");
        Files.writeString(path(".angee/.env"), "ANGEE_SECRET_A=precious\n");
        SortedMap<String, String> before = tree();
        TemplateUpdate update = STANDARD.with(OnConflict.OVERWRITE);
        assertThatThrownBy(() -> workspaces().previewUpdate("x", update))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("stacks/s: '.angee/.env'")
                .hasMessageContaining("'.angee/.env.example'");
        assertThatThrownBy(() -> workspaces().update("x", update)).isInstanceOf(InvalidInputException.class);
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void nor_are_those_of_the_root_wherever_it_has_them() throws IOException {
        Path manifest = instance.root.resolve("angee.yaml");
        Files.writeString(manifest, Files.readString(manifest) + "secrets_backend: { path: workspaces/x/notes.md }\n");
        assertThatThrownBy(() -> workspaces().previewUpdate("x", STANDARD))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("workspaces/t: 'notes.md'");
    }

    @Test
    void a_persist_folder_that_the_template_has_moved_stays_the_users() throws IOException {
        template("persist: { d: { subpath: data } }");
        workspaces().update("x", STANDARD);
        Files.writeString(path("data/db"), "precious");
        template("persist: { d: { subpath: store } }");
        Path state = instance.root.resolve("run/template-state/workspaces/x.json");
        for (int i = 0; i < 2; i++) {
            file("workspaces/t/data/db", "seed");
            SortedMap<String, String> before = tree();
            TemplateUpdate update = STANDARD.with(OnConflict.OVERWRITE);
            assertThat(workspaces().previewUpdate("x", update).conflicts())
                    .singleElement()
                    .satisfies(conflict -> assertThat(conflict.path()).isEqualTo("data/db"));
            assertThatThrownBy(() -> workspaces().update("x", update))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("data/db: it is in a folder of data")
                    .hasMessageNotContaining("or overwrite)");
            assertThat(tree()).isEqualTo(before);
            if (i == 0) { // as an earlier version left it
                Files.writeString(state, Files.readString(state).replace("\"data\"", "\"nothing\""));
                continue;
            }
            Files.delete(instance.root.resolve("templates/workspaces/t/data/db"));
            workspaces().update("x", update);
            assertThat(path("store")).isEmptyDirectory();
            assertThat(Files.readString(state)).contains("\"data\"", "\"store\"");
        }
        assertThat(path("data/db")).hasContent("precious");
    }

    @Test
    void a_folder_of_data_that_is_gone_and_not_asked_for_is_forgotten() throws IOException {
        template("persist: { d: { subpath: data }, e: { subpath: other } }");
        workspaces().update("x", STANDARD);
        template("");
        workspaces().update("x", STANDARD);
        assertThat(workspaces().get("x").persistPaths()).containsOnlyKeys("d", "e");
        Files.delete(path("data"));
        file("workspaces/t/data/db", "seed");
        workspaces().update("x", STANDARD);
        assertThat(workspaces().get("x").persistPaths()).containsOnlyKeys("e");
        assertThat(path("data/db")).hasContent("seed");
    }

    @Test
    void an_inner_manifest_that_cannot_be_read_is_named_with_its_place_on_disk() throws IOException {
        Files.writeString(path(".angee/angee.yaml"), "name: [\n");
        assertThatThrownBy(() -> workspaces().update("x", STANDARD))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageStartingWith(path(".angee/angee.yaml") + ":2:1");
    }

    @Test
    void slots_stay_where_they_are() throws IOException {
        Files.createDirectories(instance.root.resolve("elsewhere"));
        slots("a: {}, l: { path: elsewhere, subpath: in/l }", "");
        workspaces().create(WorkspaceRequest.named("y").template("t").input("who", "me"));
        refused("a: { subpath: b }, l: { path: elsewhere, subpath: in/l }", "", "slot 'a' to 'b'", "it is at 'a'");
        refused("a: {}, l: { path: elsewhere }", "", "slot 'l' to 'l'", "it is at 'in/l'");
        String same = "a: {}, l: { path: elsewhere, subpath: in/l }";
        refused(same, "a/data", "persist folder 'd' at 'a/data'", "slot 'a' is");
        refused(same, "a", "persist folder 'd' at 'a'", "slot 'a' is");
        refused(same, "./in", "persist folder 'd' at 'in'", "slot 'l' is");
        refused("a: {}", "in/l", "persist folder 'd' at 'in/l'", "slot 'l' is");
        refused(same + ", m: { path: elsewhere }", "m", "persist folder 'd' at 'm'", "has not");
        slots(same, "in/l");
        workspaces().update("y", STANDARD);
        Path y = instance.root.resolve("workspaces/y");
        assertThat(workspaces().get("y").persistPaths()).containsEntry("d", y.resolve("in/l"));
        assertThat(y.resolve("in/l")).isSymbolicLink();
        slots("a: {}", "");
        workspaces().update("y", STANDARD);
        assertThat(y.resolve("in/l"))
                .as("also one that the template has no more")
                .isSymbolicLink();
    }

    private void slots(String slots, String persist) throws IOException {
        template(persist.isEmpty() ? "" : "persist: { d: { subpath: " + persist + " } }");
        replace("workspaces/t/copier.yml", "sources: { a: {} }", "sources: { " + slots + " }");
    }

    private void refused(String slots, String persist, String... messages) throws IOException {
        slots(slots, persist);
        SortedMap<String, String> before = tree();
        for (ThrowingCallable work : List.<ThrowingCallable>of(
                () -> workspaces().previewUpdate("y", STANDARD),
                () -> workspaces().update("y", STANDARD))) {
            assertThatThrownBy(work).isInstanceOf(ConflictException.class).hasMessageContainingAll(messages);
        }
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void nothing_of_it_is_remembered_once_it_is_destroyed() throws Exception {
        workspaces().destroy("x", DestroyOptions.discardingWork());
        assertThat(tree().keySet()).noneMatch(path -> path.startsWith("run/template-state/workspaces/"));
    }

    private Workspaces workspaces() {
        return instance.angee().workspaces();
    }

    private Path path(String path) {
        return instance.root.resolve("workspaces/x").resolve(path);
    }

    private void template(String more) throws IOException {
        String chain = more.contains("chain_root") ? "" : "chain_root: .angee\nchain: [{ template: stacks/s }]\n";
        file(
                "workspaces/t/copier.yml",
                "_templates_suffix: .tpl\n_angee:\n"
                        + ("kind: workspace\nsources: { a: {} }\n" + chain + more).indent(2)
                        + "who: { type: str }\ncode: { type: str, default: \"\", immutable: true }\n");
    }

    private void file(String path, String text) throws IOException {
        Path file = instance.root.resolve("templates").resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    private void replace(String path, String from, String to) throws IOException {
        file(
                path,
                Files.readString(instance.root.resolve("templates").resolve(path))
                        .replace(from, to));
    }

    /** All files below the root but templates, locks and caches. */
    private SortedMap<String, String> tree() throws IOException {
        TreeMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(instance.root)) {
            for (Path each : walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                String path = instance.root.relativize(each).toString();
                if (!path.startsWith("templates/") && !path.endsWith(".lock") && !path.startsWith("sources/")) {
                    tree.put(path, new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return tree;
    }
}
