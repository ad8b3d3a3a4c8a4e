package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateEnvFileTest {
    private static final Map<String, SecretValue> VARIABLES =
            Map.of("ANGEE_SECRET_B", SecretValue.of("b$\n"), "ANGEE_SECRET_A", SecretValue.of("a"));

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("run/handover/secrets.env");
    }

    @Test
    void it_holds_exactly_what_was_given_for_its_owner_alone_and_is_gone_when_closed_R7_R30() throws IOException {
        try (PrivateEnvFile given = PrivateEnvFile.write(file(), VARIABLES)) {
            assertThat(given.path()).content().endsWith("\nANGEE_SECRET_A=\"a\"\nANGEE_SECRET_B=\"b\\$\\n\"\n");
            assertThat(EnvFile.parse("f", Files.readAllBytes(file())).values()).containsOnlyKeys(VARIABLES.keySet());
            assertThat(mode(file())).isEqualTo("rw-------");
            assertThat(mode(file().getParent())).isEqualTo("rwx------");
        }
        assertThat(file().getParent()).isEmptyDirectory();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void a_folder_that_others_may_enter_is_closed_to_them_R30() throws IOException {
        Files.createDirectories(file().getParent());
        Files.setPosixFilePermissions(file().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        try (PrivateEnvFile given = PrivateEnvFile.write(file(), VARIABLES)) {
            assertThat(mode(given.path().getParent())).isEqualTo("rwx------");
        }
    }

    @Test
    @SuppressWarnings("try")
    void what_a_killed_process_left_is_replaced_or_discarded() {
        PrivateEnvFile left = PrivateEnvFile.write(file(), VARIABLES);
        try (PrivateEnvFile next = PrivateEnvFile.write(file(), Map.of())) {
            assertThat(next.path()).content().doesNotContain("ANGEE_SECRET").hasLineCount(1);
        }
        PrivateEnvFile.write(file(), VARIABLES);
        PrivateEnvFile.discard(file());
        PrivateEnvFile.discard(file());
        assertThat(file()).doesNotExist();
        left.close();
    }

    @Test
    void the_env_file_of_a_store_is_never_overwritten_or_removed() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "ANGEE_SECRET_A=\"mine\"\n");
        assertThatThrownBy(() -> PrivateEnvFile.write(file(), VARIABLES)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> PrivateEnvFile.discard(file())).isInstanceOf(ConflictException.class);
        assertThat(file()).content().isEqualTo("ANGEE_SECRET_A=\"mine\"\n");
    }

    @Test
    void a_link_is_not_followed() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        assertThatThrownBy(() -> PrivateEnvFile.write(link.resolve("x.env"), VARIABLES))
                .isInstanceOf(ConflictException.class);
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), Files.writeString(elsewhere.resolve("t"), "t"));
        assertThatThrownBy(() -> PrivateEnvFile.write(file(), VARIABLES)).isInstanceOf(ConflictException.class);
        assertThat(elsewhere.resolve("t")).content().isEqualTo("t");
    }

    @Test
    void what_no_variable_can_be_is_refused_without_showing_the_value() {
        assertThatThrownBy(() -> PrivateEnvFile.write(file(), Map.of("A B", SecretValue.of("4711"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("4711");
        assertThatThrownBy(() -> PrivateEnvFile.write(file(), Map.of("A", SecretValue.of("4711\0"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("4711");
        assertThat(file()).doesNotExist();
    }
}
