package dev.angee.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.internal.FileTree;
import dev.angee.render.RenderConflict.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people have in their folders of data is theirs, also once the template names another folder. */
class DataFoldersTest {
    @TempDir
    private Path top;

    private RenderedFolder folder;

    @BeforeEach
    void make() throws IOException {
        folder = new RenderedFolder(top);
    }

    private static Rendering rendering(Map<String, String> files, List<String> kept, List<String> left) {
        Rendering.Builder rendering = Rendering.builder().layer(RenderedFolder.LAYER, RenderedFolder.files(files));
        files.keySet().stream().filter(path -> path.endsWith("angee.yaml")).forEach(rendering::manifest);
        kept.forEach(rendering::keep);
        left.forEach(rendering::left);
        return rendering.build();
    }

    private RenderPlan plan(Map<String, String> files, String... kept) {
        return folder.reconciler().plan(rendering(files, List.of(kept), List.of()), RenderedFolder.OVERWRITE);
    }

    private void render(Map<String, String> files, String... kept) {
        folder.reconciler().apply(plan(files, kept));
    }

    private static RenderConflict data(String path) {
        return new RenderConflict(path, Reason.DATA);
    }

    @Test
    void nothing_is_rendered_into_a_folder_that_was_one_as_long_as_it_is_there() throws IOException {
        render(Map.of("a", "1"), "data");
        folder.edit("data/db", "precious");
        for (int i = 0; i < 3; i++) { // it is remembered from one to the next
            for (String path : List.of("data/db", "data/new", "data/angee.yaml")) {
                assertThat(plan(Map.of("a", "1", path, "seed: 1\n"), "store").conflicts())
                        .containsExactly(data(path));
            }
            assertThat(plan(Map.of("data", "file"), "store").conflicts())
                    .containsExactly(new RenderConflict("data", Reason.TYPE_CHANGED));
            render(Map.of("a", String.valueOf(i)), "store");
        }
        assertThat(folder.folder().resolve("data/db")).hasContent("precious");
        FileTree.delete(folder.folder().resolve("data"));
        render(Map.of("data/db", "seed"), "store");
        assertThat(folder.folder().resolve("data/db")).hasContent("seed");
    }

    @Test
    void nor_into_one_that_is_told_of_by_others() throws IOException {
        folder.edit("data/db", "precious");
        Rendering rendering = rendering(Map.of("data/db", "seed"), List.of("store"), List.of("./data/"));
        assertThat(folder.reconciler().plan(rendering, RenderedFolder.OVERWRITE).conflicts())
                .containsExactly(data("data/db"));
    }

    @Test
    void below_one_that_the_template_names_what_nobody_touched_is_rendered_and_nothing_is_overwritten()
            throws IOException {
        folder.edit("data/mine", "precious");
        assertThat(plan(Map.of("data/mine", "seed"), "data").conflicts()).containsExactly(data("data/mine"));
        render(Map.of("data/seed", "1", "data/angee.yaml", "a: 1\n"), "data");
        render(Map.of("data/seed", "2", "data/angee.yaml", "a: 2\n"), "data");
        assertThat(folder.tree()).containsEntry("data/seed", "2").containsEntry("data/angee.yaml", "a: 2\n");
        folder.edit("data/seed", "mine");
        folder.edit("data/angee.yaml", "a: 3\n");
        assertThat(plan(Map.of("data/seed", "2", "data/angee.yaml", "a: 2\n"), "data")
                        .work())
                .as("an edit stays")
                .isEmpty();
        assertThat(plan(Map.of("data/seed", "4", "data/angee.yaml", "a: 4\n"), "data")
                        .conflicts())
                .extracting(RenderConflict::path)
                .containsExactly("data/angee.yaml", "data/seed");
        assertThat(plan(Map.of(), "data").conflicts())
                .extracting(RenderConflict::path)
                .containsExactly("data/angee.yaml", "data/seed");
    }

    @Test
    void the_innermost_folder_decides() throws IOException {
        render(Map.of(), "data");
        folder.edit("data/mine", "1");
        render(Map.of("data/db/seed", "1"), "data/db");
        assertThat(plan(Map.of("data/db/seed", "1", "data/other", "1"), "data/db")
                        .conflicts())
                .containsExactly(data("data/other"));
        render(Map.of("data/db/seed", "1", "data/other", "1"), "data");
        assertThat(folder.tree()).containsEntry("data/other", "1");
    }
}
