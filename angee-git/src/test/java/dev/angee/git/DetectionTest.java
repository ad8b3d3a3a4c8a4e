package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.SourceControl;
import dev.angee.source.SourceControlInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionTest {
    @TempDir
    Path folder;

    @Test
    void a_good_git_is_used_and_said_to_be() throws Exception {
        Map<String, String> path = Map.of("PATH", fake("git version 2.45.1"));
        SourceControlInfo info = new DetectedSourceControl(path).describe();
        assertThat(info.name()).startsWith("git 2.45.1 with JGit");
        assertThat(info.reason()).contains(folder.resolve("git").toString());
        assertThat(info.abilities())
                .contains(SourceControlInfo.Ability.RENAMES_IN_MERGES)
                .as("no ssh beside it")
                .doesNotContain(SourceControlInfo.Ability.SSH_KEYS);
        fakeProgram("ssh", "echo");
        assertThat(new DetectedSourceControl(path).describe().abilities())
                .contains(SourceControlInfo.Ability.SSH, SourceControlInfo.Ability.SSH_KEYS);
    }

    @Test
    void without_a_git_it_is_jgit_and_the_git_engine_itself_says_what_to_do() {
        Map<String, String> path = Map.of("PATH", folder.toString());
        SourceControl chosen = new DetectedSourceControl(path);
        assertThat(chosen.describe().name()).startsWith("JGit");
        assertThat(chosen.describe().reason()).contains("no git program on the PATH");
        assertThat(new DetectedSourceControl(Map.of()).describe().name()).startsWith("JGit");
        assertThatThrownBy(() -> new GitSourceControl(path))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("install git 2.38.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"git version 2.37.9", "git version 1.9", "git version", "busybox", ""})
    void a_git_that_is_too_old_or_none_is_not_used_and_the_reason_told(String says) throws Exception {
        SourceControlInfo info = new DetectedSourceControl(Map.of("PATH", fake(says))).describe();
        assertThat(info.name()).startsWith("JGit");
        assertThat(info.reason()).contains(folder.resolve("git").toString());
    }

    @Test
    void a_git_that_fails_hangs_on_input_or_is_no_program_is_not_used() throws Exception {
        fakeProgram("git", "echo git version 2.45.1; exit 1");
        assertThat(chosen()).startsWith("JGit");
        fakeProgram("git", "cat; exit 3");
        assertThat(chosen()).startsWith("JGit");
        Files.write(folder.resolve("git"), new byte[] {0x7f, 'E', 'L', 'F', 0, 0});
        assertThat(chosen()).startsWith("JGit");
    }

    private String chosen() {
        return new DetectedSourceControl(Map.of("PATH", folder.toString()))
                .describe()
                .name();
    }

    @Test
    void a_git_of_the_working_folder_is_never_looked_for() throws Exception {
        fake("git version 2.45.1");
        Path relative = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath());
        for (String path : new String[] {"", ".", ":", relative.toString(), ":" + relative}) {
            assertThat(new DetectedSourceControl(Map.of("PATH", path))
                            .describe()
                            .name())
                    .as(path)
                    .startsWith("JGit");
        }
    }

    @Test
    void of_the_hosts_environment_git_gets_the_way_to_remotes_and_nothing_else() throws Exception {
        fakeProgram("git", "env > '" + folder + "/env'; echo git version 2.45.1");
        Map<String, String> host = Map.of(
                "PATH",
                folder + ":/usr/bin:/bin",
                "GIT_DIR",
                "/evil",
                "GIT_SSH_COMMAND",
                "evil",
                "HOME",
                "/home/ann",
                "https_proxy",
                "http://proxy:3128",
                "LD_PRELOAD",
                "/evil.so",
                "SSH_AUTH_SOCK",
                "/agent",
                "LANG",
                "de_DE");
        assertThat(new DetectedSourceControl(host).describe().name()).startsWith("git 2.45.1");
        assertThat(Files.readAllLines(folder.resolve("env")))
                .contains("https_proxy=http://proxy:3128", "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0")
                .noneMatch(line -> line.contains("evil") || line.contains("/home/ann") || line.contains("/agent"))
                .noneMatch(line -> line.startsWith("LANG=") || line.startsWith("GIT_DIR="));
    }

    @ParameterizedTest
    @CsvSource({
        "git version 2.39.5, 2.39.5",
        "git version 2.38.0.windows.1, 2.38.0",
        "git version 2.50.1 (Apple Git-155), 2.50.1",
        "git version 2.51, 2.51.0",
        "git version 2.46.0-rc1, 2.46.0"
    })
    void versions_are_understood(String printed, String version) {
        assertThat(GitProgram.Version.parse(printed).orElseThrow()).hasToString(version);
    }

    @Test
    void versions_are_compared_by_their_numbers() {
        assertThat(new GitProgram.Version(2, 9, 9)).isLessThan(GitProgram.OLDEST);
        assertThat(new GitProgram.Version(2, 38, 0)).isEqualByComparingTo(GitProgram.OLDEST);
        assertThat(new GitProgram.Version(3, 0, 0)).isGreaterThan(GitProgram.OLDEST);
    }

    private String fake(String says) throws Exception {
        fakeProgram("git", "echo '" + says + "'");
        return folder.toString();
    }

    private void fakeProgram(String name, String script) throws Exception {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
