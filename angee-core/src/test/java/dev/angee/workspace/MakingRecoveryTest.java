package dev.angee.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.angee.instance.Angee;
import dev.angee.operation.Journal;
import dev.angee.resolve.StackLayout;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.source.SourceControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a JVM that died while it made a workspace has left outside of the workspace's folder. */
class MakingRecoveryTest {
    private static final String BEFORE = """
            name: test # mine
            operator:
              port_pool: {}
            """;

    @TempDir
    Path folder;

    private StackLayout layout() {
        return StackLayout.of(folder.resolve("root"));
    }

    private Angee open() {
        return Angee.builder(layout().root())
                .sourceControl(mock(SourceControl.class))
                .stateFolder(folder.resolve("state"))
                .build();
    }

    private void begin(boolean written) throws IOException {
        Files.createDirectories(layout().root());
        Files.writeString(layout().manifest(), BEFORE);
        try (Angee angee = open()) {
            angee.secrets().set(new SecretName("w-token"), SecretValue.of("x"));
            angee.secrets().set(new SecretName("w-other"), SecretValue.of("x"));
        }
        new Journal(layout().journal(), Clock.systemUTC()).begin("create workspace", "w");
        WorkspaceStore store = new WorkspaceStore(layout());
        Making making = Making.nothing().withSecrets(List.of("w-token"));
        store.write("w", making);
        ManifestAdditions.of(layout().manifest(), Map.of("operator.port_pool.web", Map.of("range", "8100-8199")))
                .source("a.b", Map.of("kind", "local", "path", "x"))
                .write(edits -> store.write("w", making.withEdits(edits)));
        if (!written) {
            Files.writeString(layout().manifest(), BEFORE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void secrets_and_what_was_added_to_the_manifest_are_taken_back(boolean written) throws IOException {
        begin(written);
        assertThat(Files.readString(layout().manifest()).contains("a.b")).isEqualTo(written);
        try (Angee angee = open()) {
            assertThat(angee.recovered().undone()).containsExactly("w");
            assertThat(Files.readString(layout().manifest())).isEqualTo(BEFORE);
            assertThat(angee.secrets().get(new SecretName("w-token")).hasValue())
                    .isFalse();
            assertThat(angee.secrets().get(new SecretName("w-other")).hasValue())
                    .as("not what it begins with")
                    .isTrue();
        }
        assertThat(layout().run().resolve("workspaces/.w.making.json")).doesNotExist();
    }

    @Test
    void nothing_is_taken_back_from_a_workspace_that_was_made() throws IOException {
        begin(true);
        String made = Files.readString(layout().manifest());
        new WorkspaceStore(layout())
                .write(new WorkspaceRecord(
                        1,
                        "w",
                        "t",
                        Map.of(),
                        null,
                        Map.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of("w-token"),
                        List.of(),
                        List.of()));
        try (Angee angee = open()) {
            assertThat(angee.recovered().undone()).isEmpty();
            assertThat(Files.readString(layout().manifest())).isEqualTo(made);
            assertThat(angee.secrets().get(new SecretName("w-token")).hasValue())
                    .isTrue();
        }
        assertThat(layout().run().resolve("workspaces/.w.making.json")).doesNotExist();
    }
}
