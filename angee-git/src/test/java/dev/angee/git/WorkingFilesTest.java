package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent swaps what was listed before it is opened. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkingFilesTest {
    @TempDir
    Path folder;

    private Repository repository;
    private Path work;
    private Path host;

    @BeforeEach
    void makeARepository() throws Exception {
        work = folder.toRealPath().resolve("work");
        host = folder.toRealPath().resolve("host");
        RealGit.write(work.resolve("dir/z"), "agent's\n");
        RealGit.write(host.resolve("z"), "secret!\n");
        repository = new FileRepositoryBuilder()
                .setFS(InertFileSystem.INSTANCE)
                .setGitDir(folder.resolve("git").toFile())
                .setWorkTree(work.toFile())
                .build();
        repository.create();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private WorkingFiles dir() throws Exception {
        WorkingFiles files = WorkingFiles.of(repository);
        assertThat(files.getEntryPathString()).isEqualTo("dir");
        return files;
    }

    /** Standing on {@code dir/z}, which was listed. */
    private WorkingFiles listed() throws Exception {
        WorkingFiles files = (WorkingFiles) dir().createSubtreeIterator(repository.newObjectReader());
        assertThat(files.getEntryPathString()).isEqualTo("dir/z");
        return files;
    }

    private static void assertSwapped(WorkingFiles files) {
        assertThatThrownBy(() -> JGitSourceControl.call("look", () -> {
                    try (InputStream in = files.openEntryStream()) {
                        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    }
                }))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("it changed while it was read");
    }

    @Test
    void a_file_that_stayed_is_read() throws Exception {
        try (InputStream in = listed().openEntryStream()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("agent's\n");
        }
    }

    @Test
    void a_file_that_became_a_link_is_not_followed() throws Exception {
        WorkingFiles files = listed();
        Files.delete(work.resolve("dir/z"));
        Files.createSymbolicLink(work.resolve("dir/z"), host.resolve("z"));
        assertSwapped(files);
    }

    @Test
    void a_folder_that_became_a_link_after_its_files_were_listed_is_not_followed() throws Exception {
        WorkingFiles files = listed();
        Files.move(work.resolve("dir"), work.resolve("aside"));
        Files.createSymbolicLink(work.resolve("dir"), host);
        assertSwapped(files);
    }

    @Test
    void a_folder_that_became_a_link_before_its_files_were_listed_is_not_followed() throws Exception {
        WorkingFiles files = dir();
        Files.move(work.resolve("dir"), work.resolve("aside"));
        Files.createSymbolicLink(work.resolve("dir"), host);
        assertThatThrownBy(() ->
                        JGitSourceControl.call("look", () -> files.createSubtreeIterator(repository.newObjectReader())))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void a_file_or_folder_that_became_a_pipe_is_not_waited_for() throws Exception {
        WorkingFiles files = listed();
        Files.delete(work.resolve("dir/z"));
        RealGit.pipe(work.resolve("dir/z"));
        assertSwapped(files);
        Files.move(work.resolve("dir"), work.resolve("aside"));
        RealGit.pipe(work.resolve("dir"));
        assertSwapped(files);
    }

    @Test
    void a_file_that_is_gone_is_told() throws Exception {
        WorkingFiles files = listed();
        Files.delete(work.resolve("dir/z"));
        assertSwapped(files);
    }

    @Test
    void an_interrupt_ends_a_look_and_not_a_repair() throws Exception {
        WorkingFiles look = WorkingFiles.lookedAt(repository);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> look.createSubtreeIterator(repository.newObjectReader()))
                    .isInstanceOf(AngeeException.class)
                    .hasMessageContaining("interrupted");
            a_file_that_stayed_is_read();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
