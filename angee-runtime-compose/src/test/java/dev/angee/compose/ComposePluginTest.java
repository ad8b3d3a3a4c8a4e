package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which plugin is called in place of the docker program. */
class ComposePluginTest {
    @TempDir
    Path folder;

    @Test
    void the_users_own_comes_before_the_systems_and_those_in_their_order() throws IOException {
        Path second = plugin("second", "rwxr-xr-x");
        assertThat(find()).contains(second);
        Path first = plugin("first", "rwxr-xr-x");
        assertThat(find()).contains(first);
        Path own = plugin("home/.docker/cli-plugins", "rwxr-xr-x");
        assertThat(find()).contains(own);
        Path configured = plugin("config/cli-plugins", "rwxr-xr-x");
        assertThat(ComposePlugin.find(
                        Map.of(
                                "HOME",
                                home(),
                                "DOCKER_CONFIG",
                                folder.resolve("config").toString()),
                        system()))
                .contains(configured);
    }

    @Test
    void there_may_be_none() throws IOException {
        assertThat(find()).isEmpty();
        assertThat(ComposePlugin.find(Map.of(), system())).isEmpty();
        Files.createDirectories(folder.resolve("first/docker-compose"));
        assertThat(find()).as("a folder").isEmpty();
    }

    @Test
    void one_that_cannot_be_executed_is_left_to_the_docker_program() throws IOException {
        plugin("home/.docker/cli-plugins", "rw-r--r--");
        plugin("first", "rwxr-xr-x");
        assertThat(find()).isEmpty();
    }

    @Test
    void more_folders_in_the_configuration_are_left_to_the_docker_program() throws IOException {
        Path first = plugin("first", "rwxr-xr-x");
        Path configuration = folder.resolve("home/.docker/config.json");
        Files.createDirectories(configuration.getParent());
        Files.writeString(configuration, "{}");
        assertThat(find()).contains(first);
        Files.writeString(configuration, "{\"cliPluginsExtraDirs\": [\"/opt/plugins\"]}");
        assertThat(find()).isEmpty();
        Files.write(configuration, new byte[] {(byte) 0xff});
        assertThat(find()).as("not to be read").isEmpty();
    }

    private Path plugin(String where, String permissions) throws IOException {
        Path file = Files.createDirectories(folder.resolve(where)).resolve("docker-compose");
        Files.writeString(file, "#!/bin/sh\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private Optional<Path> find() {
        return ComposePlugin.find(Map.of("HOME", home()), system());
    }

    private String home() {
        return folder.resolve("home").toString();
    }

    private List<Path> system() {
        return List.of(folder.resolve("first"), folder.resolve("second"));
    }
}
