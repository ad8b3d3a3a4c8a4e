package dev.angee.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldFolderTest {
    @TempDir
    Path folder;

    private Path home;
    private Path precious;
    private Path record;

    @BeforeEach
    void makeARecordAndAHome() throws Exception {
        home = Files.createDirectory(folder.resolve("home"));
        precious = write(home.resolve("precious"), "text\n");
        record = Files.createDirectories(folder.resolve("cache/worktrees/w"));
    }

    @Test
    void what_is_written_lands_in_the_folder_that_was_opened_whatever_stands_in_its_place_now() throws Exception {
        try (HeldFolder held = HeldFolder.at(record)) {
            Files.move(record, folder.resolve("aside"));
            Files.createSymbolicLink(record, home);
            held.create("new", "n\n");
            held.replace("precious", "mine\n");
            held.remove("new");
        }
        assertThat(namesIn(home)).containsExactly("precious");
        assertThat(precious).hasContent("text");
        assertThat(namesIn(folder.resolve("aside"))).containsExactly("precious");
    }

    @Test
    void a_new_file_is_not_written_through_a_link_nor_over_a_file() throws Exception {
        Files.createSymbolicLink(record.resolve("link"), precious);
        Files.createSymbolicLink(record.resolve("dangling"), home.resolve("new"));
        try (HeldFolder held = HeldFolder.at(record)) {
            for (String name : new String[] {"link", "dangling"}) {
                assertThatThrownBy(() -> held.create(name, "x")).isInstanceOf(FileAlreadyExistsException.class);
            }
            held.replace("link", "mine\n");
        }
        assertThat(precious).hasContent("text");
        assertThat(namesIn(home)).containsExactly("precious");
        assertThat(Files.isRegularFile(record.resolve("link"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void a_link_in_a_folders_place_is_no_folder_and_is_removed_alone() throws Exception {
        Files.createSymbolicLink(record.resolve("rebase-merge"), home);
        try (HeldFolder held = HeldFolder.at(record)) {
            assertThatThrownBy(() -> held.childOrNew("rebase-merge")).isInstanceOf(ConflictException.class);
            held.remove("rebase-merge");
            held.childOrNew("rebase-merge").close();
        }
        assertThat(precious).exists();
        assertThat(Files.isDirectory(record.resolve("rebase-merge"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void what_is_pinned_is_the_file_of_the_folder_that_is_held_whatever_its_path_leads_to_now() throws Exception {
        write(record.resolve("precious"), "mine\n");
        Path pinned = folder.resolve("pinned");
        try (HeldFolder held = HeldFolder.at(record)) {
            assertThat(held.pin("precious", pinned)).isTrue();
            assertThat(pinned).hasContent("mine");
            Files.delete(pinned);
            assertThat(held.pin("absent", pinned)).isFalse();
            Files.move(record, folder.resolve("aside"));
            Files.createSymbolicLink(record, home);
            assertThatThrownBy(() -> held.pin("precious", pinned)).isInstanceOf(ConflictException.class);
        }
        assertThat(pinned).doesNotExist();
        assertThat(precious).hasContent("text");
    }

    @Test
    void neither_links_nor_pipes_are_pinned() throws Exception {
        Files.createSymbolicLink(record.resolve("link"), precious);
        assertThat(new ProcessBuilder("mkfifo", record.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        Path pinned = folder.resolve("pinned");
        try (HeldFolder held = HeldFolder.at(record)) {
            for (String name : new String[] {"link", "pipe"}) {
                assertThatThrownBy(() -> held.pin(name, pinned)).hasMessageContaining("plain file");
                assertThat(Files.exists(pinned, LinkOption.NOFOLLOW_LINKS)).isFalse();
            }
        }
    }

    private static Path write(Path file, String text) throws IOException {
        return Files.writeString(file, text);
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
