package dev.angee.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import dev.angee.resolve.SecretKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The env files in which secrets are kept are not the template's, whatever it renders. */
class SecretFilesTest {
    private static final String MANIFEST = "in/angee.yaml";
    private static final String STANDARD = "name: x\n";
    private static final String MOVED = "name: x\nsecrets_backend: { type: env-file, path: conf/own.env }\n";
    private static final String BAO = "name: x\nsecrets_backend: { type: openbao, address: \"http://bao\" }\n";

    @TempDir
    private Path top;

    private RenderedFolder folder;

    @BeforeEach
    void make() throws IOException {
        folder = new RenderedFolder(top);
    }

    private static Rendering rendering(String manifest, Map<String, String> files) {
        return Rendering.builder()
                .layer(RenderedFolder.LAYER, RenderedFolder.files(files))
                .layer(
                        new RenderLayer("chain-0", "stacks/inner", "in", "in/.answers.yml"),
                        RenderedFolder.files(Map.of("angee.yaml", manifest)))
                .manifest(MANIFEST)
                .build();
    }

    private RenderPlan plan(String manifest, Map<String, String> files) {
        return folder.reconciler().plan(rendering(manifest, files), RenderedFolder.OVERWRITE);
    }

    private void requireRefused(String manifest, String path, String content) {
        Rendering rendering = rendering(manifest, Map.of(path, content));
        for (OnConflict way : OnConflict.values()) {
            RenderOptions options = RenderedFolder.REFUSE.with(way);
            assertThatThrownBy(() -> folder.reconciler().plan(rendering, options))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("workspaces/test: '" + path + "'")
                    .hasMessageContaining("'" + path + ".example'")
                    .hasMessageContaining("secrets_backend");
            assertThatThrownBy(() -> folder.reconciler().requireSecretsApart(rendering, options))
                    .isInstanceOf(InvalidInputException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"in/.env,A=1", "in/.env,->.env.example", "in/.env/x,A=1", "in/.ENV,A=1", ".env,A=1"})
    void nothing_is_rendered_in_the_place_of_secrets(String path, String content) throws IOException {
        folder.edit("in/.env", "ANGEE_SECRET_A=1\n");
        if (path.equals(".env")) {
            assertThat(plan(STANDARD, Map.of(path, content)).conflicts())
                    .as("that is no stack's")
                    .isEmpty();
        } else if (Files.exists(folder.folder().resolve(path)) || !path.endsWith("ENV")) { // names differ by case
            requireRefused(STANDARD, path, content);
        }
    }

    @ParameterizedTest
    @CsvSource({"in/conf/own.env,A=1", "in/conf,A=1", "in/conf,->elsewhere", "in/conf/own.env/x,A=1"})
    void the_manifest_says_where_that_is(String path, String content) {
        requireRefused(MOVED, path, content);
        assertThat(plan(MOVED, Map.of("in/.env", "A=1")).conflicts()).isEmpty();
    }

    @Test
    void an_answers_file_is_not_rendered_there_either() {
        Rendering rendering = Rendering.builder()
                .layer(
                        new RenderLayer("stack", "stacks/s", ".", ".env"),
                        RenderedFolder.files(Map.of(".env", "a: 1\n")))
                .layer(RenderedFolder.LAYER, RenderedFolder.files(Map.of("angee.yaml", STANDARD)))
                .manifest("angee.yaml")
                .build();
        assertThatThrownBy(() -> folder.reconciler().plan(rendering, RenderedFolder.OVERWRITE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("stacks/s: '.env'");
    }

    @Test
    void what_the_manifest_on_disk_names_counts_as_well_sound_or_not() throws IOException {
        folder.edit(MANIFEST, MOVED.replace("conf/own.env", "mine.env"));
        requireRefused(STANDARD, "in/mine.env", "A=1");
        requireRefused(BAO, "in/mine.env", "A=1");
        folder.edit(MANIFEST, "name: x\nsecrets_backend: { type: nothing }\n");
        requireRefused(MOVED, "in/.env", "A=1");
    }

    @Test
    void where_no_env_file_is_declared_it_is_an_ordinary_one() throws IOException {
        RenderPlan plan = plan(BAO, Map.of("in/.env", "A=1"));
        folder.reconciler().apply(plan);
        assertThat(folder.folder().resolve("in/.env")).hasContent("A=1");
        RenderOptions host = RenderedFolder.OVERWRITE.withSecrets(SecretKeeper.HOST, List.of());
        assertThat(folder.reconciler()
                        .plan(rendering(STANDARD, Map.of("in/.env", "A=2")), host)
                        .conflicts())
                .isEmpty();
    }

    @Test
    void what_was_an_ordinary_file_and_has_become_the_store_is_not_taken_away() throws IOException {
        folder.reconciler().apply(plan(BAO, Map.of("in/.env", "A=1")));
        folder.edit("in/.env", "ANGEE_SECRET_A=1\n");
        folder.reconciler().apply(plan(STANDARD, Map.of()));
        assertThat(folder.folder().resolve("in/.env")).hasContent("ANGEE_SECRET_A=1");
    }

    @Test
    void a_manifest_that_goes_leaves_its_secrets() throws IOException {
        folder.reconciler().apply(plan(STANDARD, Map.of()));
        folder.edit("in/.env", "ANGEE_SECRET_A=1\n");
        assertThatThrownBy(() -> folder.plan(Map.of("in/.env", "A=1"), RenderedFolder.OVERWRITE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("in/.env");
    }

    @Test
    void others_that_the_host_knows_of_are_kept_as_well() {
        RenderOptions options = RenderedFolder.OVERWRITE.withSecrets(
                SecretKeeper.MANIFEST, List.of(folder.folder().resolve("root.env")));
        assertThatThrownBy(() -> folder.plan(Map.of("root.env", "A=1"), options))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("workspaces/test: 'root.env'");
    }
}
