package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM is killed while a key of its lies about. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KilledStageIT {
    @TempDir
    Path folder;

    /** Holds a key until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (GitStage stage =
                    GitStage.empty(GitProgram.find(System.getenv()).found().orElseThrow())) {
                Path key = stage.writeSecret("key", "KEY");
                System.out.println(stage.folder() + "\n" + key);
                System.in.read();
            }
        }
    }

    private static void age(Path path) throws Exception {
        Files.setLastModifiedTime(
                path, FileTime.from(Instant.now().minus(PrivateFolder.FRESH).minusSeconds(60)));
    }

    @Test
    void what_a_killed_jvm_left_goes_when_the_next_one_starts_and_what_a_living_one_has_stays() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = holder.inputReader(StandardCharsets.UTF_8)) {
            Path stage = Path.of(out.readLine());
            Path key = Path.of(out.readLine());
            age(stage);
            age(key.getParent());
            assertThat(new GitSourceControl(System.getenv())).isNotNull();
            assertThat(stage.resolve("config")).exists();
            assertThat(key).hasContent("KEY");
            holder.destroyForcibly().waitFor();
            assertThat(key).hasContent("KEY");
            assertThat(new GitSourceControl(System.getenv())).isNotNull();
            assertThat(stage).doesNotExist();
            assertThat(key.getParent()).doesNotExist();
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void only_folders_like_ours_are_swept() throws Exception {
        Path others = Files.createDirectory(
                folder.resolve("angee-git-open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        RealGit.write(others.resolve("in-use"), "");
        Path kept = RealGit.write(folder.resolve("kept/in-use"), "");
        Files.setPosixFilePermissions(kept.getParent(), PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(folder.resolve("angee-git-link"), kept.getParent());
        Path fresh = Files.createDirectory(folder.resolve("angee-git-fresh"));
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
        RealGit.write(fresh.resolve("in-use"), "");
        Path left = Files.createDirectory(folder.resolve("angee-git-left"));
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rwx------"));
        RealGit.write(left.resolve("in-use"), "");
        age(others);
        age(kept.getParent());
        age(left);
        try (PrivateFolder mine = PrivateFolder.makeIn(folder);
                PrivateFolder second = PrivateFolder.makeIn(folder)) {
            age(second.path());
            mine.sweepBeside(PrivateFolder.FRESH);
            assertThat(second.path()).exists();
        }
        assertThat(left).doesNotExist();
        assertThat(fresh).exists();
        assertThat(others).exists();
        assertThat(kept).exists();
        assertThat(Files.exists(folder.resolve("angee-git-link"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }
}
