package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.eclipse.jgit.errors.LockFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexReplacementTest {
    private static final FileTime THEN = FileTime.from(Instant.parse("2020-01-02T03:04:05Z"));

    @TempDir
    Path folder;

    private GitStage stage() throws IOException {
        return GitStage.empty(
                GitProgram.find(Map.of("PATH", "/usr/bin:/bin")).found().orElseThrow());
    }

    @Test
    void an_index_that_becomes_a_link_meanwhile_is_replaced_and_what_it_leads_to_is_not_touched() throws Exception {
        Path home = Files.writeString(folder.resolve("home"), "mine");
        Path index = Files.writeString(folder.resolve("index"), "before");
        try (GitStage stage = stage()) {
            new IndexReplacement(index.toFile(), stage.index()).around(() -> {
                assertThat(stage.index()).hasContent("before");
                Files.delete(index);
                Files.createSymbolicLink(index, home);
                return Files.writeString(stage.index(), "after");
            });
        }
        assertThat(home).hasContent("mine");
        assertThat(Files.isSymbolicLink(index)).isFalse();
        assertThat(index).hasContent("after");
    }

    @Test
    void times_are_kept_both_ways_since_git_judges_by_them() throws Exception {
        Path index = Files.writeString(folder.resolve("index"), "before");
        Files.setLastModifiedTime(index, THEN);
        try (GitStage stage = stage()) {
            new IndexReplacement(index.toFile(), stage.index()).around(() -> {
                assertThat(Files.getLastModifiedTime(stage.index())).isEqualTo(THEN);
                return stage;
            });
        }
        assertThat(Files.getLastModifiedTime(index)).isEqualTo(THEN);
    }

    @Test
    void a_failure_leaves_the_index_and_no_lock_and_somebodys_lock_is_respected() throws Exception {
        Path index = Files.writeString(folder.resolve("index"), "before");
        try (GitStage stage = stage()) {
            IndexReplacement replacement = new IndexReplacement(index.toFile(), stage.index());
            assertThatThrownBy(() -> replacement.around(() -> {
                        assertThat(folder.resolve("index.lock")).exists();
                        Files.writeString(stage.index(), "after");
                        throw new IOException("no");
                    }))
                    .hasMessage("no");
            assertThat(index).hasContent("before");
            assertThat(folder.resolve("index.lock")).doesNotExist();
            Files.createFile(folder.resolve("index.lock"));
            assertThatThrownBy(() -> replacement.around(() -> stage)).isInstanceOf(LockFailedException.class);
            assertThat(folder.resolve("index.lock")).exists();
        }
    }
}
