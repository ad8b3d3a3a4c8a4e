package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.contract.SecretStoreContract;
import dev.angee.document.InvalidDocumentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileStoreTest extends SecretStoreContract {
    private static final SecretName NAME = new SecretName("db-password");
    private static final SecretValue VALUE = SecretValue.of("canary-x47y");

    @TempDir
    Path folder;

    @Override
    protected SecretStore store() {
        return EnvFileStore.at(file(), folder.resolve("run/secrets.lock"));
    }

    private Path file() {
        return folder.resolve("root/.env");
    }

    private Path existing(String content) throws IOException {
        Files.createDirectories(file().getParent());
        return Files.writeString(file(), content);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void a_secret_is_kept_under_its_variable_beside_what_others_keep() throws IOException {
        existing("# mine\nPORT=8080 # web\n\nOTHER='x'\n");
        store().put(NAME, VALUE);
        assertThat(file())
                .content()
                .isEqualTo("# mine\nPORT=8080 # web\n\nOTHER='x'\nANGEE_SECRET_DB_PASSWORD=\"canary-x47y\"\n");
        assertThat(store().keys()).containsExactly("ANGEE_SECRET_DB_PASSWORD");
        store().delete(NAME);
        assertThat(file()).content().isEqualTo("# mine\nPORT=8080 # web\n\nOTHER='x'\n");
    }

    @Test
    void only_the_owner_may_read_what_is_written_whatever_the_mode_was_R30() throws IOException {
        Files.setPosixFilePermissions(existing("A=1\n"), PosixFilePermissions.fromString("rw-r--r--"));
        store().put(NAME, VALUE);
        assertThat(mode(file())).isEqualTo("rw-------");
    }

    @Test
    void a_mode_that_was_widened_is_set_right_even_if_nothing_else_changes_R30() throws IOException {
        store().put(NAME, VALUE);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-r--"));
        store().get(NAME);
        assertThat(mode(file())).as("reading changes nothing").isEqualTo("rw-rw-r--");
        store().put(NAME, VALUE);
        assertThat(mode(file())).isEqualTo("rw-------");
    }

    @Test
    void what_changes_nothing_writes_nothing_R29() throws IOException {
        store().put(NAME, VALUE);
        FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file(), old);
        store().put(NAME, VALUE);
        store().putIfAbsent(NAME, SecretValue.of("other"));
        store().delete(new SecretName("another"));
        assertThat(Files.getLastModifiedTime(file())).isEqualTo(old);
    }

    @Test
    void reading_and_deleting_make_no_file() {
        store().get(NAME);
        store().keys();
        assertThat(folder).isEmptyDirectory();
        store().delete(NAME);
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_reader_sees_the_old_file_or_the_new_one_as_it_is_replaced_R29() throws IOException {
        existing("A=1\n");
        Path link = Files.createLink(folder.resolve("old"), file());
        store().put(NAME, VALUE);
        assertThat(link).as("the old file, still whole").content().isEqualTo("A=1\n");
        try (Stream<Path> left = Files.list(file().getParent())) {
            assertThat(left).containsExactly(file());
        }
    }

    @Test
    void what_a_killed_writer_left_is_removed_by_the_next_one_R29() throws IOException {
        existing("A=1\n");
        Path left = Files.writeString(file().resolveSibling(".tmp-.env-123"), "ANGEE_SECRET_X=\"old\"\n");
        Path other = Files.writeString(file().resolveSibling(".tmp-.env"), "not ours");
        store().put(NAME, VALUE);
        assertThat(left).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void what_a_killed_writer_leaves_lies_in_a_private_folder_beside_the_lock_and_goes_with_the_next_change_R29()
            throws IOException {
        store().put(NAME, SecretValue.of("first"));
        Path staging = folder.resolve("run/secrets.lock.new");
        assertThat(mode(staging)).isEqualTo("rwx------");
        Path left = Files.writeString(staging.resolve(".tmp-.env-123"), "ANGEE_SECRET_X=\"old\"\n");
        try (DirectoryStream<Path> beside = Files.newDirectoryStream(file().getParent())) {
            assertThat(beside).containsExactly(file());
        }
        store().put(NAME, SecretValue.of("first"));
        assertThat(left).doesNotExist();
    }

    @Test
    void new_bytes_never_lie_beside_the_file() throws IOException {
        existing("A=1\n");
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            file().getParent().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            store().put(NAME, VALUE);
            WatchKey key = watch.poll(10, TimeUnit.SECONDS);
            assertThat(key.pollEvents().stream().map(event -> event.context().toString()))
                    .containsOnly(".env");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_value_that_is_no_text_can_be_replaced() throws IOException {
        Files.write(existing(""), new byte[] {'A', '=', '1', '\n'});
        String key = NAME.variable() + "=";
        byte[] content = (key + "\u00ff\n").getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file(), content);
        assertThatThrownBy(() -> store().get(NAME)).hasMessageContaining("not UTF-8");
        store().put(NAME, VALUE);
        assertThat(store().get(NAME)).contains(VALUE);
    }

    @Test
    void a_link_in_its_place_is_refused_and_what_it_points_at_stays() throws IOException {
        Path target = Files.writeString(folder.resolve("elsewhere"), "A=1\n");
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), target);
        assertThatThrownBy(() -> store().get(NAME)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> store().put(NAME, VALUE))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is a link")
                .hasMessageNotContaining("x47y");
        assertThat(target).content().isEqualTo("A=1\n");
        assertThat(Files.exists(file(), LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void a_file_that_cannot_be_understood_is_left_as_it_is() throws IOException {
        existing("canary-x47y\n");
        assertThatThrownBy(() -> store().put(NAME, VALUE))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining(file() + ":1:1")
                .hasMessageNotContaining("x47y");
        assertThat(file()).content().isEqualTo("canary-x47y\n");
    }
}
