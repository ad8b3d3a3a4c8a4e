package dev.angee.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.FolderRemoval;
import dev.angee.render.RenderConflict.Reason;
import dev.angee.template.TemplateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcilerTest {
    private static final String MANIFEST = "stack/angee.yaml";

    @TempDir
    private Path top;

    private RenderedFolder folder;

    @BeforeEach
    void make() throws IOException {
        folder = new RenderedFolder(top);
    }

    @Test
    void what_is_remembered_is_what_the_go_operator_writes() throws IOException {
        Rendering rendering = Rendering.builder()
                .layer(
                        RenderedFolder.LAYER,
                        RenderedFolder.files(Map.of("b/run", "!go", "l", "->b", MANIFEST, "a: 1\n")))
                .manifest(MANIFEST)
                .keep("data")
                .build();
        folder.reconciler().apply(folder.reconciler().plan(rendering, RenderedFolder.REFUSE));
        assertThat(folder.state()).hasContent("""
                {
                  "version": 1,
                  "layers": [
                    {
                      "name": "test",
                      "template": "workspaces/test",
                      "dest_root": ".",
                      "answers_file": ".answers.yml"
                    }
                  ],
                  "files": {
                    "b/run": {
                      "kind": "file",
                      "sha256": "4cd0e21a9a0795a14ec9aa5f0e7d1abff0492565770e43eafdf1e3e8afed1f33",
                      "mode": 493
                    },
                    "l": {
                      "kind": "symlink",
                      "link": "b"
                    }
                  },
                  "documents": {
                    "stack/angee.yaml": "YTogMQo="
                  },
                  "protected_paths": [
                    "data"
                  ]
                }
                """);
    }

    @Test
    void what_the_go_operator_has_remembered_is_the_base() throws IOException {
        Files.createDirectories(folder.state().resolveSibling(""));
        Files.writeString(folder.state(), """
                {"version": 1, "layers": null, "files": {
                  "gone": {"kind": "file", "sha256": "%s", "mode": 420},
                  "edited": {"kind": "file", "sha256": "%s", "mode": 420},
                  "folder": {"kind": "directory"}}, "documents": {}, "protected_paths": null, "more": 1}
                """.formatted(sha("old"), sha("old")));
        folder.edit("gone", "old");
        folder.edit("edited", "mine");
        folder.edit("folder/x", "mine");
        RenderPlan plan = folder.plan(Map.of(), RenderedFolder.REFUSE);
        assertThat(plan.changes()).containsExactly(new RenderChange("gone", RenderChange.Kind.DELETE));
        assertThat(plan.conflicts()).containsExactly(new RenderConflict("edited", Reason.LOCALLY_MODIFIED));
        folder.reconciler().apply(folder.plan(Map.of(), RenderedFolder.OVERWRITE));
        assertThat(folder.tree()).containsOnlyKeys("folder/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"version\": 2}",
                "{\"version\": 1, \"files\": {\"../x\": {\"kind\": \"file\", \"sha256\": \"00\"}}}",
                "{\"version\": 1, \"files\": {\"x\": {\"kind\": \"file\"}}}",
                "{\"version\": 1, \"documents\": {\"x\": \"%%\"}}"
            })
    void a_damaged_memory_stops_all_and_names_its_file(String json) throws IOException {
        Files.createDirectories(folder.state().resolveSibling(""));
        Files.writeString(folder.state(), json);
        assertThatThrownBy(() -> folder.plan(Map.of("a", "x"), RenderedFolder.OVERWRITE))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("run/template-state/w.json");
    }

    @Test
    void an_upgrade_of_a_manifest_keeps_edits_takes_changes_and_drops_what_nobody_touched_R26_C12() throws IOException {
        manifest("""
                name: shop
                services:
                  web: { image: "web:1" }
                  old: { image: "old:1" }
                """);
        String here = """
                # mine
                name: shop
                services:
                  web: { image: "web:1", env: { A: "1" } } # ours
                  old: { image: "old:1" }
                  more: { image: "more:1" }
                """;
        folder.edit(MANIFEST, here);
        RenderPlan plan = manifestPlan(
                "name: shop\nservices:\n  web: { image: \"web:2\" }\n  new: { image: \"new:1\" }\n",
                RenderedFolder.REFUSE);
        assertThat(plan.changes().stream().map(change -> String.join(".", change.entry())))
                .containsExactly("services.new", "services.old", "services.web.image");
        folder.reconciler().apply(plan);
        assertThat(Files.readString(folder.folder().resolve(MANIFEST)))
                .contains("# mine", "env: { A: \"1\" } } # ours", "\"web:2\"", "more:", "new:")
                .doesNotContain("old:");
    }

    @Test
    void what_both_changed_in_a_manifest_is_a_conflict_that_says_where() throws IOException {
        manifest("name: shop\nservices: { web: { image: \"web:1\" } }\n");
        folder.edit(MANIFEST, "name: shop\nservices: { web: { image: \"mine:1\" } }\n");
        String theirs = "name: shop\nservices: { web: { image: \"web:2\" } }\n";
        RenderPlan plan = manifestPlan(theirs, RenderedFolder.REFUSE);
        assertThat(plan.conflicts()).singleElement().satisfies(conflict -> {
            assertThat(conflict.path()).isEqualTo(MANIFEST);
            assertThat(conflict.reason()).isEqualTo(Reason.LOCALLY_MODIFIED);
            assertThat(conflict.entry().orElseThrow().path()).containsExactly("services", "web", "image");
            assertThat(conflict.entry().orElseThrow().ours()).contains("\"mine:1\"");
            assertThat(conflict).asString().contains("services.web.image").doesNotContain("mine:1", "web:2");
        });
        assertThatThrownBy(() -> folder.reconciler().apply(plan)).isInstanceOf(ConflictException.class);
        folder.reconciler().apply(manifestPlan(theirs, RenderedFolder.OVERWRITE));
        assertThat(Files.readString(folder.folder().resolve(MANIFEST))).isEqualTo(theirs);
        assertThat(manifestPlan(theirs, RenderedFolder.REFUSE).isChange()).isFalse();
    }

    @Test
    void a_manifest_that_was_never_rendered_before_is_taken_over_where_it_agrees() throws IOException {
        folder.edit(MANIFEST, "name: shop # mine\nservices: { web: { image: \"web:1\" }, more: { image: \"m\" } }\n");
        assertThat(manifestPlan("name: shop\nservices: { web: { image: \"web:1\" } }\n", RenderedFolder.REFUSE)
                        .changes())
                .containsExactly(new RenderChange(MANIFEST, RenderChange.Kind.ADOPT));
        assertThat(manifestPlan("name: shop\nservices: { web: { image: \"web:2\" } }\n", RenderedFolder.REFUSE)
                        .conflicts())
                .extracting(RenderConflict::reason)
                .containsExactly(Reason.UNTRACKED_DIFFERENT);
    }

    @Test
    void a_manifest_that_was_removed_here_is_a_conflict_and_comes_back_by_overwriting() throws IOException {
        manifest("name: shop\n");
        folder.edit(MANIFEST, "");
        assertThat(manifestPlan("name: shop\n", RenderedFolder.REFUSE).conflicts())
                .containsExactly(new RenderConflict(MANIFEST, Reason.LOCALLY_MODIFIED));
        folder.reconciler().apply(manifestPlan("name: shop\n", RenderedFolder.OVERWRITE));
        assertThat(folder.folder().resolve(MANIFEST)).hasContent("name: shop\n");
    }

    @Test
    void a_manifest_that_is_rendered_no_more_goes_unless_it_was_edited() throws IOException {
        manifest("name: shop\n");
        assertThat(folder.plan(Map.of(), RenderedFolder.REFUSE).changes())
                .containsExactly(new RenderChange(MANIFEST, RenderChange.Kind.DELETE));
        folder.edit(MANIFEST, "name: mine\n");
        assertThat(folder.plan(Map.of(), RenderedFolder.REFUSE).conflicts())
                .containsExactly(new RenderConflict(MANIFEST, Reason.LOCALLY_MODIFIED));
    }

    @Test
    void what_stands_in_place_of_a_manifest_that_is_rendered_no_more_is_told_and_left() throws IOException {
        manifest("name: shop\n");
        folder.edit(MANIFEST, "");
        folder.edit(MANIFEST + "/mine", "mine");
        assertThat(folder.plan(Map.of(), RenderedFolder.REFUSE).conflicts())
                .containsExactly(new RenderConflict(MANIFEST, Reason.TYPE_CHANGED));
        folder.reconciler().apply(folder.plan(Map.of(), RenderedFolder.OVERWRITE));
        assertThat(folder.tree()).isEqualTo(Map.of(MANIFEST + "/mine", "mine"));
        assertThat(folder.plan(Map.of(), RenderedFolder.REFUSE).conflicts())
                .as("it is not remembered any more")
                .isEmpty();
    }

    @Test
    void a_manifest_that_is_rendered_no_more_may_have_a_file_in_place_of_its_folder() throws IOException {
        manifest("name: shop\n");
        folder.edit(MANIFEST, "");
        Files.delete(folder.folder().resolve("stack"));
        folder.edit("stack", "mine");
        folder.reconciler().apply(folder.plan(Map.of(), RenderedFolder.REFUSE));
        assertThat(folder.tree()).isEqualTo(Map.of("stack", "mine"));
    }

    @Test
    void a_manifest_may_become_a_plain_file_and_the_other_way_round() throws IOException {
        manifest("name: shop\n");
        folder.reconciler().apply(folder.plan(Map.of(MANIFEST, "plain"), RenderedFolder.REFUSE));
        assertThat(folder.tree()).containsExactlyInAnyOrderEntriesOf(Map.of(MANIFEST, "plain"));
        folder.render(Map.of(MANIFEST, "name: shop\n"));
        assertThat(manifestPlan("name: shop\n", RenderedFolder.REFUSE).conflicts())
                .isEmpty();
    }

    @Test
    void a_file_that_is_to_become_a_folder_has_to_be_taken_away_by_hand_and_the_other_way_round() throws IOException {
        folder.render(Map.of("a", "file", "b/x", "1", "b/y/z", "2"));
        Map<String, String> next = Map.of("a/x", "1", "a/y/z", "2", "b", "file");
        for (RenderOptions options : List.of(RenderedFolder.REFUSE, RenderedFolder.OVERWRITE)) {
            assertThat(folder.plan(next, options).conflicts())
                    .extracting(RenderConflict::toString)
                    .containsExactly(
                            "a/x: something of another kind is there",
                            "a/y/z: something of another kind is there",
                            "b: something of another kind is there");
        }
        folder.edit("a", "");
        FolderRemoval.of(folder.folder().resolve("b"));
        folder.reconciler().apply(folder.plan(next, RenderedFolder.REFUSE));
        assertThat(folder.tree()).isEqualTo(next);
        assertThat(folder.plan(next, RenderedFolder.REFUSE).changes()).isEmpty();
    }

    @Test
    void a_folder_with_a_file_of_ours_stays_even_when_overwriting() throws IOException {
        folder.render(Map.of("b/x", "1"));
        folder.edit("b/mine", "mine");
        for (RenderOptions options : List.of(RenderedFolder.REFUSE, RenderedFolder.OVERWRITE)) {
            assertThat(folder.plan(Map.of("b", "file"), options).conflicts())
                    .containsExactly(new RenderConflict("b", Reason.TYPE_CHANGED));
        }
    }

    @Test
    void what_is_put_in_the_way_of_a_folder_is_a_conflict_and_never_followed() throws IOException {
        Path elsewhere = Files.createDirectories(top.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("x"), "theirs");
        for (String inTheWay : List.of("mine", "->../elsewhere")) {
            folder.edit("a", inTheWay);
            for (RenderOptions options : List.of(RenderedFolder.REFUSE, RenderedFolder.OVERWRITE)) {
                assertThat(folder.plan(Map.of("a/x", "1"), options).conflicts())
                        .containsExactly(new RenderConflict("a/x", Reason.TYPE_CHANGED));
            }
        }
        folder.edit("a", "");
        folder.render(Map.of("a/x", "theirs"));
        folder.edit("a/x", "");
        Files.delete(folder.folder().resolve("a"));
        folder.edit("a", "->../elsewhere");
        folder.reconciler().apply(folder.plan(Map.of(), RenderedFolder.OVERWRITE));
        assertThat(elsewhere.resolve("x")).hasContent("theirs");
    }

    @Test
    void an_edit_between_plan_and_apply_is_not_lost_and_nothing_is_done() throws IOException {
        folder.render(Map.of("a", "1", "b", "1"));
        RenderPlan plan = folder.plan(Map.of("a", "2", "b", "2"), RenderedFolder.OVERWRITE);
        folder.edit("b", "mine");
        assertThatThrownBy(() -> folder.reconciler().apply(plan))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("w/b");
        assertThat(folder.tree()).isEqualTo(Map.of("a", "1", "b", "mine"));
    }

    @Test
    void answers_are_always_rewritten_and_never_a_conflict() throws IOException {
        for (String answers : List.of("a: 1\n", "a: 2\n")) {
            Rendering rendering = Rendering.builder()
                    .layer(RenderedFolder.LAYER, List.of())
                    .answers(RenderedFolder.LAYER, answers)
                    .build();
            folder.reconciler().apply(folder.reconciler().plan(rendering, RenderedFolder.REFUSE));
            assertThat(folder.folder().resolve(".answers.yml")).hasContent(answers);
            folder.edit(".answers.yml", "edited");
        }
    }

    @Test
    void folders_of_data_stay_and_nothing_takes_their_place() throws IOException {
        Rendering first = Rendering.builder()
                .layer(RenderedFolder.LAYER, RenderedFolder.files(Map.of("data/seed", "1")))
                .keep("data")
                .build();
        folder.reconciler().apply(folder.reconciler().plan(first, RenderedFolder.REFUSE));
        Rendering next = Rendering.builder()
                .layer(RenderedFolder.LAYER, List.of())
                .keep("data")
                .build();
        folder.reconciler().apply(folder.reconciler().plan(next, RenderedFolder.REFUSE));
        assertThat(folder.folder().resolve("data")).isEmptyDirectory();
        assertThatThrownBy(() -> Rendering.builder()
                        .layer(RenderedFolder.LAYER, RenderedFolder.files(Map.of("data", "file")))
                        .keep("data")
                        .build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"./data", "data/", "x/../data"})
    void folders_of_data_that_the_go_operator_has_remembered_stay_however_they_are_spelled(String spelled)
            throws IOException {
        Files.createDirectories(folder.state().resolveSibling(""));
        Files.writeString(folder.state(), """
                {"version": 1, "files": {"data/seed": {"kind": "file", "sha256": "%s", "mode": 420},
                  "data": {"kind": "file", "sha256": "%s", "mode": 420}}, "protected_paths": ["%s"]}
                """.formatted(sha("1"), sha("1"), spelled));
        folder.edit("data/seed", "1");
        folder.reconciler().apply(folder.plan(Map.of(), RenderedFolder.REFUSE));
        assertThat(folder.folder().resolve("data")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "a/../../x",
                "/x",
                "a//x",
                "",
                ".",
                "a/./b",
                ".git/hooks/post-checkout",
                "a/.GIT/config",
                "a/.git"
            })
    void a_path_that_leads_out_or_into_a_repository_is_refused(String path) {
        TemplateFile file = new TemplateFile(path, "x".getBytes(StandardCharsets.UTF_8), false);
        assertThatThrownBy(() -> Rendering.builder().layer(RenderedFolder.LAYER, List.of(file)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("workspaces/test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../x", "b/../../x", "../../x", "b/..", ""})
    void a_link_that_leads_out_is_refused(String target) {
        for (String path : target.equals("../x") ? List.of("l") : List.of("l", "a/l")) {
            assertThatThrownBy(() ->
                            Rendering.builder().layer(RenderedFolder.LAYER, List.of(TemplateFile.link(path, target))))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("leads out");
        }
    }

    @Test
    void two_layers_that_make_a_file_and_a_folder_of_one_name_are_refused() {
        Rendering.Builder builder = Rendering.builder()
                .layer(RenderedFolder.LAYER, RenderedFolder.files(Map.of("a", "1")))
                .layer(
                        new RenderLayer("two", "stacks/two", "a", "a/.answers.yml"),
                        RenderedFolder.files(Map.of("x", "2")));
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a/x")
                .hasMessageContaining("stacks/two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stack/run", "stack/run/workspaces/x.json", "stack/run/changes/a/b"})
    void nothing_is_rendered_into_the_records_of_a_stack(String path) {
        Rendering.Builder builder = Rendering.builder()
                .layer(RenderedFolder.LAYER, RenderedFolder.files(Map.of(MANIFEST, "name: x\n", path, "x")))
                .manifest(MANIFEST);
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(path);
    }

    @Test
    void a_folder_that_only_begins_like_the_records_is_anybodys() {
        Rendering rendering = Rendering.builder()
                .layer(
                        RenderedFolder.LAYER,
                        RenderedFolder.files(Map.of(MANIFEST, "name: x\n", "stack/runner/a", "x", "run", "x")))
                .manifest(MANIFEST)
                .build();
        assertThat(rendering.files()).containsKeys("stack/runner/a", "run");
    }

    @Test
    void nothing_is_rendered_over_what_is_remembered() {
        RenderTarget inside = new RenderTarget(top, "", "run/state.json", top.resolve("run/changes"), "w");
        for (String path : List.of("run/state.json", "run")) {
            assertThatThrownBy(() -> new Reconciler(inside)
                            .plan(RenderedFolder.rendering(Map.of(path, "x")), RenderedFolder.OVERWRITE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(path);
        }
    }

    private void manifest(String text) {
        folder.reconciler().apply(manifestPlan(text, RenderedFolder.OVERWRITE));
    }

    private RenderPlan manifestPlan(String text, RenderOptions options) {
        Rendering rendering = Rendering.builder()
                .layer(RenderedFolder.LAYER, RenderedFolder.files(Map.of(MANIFEST, text)))
                .manifest(MANIFEST)
                .build();
        return folder.reconciler().plan(rendering, options);
    }

    private static String sha(String text) {
        return com.google.common.hash.Hashing.sha256()
                .hashString(text, StandardCharsets.UTF_8)
                .toString();
    }
}
