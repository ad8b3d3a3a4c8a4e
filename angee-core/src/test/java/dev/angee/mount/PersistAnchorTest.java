package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersistAnchorTest {
    @TempDir
    Path folder;

    private Path root;
    private PersistAnchor anchor;

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectories(folder.resolve("home/stack"));
        anchor = PersistAnchor.of(root, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "/srv/shop/.angee, ..,          /srv/shop,          /srv/shop",
        "/srv/shop,        '',          /srv/shop,          /srv",
        "/srv/x.angee,     '',          /srv/x.angee,       /srv",
        "/srv/shop/.angee, .,           /srv/shop/.angee,   /srv/shop",
        "/srv/shop/.angee, ../data,     /srv/shop/data,     /srv/shop",
        "/srv/shop/.angee, ..,          /srv/shop,          /srv/shop",
        "/srv/shop,        ..,          /srv,               /srv/shop",
        "/srv/shop,        /mnt/big/,   /mnt/big,           /srv/shop",
        "/,                '',          /,                  /"
    })
    void persist_folders_hang_off_the_root_or_what_is_declared_R21(String root, String set, String path, String other) {
        PersistAnchor anchor = PersistAnchor.of(Path.of(root), Optional.of(set).filter(s -> !s.isEmpty()));
        assertThat(anchor).isEqualTo(new PersistAnchor(Path.of(path), Path.of(other)));
    }

    @Test
    void an_anchor_that_is_no_path_is_refused() {
        for (String text : new String[] {"~/data", "", "a\nb", "a\\b"}) {
            assertThatThrownBy(() -> PersistAnchor.of(root, Optional.of(text)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("persist.anchor: ");
        }
    }

    @Test
    void a_root_that_is_the_project_keeps_its_data_inside_R21() {
        assertThat(anchor.folders(Map.of("db", "var/db", "none", "", "blank", "  ", "logs", "./logs//x/")))
                .containsExactly(Map.entry("db", root.resolve("var/db")), Map.entry("logs", root.resolve("logs/x")));
        assertThat(anchor.folder("none", "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..", "../x", "a/../../x", "/etc", ".", "a/..", "a\\b", "a\nb", "link", "link/x", "dangling/x"})
    void a_subpath_that_is_not_below_the_anchor_is_refused_R21_R37(String subpath) throws IOException {
        Files.createSymbolicLink(root.resolve("link"), folder);
        Files.createSymbolicLink(root.resolve("dangling"), folder.resolve("nothing"));
        assertThatThrownBy(() -> anchor.folder("db", subpath))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageStartingWith("persist.db: ");
        assertThatThrownBy(() -> anchor.create(Map.of("db", subpath))).hasMessageStartingWith("persist.db: ");
        assertThat(folder.resolve("x")).doesNotExist();
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    @Test
    void data_where_the_older_operator_put_it_is_not_passed_by_R21() throws IOException {
        Path old = Files.createDirectories(folder.resolve("home/var/db"));
        Map<String, String> subpaths = Map.of("db", "var/db", "other", "x");
        assertThat(anchor.misplaced(subpaths)).as("an empty folder is no data").isEmpty();

        Files.writeString(old.resolve("rows"), "1");
        Path chosen = root.resolve("var/db");
        assertThat(anchor.misplaced(subpaths)).containsExactly(new MisplacedData("db", chosen, old));
        assertThatThrownBy(() -> anchor.create(subpaths))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll(
                        "'db'",
                        chosen.toString(),
                        old.toString(),
                        "move that data",
                        "persist.anchor",
                        "make the empty folder");
        assertThat(root.resolve("x")).doesNotExist();

        Files.writeString(folder.resolve("home/dump"), "a file is data too");
        assertThat(anchor.misplaced(Map.of("db", "dump"))).hasSize(1);

        Files.createDirectories(chosen);
        assertThat(anchor.misplaced(subpaths)).as("somebody decided").isEmpty();
        assertThat(anchor.create(subpaths).paths()).containsExactly(root.resolve("x"));
    }

    @Test
    void data_is_looked_for_at_the_root_of_a_control_folder_and_at_the_standard_place_of_an_override_R21()
            throws IOException {
        Path control = Files.createDirectories(folder.resolve("shop/.angee"));
        Files.createDirectories(control.resolve("db/rows"));
        assertThat(PersistAnchor.of(control, Optional.empty()).misplaced(Map.of("db", "db")))
                .containsExactly(new MisplacedData("db", folder.resolve("shop/db"), control.resolve("db")));
        Files.createDirectories(folder.resolve("shop/db/rows"));
        assertThat(PersistAnchor.of(control, Optional.of("../data")).misplaced(Map.of("db", "db")))
                .containsExactly(new MisplacedData("db", folder.resolve("shop/data/db"), folder.resolve("shop/db")));
    }

    @Test
    void missing_folders_are_made_for_all_to_enter_and_existing_ones_kept_as_they_are() throws IOException {
        Path kept = Files.createDirectory(root.resolve("kept"), mode("rwx------"));
        Files.writeString(kept.resolve("file"), "x");
        MadeFolders made = anchor.create(Map.of("a", "deep/er/a", "b", "deep/b", "k", "kept", "none", ""));
        assertThat(made.paths())
                .containsExactly(
                        root.resolve("deep"),
                        root.resolve("deep/er"),
                        root.resolve("deep/er/a"),
                        root.resolve("deep/b"));
        for (Path each : made.paths()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rwxr-xr-x");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rwx------");
        assertThat(anchor.create(Map.of("a", "deep/er/a")).paths()).isEmpty();

        Files.writeString(root.resolve("deep/b/data"), "x");
        made.undo();
        assertThat(root.resolve("deep/er")).doesNotExist();
        assertThat(root.resolve("deep/b/data")).exists();
        made.undo();
    }

    @Test
    void a_missing_anchor_is_made_also_behind_a_link_of_the_users() throws IOException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Files.createSymbolicLink(folder.resolve("big"), disk);
        PersistAnchor far = PersistAnchor.of(root, Optional.of("../../big/new/anchor"));
        MadeFolders made = far.create(Map.of("db", "x"));
        assertThat(disk.resolve("new/anchor/x")).isDirectory();
        assertThat(made.paths()).hasSize(3);
        made.undo();
        assertThat(disk).isEmptyDirectory();
    }

    @Test
    void a_link_below_the_anchor_is_refused_even_if_it_stays_inside_and_nothing_is_left_R37() throws IOException {
        Files.createDirectory(root.resolve("inside"));
        Files.createSymbolicLink(root.resolve("zlink"), Path.of("inside"));
        assertThatThrownBy(() -> anchor.create(Map.of("a", "made/first", "b", "zlink/b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("persist.b: ")
                .hasMessageContaining("symbolic link");
        assertThat(root.resolve("made")).doesNotExist();
        assertThat(root.resolve("inside")).isEmptyDirectory();
    }

    @Test
    void a_failure_takes_back_what_was_made_before_it() throws IOException {
        Files.writeString(root.resolve("file"), "x");
        assertThatThrownBy(() -> anchor.create(Map.of("a", "one/two", "b", "file/b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("persist.b: ")
                .hasMessageContaining(root.resolve("file").toString());
        assertThat(root.resolve("one")).doesNotExist();
        assertThatThrownBy(() -> anchor.folder("b", "file")).hasMessageContaining("is not a folder");
        assertThat(Files.readString(root.resolve("file"))).isEqualTo("x");
    }

    private static java.nio.file.attribute.FileAttribute<?> mode(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }
}
