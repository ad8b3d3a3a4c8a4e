package dev.angee.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FolderRemovalTest {
    @TempDir
    Path folder;

    @Test
    void a_folder_goes_with_all_it_holds_and_nothing_beside_it() throws Exception {
        Path kept = write(folder.resolve("kept/k.txt"), "k");
        write(folder.resolve("gone/a/b/c.txt"), "c");
        Files.createSymbolicLink(folder.resolve("gone/a/link"), kept.getParent());
        Files.createSymbolicLink(folder.resolve("gone/dangling"), Path.of("nowhere"));
        FolderRemoval.of(folder.resolve("gone"));
        assertThat(folder.resolve("gone")).doesNotExist();
        assertThat(kept).hasContent("k");
    }

    @Test
    void a_link_goes_and_what_it_leads_to_stays() throws Exception {
        Path kept = write(folder.resolve("kept/k.txt"), "k");
        Files.createSymbolicLink(folder.resolve("link"), kept.getParent());
        FolderRemoval.of(folder.resolve("link"));
        assertThat(Files.exists(folder.resolve("link"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(kept).hasContent("k");
    }

    @Test
    void read_only_folders_go_too() throws Exception {
        write(folder.resolve("gone/locked/f.txt"), "f");
        Files.setPosixFilePermissions(folder.resolve("gone/locked"), PosixFilePermissions.fromString("r-x------"));
        FolderRemoval.of(folder.resolve("gone"));
        assertThat(folder.resolve("gone")).doesNotExist();
    }

    @Test
    void what_is_not_there_is_no_error() throws Exception {
        FolderRemoval.of(folder.resolve("nothing"));
        FolderRemoval.of(folder.resolve("no/parent"));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @Timeout(60)
    void a_folder_deeper_than_any_path_and_any_stack_goes_too() throws Exception {
        Path kept = write(folder.resolve("kept/k.txt"), "k");
        Path inner = write(folder.resolve("chain/f.txt"), "f").getParent();
        for (int i = 0; i < 20; i++) {
            Path outer = folder.resolve("outer");
            Path deepest = Files.createDirectories(outer.resolve("d/".repeat(100)));
            Files.createSymbolicLink(deepest.resolve("link"), kept.getParent());
            Files.move(inner, deepest.resolve("chain"));
            Files.move(outer, inner);
        }
        write(inner.resolve("angee-removed-0/x"), "x");
        FutureTask<Path> removal = new FutureTask<>(() -> {
            FolderRemoval.of(inner);
            return inner;
        });
        new Thread(null, removal, "little-stack", 160 * 1024).start();
        removal.get();
        assertThat(Files.exists(inner, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(kept).hasContent("k");
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
