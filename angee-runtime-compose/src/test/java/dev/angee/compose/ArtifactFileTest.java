package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactFileTest {
    @TempDir
    Path root;

    private ArtifactFile artifact;
    private Path file;

    @BeforeEach
    void open() {
        ComposeProject project = new ComposeProject(new ProjectName("p"), root);
        artifact = new ArtifactFile(project);
        file = project.file();
    }

    @Test
    void the_file_holds_the_text_and_is_for_its_owner_only() throws IOException {
        write("name: ü");
        assertThat(file).hasContent("name: ü");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void the_same_bytes_leave_the_file_untouched_and_others_replace_it_R43() throws IOException {
        write("one");
        Object first = Files.readAttributes(file, "unix:ino").get("ino");
        write("one");
        assertThat(Files.readAttributes(file, "unix:ino")).containsEntry("ino", first);
        write("two");
        assertThat(Files.readAttributes(file, "unix:ino")).doesNotContainEntry("ino", first);
        assertThat(file).hasContent("two");
    }

    @Test
    void an_empty_artifact_removes_the_file_and_twice_is_no_error() throws IOException {
        write("one");
        write("");
        write("");
        assertThat(file).doesNotExist();
    }

    @Test
    void a_link_in_its_place_is_replaced_and_its_target_is_left_alone() throws IOException {
        Path target = Files.writeString(root.resolve("target"), "one");
        Files.createSymbolicLink(file, target);
        write("one");
        assertThat(file).isRegularFile().hasContent("one");
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(target).hasContent("one");
    }

    @Test
    void what_a_dead_writer_left_behind_is_in_nobodys_way() throws IOException {
        Files.createDirectories(root.resolve("run"));
        Files.writeString(root.resolve("run/docker-compose.yaml.new"), "half");
        write("whole");
        assertThat(file).hasContent("whole");
        assertThat(root.resolve("run")).isEmptyDirectory();
    }

    @Test
    void a_retired_file_can_be_read_by_its_owner_beside_the_state_and_is_no_longer_in_force() throws IOException {
        write("one");
        artifact.retire();
        assertThat(file).doesNotExist();
        Path last = root.resolve("run/last");
        assertThat(last.resolve("docker-compose.yaml")).hasContent("one");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(last)))
                .isEqualTo("rwx------");
        artifact.retire();
        assertThat(last.resolve("docker-compose.yaml")).hasContent("one");
        write("two");
        artifact.retire();
        assertThat(last.resolve("docker-compose.yaml")).hasContent("two");
    }

    @Test
    void a_link_is_not_retired_but_removed_and_a_link_in_the_folders_place_is_not_followed() throws IOException {
        Path target = Files.writeString(root.resolve("target"), "one");
        Files.createSymbolicLink(file, target);
        artifact.retire();
        assertThat(file).doesNotExist();
        assertThat(root.resolve("run/last")).doesNotExist();
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.createDirectories(root.resolve("run"));
        Files.createSymbolicLink(root.resolve("run/last"), elsewhere);
        write("two");
        artifact.retire();
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(root.resolve("run/last/docker-compose.yaml")).hasContent("two");
        assertThat(target).hasContent("one");
    }

    @Test
    void a_file_that_cannot_be_written_is_a_failure_that_names_it() throws IOException {
        Files.writeString(root.resolve("run"), "in the way");
        assertThatThrownBy(() -> write("one"))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining(file.toString());
    }

    private void write(String text) {
        artifact.write(new Artifact(ComposeProject.FILE_NAME, text));
    }
}
